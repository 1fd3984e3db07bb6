import { registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer, NOW } from '../testing/given-server';

describe('the provenance of a profile', () => {
  let server: GivenServer;
  let recorded = NOW - 60_000;
  beforeAll(async () => {
    server = await givenServer({ now: () => recorded });
    await server.facts(
      registered('ana', { time: '2026-01-01T00:00:00Z' }),
      surveyAnswered('ana', 8, { time: '2026-02-01T00:00:00Z' }),
    );
    recorded = NOW;
    const { body } = await server.facts(surveyAnswered('ana', 0, { time: '2026-02-10T00:00:00Z' }));
    await server.get(`/v1/parties/ana?minPosition=${String(body['position'])}`);
  });
  afterAll(() => server.remove());

  it('of one field is its history, what it rests on, and the rule', async () => {
    const { status, body } = await server.get('/v1/parties/ana/provenance?field=/zone');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      partyId: 'ana',
      field: '/loyalty/zone',
      value: 'defection',
      rule: { section: '§7.4', configurationVersion: 0 },
      restsOn: {
        complete: true,
        events: [
          { event: { type: 'SurveyAnswered', occurredAt: '2026-02-10T00:00:00.000Z' }, without: expect.any(String) },
        ],
      },
      asOf: '2026-03-10T12:00:00.000Z',
      position: expect.stringMatching(/^\d+$/),
    });
    const history = Array.isArray(body['history']) ? body['history'] : [];
    expect(history.at(-1)).toMatchObject({
      value: 'defection',
      since: '2026-02-10T00:00:00.000Z',
      because: [{ kind: 'event', event: { type: 'SurveyAnswered', recordedAt: '2026-03-10T12:00:00.000Z' } }],
    });
  });

  it('of all fields is the value that the profile has, and the last change of each', async () => {
    const { body } = await server.get('/v1/parties/ana/provenance');
    const { body: profile } = await server.get('/v1/parties/ana');
    const fields: ReadonlyArray<Record<string, unknown>> = Array.isArray(body['fields']) ? body['fields'] : [];
    const valueOf = (pointer: string): unknown => fields.find(({ field }) => field === pointer)?.['value'];
    expect(fields.length).toBeGreaterThan(60);
    expect(valueOf('/loyalty')).toBeUndefined();
    expect(valueOf('/identity/displayName')).toBe('Person ana');
    expect(profile).toMatchObject({ loyalty: { zone: valueOf('/loyalty/zone'), score: valueOf('/loyalty/score') } });
  });

  it('as of then, and as it was known then, says what was so', async () => {
    const then = await server.get('/v1/parties/ana/provenance?field=zone&asOf=2026-02-05T00:00:00Z');
    expect(then.body['value']).not.toBe('defection');
    const unknown = await server.get('/v1/parties/ana/provenance?field=zone&knownAt=2026-03-10T11:59:30Z');
    expect(unknown.body['value']).not.toBe('defection');
    expect((await server.get('/v1/parties/ana/provenance?asOf=2025-12-31T00:00:00Z')).status).toBe(404);
    expect((await server.get('/v1/parties/nobody/provenance?field=zone')).body).toMatchObject({
      code: 'PartyNotFound',
    });
  });

  it.each([
    ['colour', /there is no field "colour"; there are \/partyId, /],
    ['since', /may be \/lifecycle\/since, \/loyalty\/since/],
    ['/openItems/99', /the profile has no \/openItems\/99 now/],
  ])('of a field that there is none of (%s) is refused, and the fields there are are named', async (name, message) => {
    const { status, body } = await server.get(`/v1/parties/ana/provenance?field=${encodeURIComponent(name)}`);
    expect({ status, body }).toMatchObject({
      status: 400,
      body: { code: 'InvalidRequest', errors: [{ path: '/query/field', message: expect.stringMatching(message) }] },
    });
  });

  it('is in the OpenAPI document, with its parameters', async () => {
    const { body } = await server.get('/openapi.json');
    const paths = JSON.stringify(body['paths']);
    expect(paths).toContain('"/v1/parties/{partyId}/provenance"');
    expect(body).toMatchObject({
      paths: {
        '/v1/parties/{partyId}/provenance': {
          get: {
            operationId: 'getProvenance',
            parameters: expect.arrayContaining(
              ['partyId', 'field', 'asOf', 'knownAt', 'minPosition'].map((name) => expect.objectContaining({ name })),
            ),
          },
        },
      },
    });
  });
});
