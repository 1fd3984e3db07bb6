/**
 * A contact that a command would refuse is taken in as a fact, because it has happened (`domain.md §15`,
 * RecordInteraction). Nothing said of it that it should not have: who looked at the timeline, or at what a
 * customer had permitted, could not tell it from a contact that was allowed.
 */
import { fact, registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

const contact = (partyId: string, at: string, more: object = {}) =>
  fact(
    'InteractionRecorded',
    {
      interactionId: `${partyId}-${Date.parse(at)}`,
      partyId,
      direction: 'outbound',
      channel: 'email',
      purpose: 'campaign',
      topicCode: 'promo',
      startedAt: at,
      outcome: 'completed',
      ...more,
    },
    { time: at },
  );

const consent = (partyId: string, at: string) =>
  fact(
    'ConsentGranted',
    {
      partyId,
      purpose: 'marketing',
      channel: 'email',
      lawfulBasis: 'consent',
      policyVersion: '1',
      evidenceRef: 'form-1',
    },
    { time: at },
  );

describe('a contact that was not permitted and is told as a fact', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
  });
  afterAll(() => server.remove());

  const flagsOf = async (partyId: string, position: unknown) => {
    const { body } = await server.get(
      `/v1/parties/${partyId}/timeline?type=InteractionRecorded&minPosition=${String(position)}`,
    );
    const items: ReadonlyArray<Record<string, unknown>> = Array.isArray(body['items']) ? body['items'] : [];
    return items.map(({ occurredAt, policyViolation }) => [occurredAt, policyViolation]);
  };

  it('is accepted, and flagged with the reason in the timeline and in the view of consents', async () => {
    const { body } = await server.facts(
      registered('ana'),
      contact('ana', '2026-02-01T10:00:00.000Z'),
      consent('ana', '2026-02-02T10:00:00.000Z'),
      contact('ana', '2026-02-03T10:00:00.000Z', { channel: 'phone', purpose: 'survey' }),
      contact('ana', '2026-02-12T10:00:00.000Z'),
      contact('ana', '2026-02-13T10:00:00.000Z'),
      contact('ana', '2026-02-28T23:00:00.000Z'),
    );
    expect(body).toMatchObject({ accepted: 7, rejected: [] });
    expect(await flagsOf('ana', body['position'])).toEqual([
      ['2026-02-28T23:00:00.000Z', 'quiet_hours'],
      ['2026-02-13T10:00:00.000Z', 'cap'],
      ['2026-02-12T10:00:00.000Z', null],
      ['2026-02-03T10:00:00.000Z', 'no_consent'],
      ['2026-02-01T10:00:00.000Z', 'no_consent'],
    ]);
    const view = await server.get('/v1/parties/ana/consent');
    expect(view.body['policyViolations']).toMatchObject([
      { at: '2026-02-01T10:00:00.000Z', channel: 'email', purpose: 'campaign', reason: 'no_consent' },
      { at: '2026-02-03T10:00:00.000Z', channel: 'phone', purpose: 'survey', reason: 'no_consent' },
      { at: '2026-02-13T10:00:00.000Z', reason: 'cap' },
      { at: '2026-02-28T23:00:00.000Z', reason: 'quiet_hours' },
    ]);
  });

  it('is none when the customer called, when it needs no permission, or when a command recorded it', async () => {
    await server.facts(registered('ben'), consent('ben', '2026-03-01T10:00:00.000Z'));
    const recorded = await server.post('/v1/commands/RecordInteraction', {
      partyId: 'ben',
      direction: 'outbound',
      channel: 'email',
      purpose: 'campaign',
      topicCode: 'promo',
      outcome: 'completed',
    });
    expect(recorded.status).toBe(200);
    const { body } = await server.facts(
      fact(
        'ConsentWithdrawn',
        { partyId: 'ben', purpose: 'marketing', channel: 'email', via: 'web' },
        { time: '2026-03-02T10:00:00.000Z' },
      ),
      contact('ben', '2026-03-04T10:00:00.000Z', { direction: 'inbound' }),
      contact('ben', '2026-03-05T10:00:00.000Z', { purpose: 'service' }),
    );
    expect((await flagsOf('ben', body['position'])).map(([, flag]) => flag)).toEqual([null, null, null]);
  });
});
