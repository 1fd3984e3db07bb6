import { registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

const party = (partyId: string) => ({ partyId, kind: 'person', displayName: `Person ${partyId}`, source: 'crm' });

describe('POST /v1/commands/{Name}', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
    await server.facts(registered('known'));
  });
  afterAll(() => server.remove());

  const register = (partyId: string, headers: Record<string, string> = {}, more: object = {}) =>
    server.post('/v1/commands/RegisterParty', { ...party(partyId), ...more }, headers);

  it('an accepted command answers with its events and echoes its key', async () => {
    const answer = await register('a1', { 'Idempotency-Key': 'key a1' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('idempotency-key')).toBe('key a1');
    expect(answer.body).toEqual({
      events: [
        {
          eventId: expect.any(String),
          type: 'PartyRegistered',
          streamId: 'party-a1',
          revision: 0,
          position: answer.body['position'],
        },
      ],
      position: expect.stringMatching(/^\d+$/),
    });
  });

  it('the same key with the same body gives the same answer, with another body a conflict', async () => {
    const first = await register('a2', { 'Idempotency-Key': 'k2' });
    expect((await register('a2', { 'Idempotency-Key': 'k2' })).body).toEqual(first.body);
    const other = await register('a3', { 'Idempotency-Key': 'k2' });
    expect(other.status).toBe(409);
    expect(other.body).toMatchObject({ code: 'IdempotencyConflict', type: '/problems/IdempotencyConflict' });
  });

  it('without a key a random one is used and told', async () => {
    const answer = await register('a4');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('idempotency-key')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('key, revision and time may stand in the body', async () => {
    const occurredAt = '2026-02-01T08:00:00.000Z';
    const answer = await register('a5', {}, { commandId: 'k5', occurredAt });
    expect(answer.headers.get('idempotency-key')).toBe('k5');
    const { body } = await server.get(`/v1/parties/a5/timeline?minPosition=${String(answer.body['position'])}`);
    expect(body['items']).toMatchObject([{ occurredAt, id: 'k5.000' }]);
    expect((await register('a5', {}, { commandId: 'k5b', expectedVersion: 7 })).status).toBe(412);
  });

  it.each(['7', '"7"'])('If-Match %s that is not the revision is a 412', async (revision) => {
    const answer = await register('a6', { 'If-Match': revision });
    expect(answer.status).toBe(412);
    expect(answer.body).toMatchObject({ code: 'ConcurrencyConflict', details: { expected: 7, actual: null } });
  });

  it.each(['"0', '0"', '9999999999999999'])('If-Match %s is refused as it was sent', async (revision) => {
    const answer = await register('a7', { 'If-Match': revision });
    expect(answer.body).toMatchObject({
      code: 'InvalidRequest',
      errors: [{ path: '/header/if-match', message: expect.stringContaining(JSON.stringify(revision)) }],
    });
  });

  const refusals: ReadonlyArray<[string, string, unknown, Record<string, string>, number, string, string | null]> = [
    ['an unknown command', 'Destroy', {}, {}, 404, 'UnknownCommand', null],
    ['a name of the prototype', 'toString', {}, {}, 404, 'UnknownCommand', null],
    ['no object', 'RegisterParty', 5, {}, 422, 'ValidationFailed', ''],
    ['a wrong type', 'RegisterParty', { ...party('x'), displayName: 5 }, {}, 422, 'ValidationFailed', '/displayName'],
    ['an unknown field', 'RegisterParty', { ...party('x'), age: 5 }, {}, 422, 'ValidationFailed', '/age'],
    ['an empty key', 'RegisterParty', { ...party('x'), commandId: '' }, {}, 400, 'InvalidRequest', '/commandId'],
    [
      'a long key',
      'RegisterParty',
      party('x'),
      { 'Idempotency-Key': 'k'.repeat(129) },
      400,
      'InvalidRequest',
      '/header/idempotency-key',
    ],
    [
      'a key that is no text',
      'RegisterParty',
      { ...party('x'), commandId: 5 },
      {},
      400,
      'InvalidRequest',
      '/commandId',
    ],
    [
      'a revision that is no number',
      'RegisterParty',
      party('x'),
      { 'If-Match': 'W/"a"' },
      400,
      'InvalidRequest',
      '/header/if-match',
    ],
    [
      'a negative revision',
      'RegisterParty',
      { ...party('x'), expectedVersion: -1 },
      {},
      400,
      'InvalidRequest',
      '/expectedVersion',
    ],
    [
      'a day that does not exist',
      'RegisterParty',
      { ...party('x'), occurredAt: '2026-02-30T00:00:00Z' },
      {},
      400,
      'InvalidRequest',
      '/occurredAt',
    ],
    // A decorator for optional fields that lets null through let it into the command: an InternalError, or a 412.
    ['a key of null', 'RegisterParty', { ...party('x'), commandId: null }, {}, 400, 'InvalidRequest', '/commandId'],
    [
      'a revision of null',
      'RegisterParty',
      { ...party('x'), expectedVersion: null },
      {},
      400,
      'InvalidRequest',
      '/expectedVersion',
    ],
    ['a time of null', 'RegisterParty', { ...party('x'), occurredAt: null }, {}, 400, 'InvalidRequest', '/occurredAt'],
    [
      'two different keys',
      'RegisterParty',
      { ...party('x'), commandId: 'a' },
      { 'Idempotency-Key': 'b' },
      400,
      'InvalidRequest',
      '/commandId',
    ],
    [
      'the future',
      'RegisterParty',
      { ...party('x'), occurredAt: '2026-03-10T12:06:00.000Z' },
      {},
      422,
      'OccurredInFuture',
      '/occurredAt',
    ],
    [
      'a party that is there',
      'RegisterParty',
      { ...party('known'), displayName: 'Other' },
      {},
      409,
      'DuplicateParty',
      null,
    ],
    [
      'an unknown party',
      'IdentifyParty',
      {
        partyId: 'nobody',
        identifiers: [{ scheme: 'email', value: 'a@b.org', verified: true, preferred: true, valid: true }],
      },
      {},
      404,
      'PartyNotFound',
      null,
    ],
    ['somebody without the role', 'ReviewPortfolio', {}, { 'Afecto-Actor': 'customer:known' }, 403, 'Forbidden', null],
    [
      'an actor of no kind',
      'RegisterParty',
      party('x'),
      { 'Afecto-Actor': 'robot:r1' },
      400,
      'InvalidRequest',
      '/header/afecto-actor',
    ],
    ['a composed review', 'ReviewPortfolio', { baseSize: 5 }, {}, 422, 'ValidationFailed', '/baseSize'],
    // RFC 6901: a slash or a tilde of a name is escaped, or the pointer points elsewhere.
    ['a name that a pointer escapes', 'ReviewPortfolio', { 'a~/b': 5 }, {}, 422, 'ValidationFailed', '/a~0~1b'],
    ['another such name', 'RegisterParty', { ...party('x'), 'a~/b': 5 }, {}, 422, 'ValidationFailed', '/a~0~1b'],
    [
      'a review of the future',
      'ReviewPortfolio',
      { asOf: '2027-01-01T00:00:00Z' },
      {},
      422,
      'OccurredInFuture',
      '/asOf',
    ],
  ];

  it.each(refusals)('%s is refused', async (_, name, body, headers, status, code, path) => {
    const answer = await server.post(`/v1/commands/${name}`, body, headers);
    expect(answer.body).toMatchObject({ status, code, type: `/problems/${code}` });
    expect(answer.status).toBe(status);
    if (path !== null) expect(answer.body['errors']).toContainEqual(expect.objectContaining({ path }));
  });

  it.each([
    ['malformed JSON', 'application/json', '{', 400],
    ['no body', 'application/json', '', 400],
    ['another media type', 'application/cloudevents+json', '{}', 415],
    ['too much', 'application/json', `"${'x'.repeat(5 * 1024 * 1024)}"`, 413],
  ])('%s is refused at the door', async (_, type, body, status) => {
    const answer = await server.raw('/v1/commands/RegisterParty', {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
    });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, errors: expect.any(Array) });
  });

  it('twenty registrations of one party at once leave one event', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => register('race', { 'Idempotency-Key': `race ${index}` })),
    );
    const events = answers.flatMap(({ body }) => (Array.isArray(body['events']) ? body['events'] : []));
    expect(events).toHaveLength(1);
  });

  it('a portfolio review is composed by the system and its instants only go on', async () => {
    const answer = await server.post('/v1/commands/ReviewPortfolio', { asOf: '2026-03-09T00:00:00Z' });
    expect(answer.body).toMatchObject({ events: [{ type: 'PortfolioReviewed', streamId: 'policy' }] });
    const again = await server.post('/v1/commands/ReviewPortfolio', { asOf: '2026-03-08T00:00:00Z' });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'StaleReview' });
  });
});
