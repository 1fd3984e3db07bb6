import { complaintReceived, fact, registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type Answered, type GivenServer, givenServer } from '../testing/given-server';

const LAG_AT_MOST_MS = 5_000;

const listOf = ({ body }: Answered, field: string): ReadonlyArray<unknown> => {
  const list = body[field];
  return Array.isArray(list) ? list : [];
};

describe('what is projected', () => {
  let server: GivenServer;
  beforeEach(async () => {
    server = await givenServer();
  });
  afterEach(() => server.remove());

  // coverage: 38
  it('nineteen of twenty facts are in the profile within 5 s of being sent', async () => {
    const took: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const sentAt = performance.now();
      const { body } = await server.facts(registered(`p${index}`));
      const profile = await server.get(`/v1/parties/p${index}?minPosition=${String(body['position'])}`);
      expect(profile.status).toBe(200);
      took.push(performance.now() - sentAt);
    }
    expect(took.toSorted((one, other) => one - other)[18]).toBeLessThanOrEqual(LAG_AT_MOST_MS);
  });

  // coverage: 3
  it('every event about a party is once on its timeline, those about several on each', async () => {
    const { body } = await server.facts(
      registered('ana'),
      registered('bea'),
      surveyAnswered('ana', 9),
      complaintReceived('bea', 'c1'),
      fact('ServiceFailureDetected', {
        failureId: 'f1',
        partyIds: ['ana', 'bea'],
        kind: 'outage',
        severity: 2,
        detectedBy: 'us',
      }),
      fact('ReferralMade', { referralId: 'r1', referrerId: 'ana', referredId: 'bea', channel: 'web' }),
    );
    const position = String(body['position']);
    for (const [partyId, count] of [
      ['ana', 4],
      ['bea', 4],
    ] as const) {
      const events = await server.get(`/v1/events?subject=${partyId}&derived=false`);
      const timeline = await server.get(`/v1/parties/${partyId}/timeline?minPosition=${position}`);
      expect(listOf(timeline, 'items')).toHaveLength(count);
      expect(listOf(events, 'events')).toHaveLength(count);
    }
  });
});
