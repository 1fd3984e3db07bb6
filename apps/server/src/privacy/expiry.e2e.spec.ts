import { setTimeout as pause } from 'node:timers/promises';
import { defaultConfiguration } from '@afecto/domain';
import { registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW } from '../testing/given-server';

const DAY_MS = 86_400_000;
const WORDS = 'The parcel stood in the rain for hours';

describe('the server', () => {
  let server: GivenServer;
  /** A test moves it to another day. */
  let now = NOW;
  beforeAll(async () => {
    server = await givenServer({ now: () => now });
  });
  afterAll(() => server.remove());

  const verbatim = async (minPosition = '0'): Promise<unknown> => {
    const { body } = await server.get(`/v1/parties/ana/timeline?type=SurveyAnswered&minPosition=${minPosition}`);
    const [item]: ReadonlyArray<unknown> = Array.isArray(body['items']) ? body['items'] : [];
    return Object(Object(item)['data'])['verbatim'];
  };
  const becomes = async (ask: () => Promise<unknown>, wanted: unknown): Promise<void> => {
    for (;;) {
      if (JSON.stringify(await ask()) === JSON.stringify(wanted)) return;
      await pause(20);
    }
  };

  it('erases what has expired at the day boundary after it, free text first', async () => {
    const answered = surveyAnswered('ana', 9);
    const config = {
      ...defaultConfiguration,
      version: 1,
      privacy: { legalHolds: [], retention: { contentDays: 20, identityDays: 22 } },
    };
    const activated = await server.post(
      '/v1/commands/ActivateConfiguration',
      { version: 1, effectiveFrom: new Date(NOW).toISOString(), config },
      { 'Idempotency-Key': 'retention' },
    );
    expect(activated.status).toBe(200);
    const said = { ...answered, data: { ...Object(answered['data']), verbatim: WORDS } };
    const { position } = (await server.facts(registered('ana'), said)).body;
    const end = Date.parse(String(answered['time'])) + 20 * DAY_MS;
    expect(await verbatim(String(position))).toBe(WORDS);
    now = Math.ceil(end / DAY_MS) * DAY_MS;
    await becomes(verbatim, { erased: true });
    const name = async (): Promise<unknown> =>
      Object((await server.get('/v1/parties/ana')).body['identity'])['displayName'];
    expect(await name()).toBe('Person ana');
    now += 2 * DAY_MS;
    await becomes(name, null);
  });
});
