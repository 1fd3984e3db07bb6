import { gzipSync } from 'node:zlib';
import { fact, registered, surveyAnswered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';

const STRUCTURED = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';

describe('POST /v1/events', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
  });
  afterAll(() => server.remove());

  const send = (contentType: string, body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) =>
    server.raw('/v1/events', { method: 'POST', headers: { 'Content-Type': contentType, ...headers }, body });
  /** Of the facts in the log, the newest: notifications come after them in their own time. */
  const newest = async (): Promise<unknown> => {
    const { events } = (await server.get('/v1/events?limit=1000')).body;
    return Array.isArray(events) ? events.at(-1) : null;
  };

  it('a structured event is accepted, and sent again it is a duplicate', async () => {
    const event = JSON.stringify(registered('s1'));
    const first = await send(`${STRUCTURED}; charset=UTF-8`, event);
    expect(first.status).toBe(200);
    expect(first.body).toEqual({ accepted: 1, duplicates: 0, rejected: [], position: expect.stringMatching(/^\d+$/) });
    expect((await send(STRUCTURED, event)).body).toEqual({
      accepted: 0,
      duplicates: 1,
      rejected: [],
      position: first.body['position'],
    });
  });

  it('a batch may be empty', async () => {
    expect((await server.facts()).body).toMatchObject({ accepted: 0, duplicates: 0, rejected: [] });
  });

  it('binary mode takes attributes from percent-encoded and quoted headers', async () => {
    const answer = await send(
      'application/json',
      JSON.stringify({ partyId: 'b1', instrument: 'nps', score: 9, scaleMin: 0, scaleMax: 10 }),
      {
        'ce-specversion': '1.0',
        'ce-id': '"caf%C3%A9 %E2%82%AC 1"',
        'ce-source': 'crm',
        'ce-type': 'SurveyAnswered',
        'ce-time': '2026-03-01T10:00:00Z',
        'ce-subject': 'b1',
        'ce-channel': 'web',
      },
    );
    expect(answer.body).toMatchObject({ accepted: 1, rejected: [] });
    const { body } = await server.get(`/v1/parties/b1/timeline?minPosition=${String(answer.body['position'])}`);
    expect(body['items']).toMatchObject([{ id: 'café € 1', channel: 'web', type: 'SurveyAnswered' }]);
  });

  it.each([
    ['ce-__proto__', 'x', '/__proto__'],
    ['ce-note', 'a%00b', '/note'],
    ['ce-note', 'a%C2%85b', '/note'],
  ])('binary mode refuses %s: %s by its name', async (header, value, path) => {
    const headers = {
      'ce-specversion': '1.0',
      'ce-id': encodeURIComponent(header + value),
      'ce-source': 'crm',
      'ce-type': 'SurveyAnswered',
      'ce-time': '2026-03-01T10:00:00Z',
      [header]: value,
    };
    const data = JSON.stringify({ partyId: 'b1', instrument: 'nps', score: 9, scaleMin: 0, scaleMax: 10 });
    expect((await send('application/json', data, headers)).body).toMatchObject({
      accepted: 0,
      rejected: [{ code: 'ValidationFailed', errors: [{ path }] }],
    });
  });

  it('no mode takes control characters in an attribute', async () => {
    const { body } = await server.facts(registered('b2', { note: 'a\u0007b' }));
    expect(body).toMatchObject({
      rejected: [{ errors: [{ path: '/note', message: expect.stringContaining('got "a') }] }],
    });
  });

  it('a rejected fact does not stop its neighbours and waits in quarantine with its reason', async () => {
    const wrong = surveyAnswered('n1', 11, { time: 'yesterday' });
    const answer = await server.facts(registered('n1'), wrong, surveyAnswered('n1', 9));
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      accepted: 2,
      duplicates: 0,
      rejected: [
        { index: 1, id: wrong['id'], code: 'ValidationFailed', errors: [{ path: '/time' }, { path: '/data/score' }] },
      ],
    });
    const [{ quarantineId }] = answer.body['rejected'] as [{ quarantineId: string }];
    const kept = await server.get(`/v1/quarantine/${quarantineId}`);
    expect(kept.body).toMatchObject({ quarantineId, code: 'ValidationFailed', event: wrong });
    const list = await server.get('/v1/quarantine?limit=1000');
    expect(list.body['items']).toContainEqual(expect.objectContaining({ quarantineId }));
  });

  it('a fact of the future leaves the quarantine when the clock has come nearer', async () => {
    let now = Date.parse('2026-03-10T12:00:00Z');
    const clocked = await givenServer({ now: () => now });
    try {
      const early = registered('f1', { time: '2026-03-10T12:05:00.001Z' });
      const answer = await clocked.facts(early, registered('f2', { time: '2026-03-10T12:05:00.000Z' }));
      expect(answer.body).toMatchObject({ accepted: 1, rejected: [{ index: 0, code: 'OccurredInFuture' }] });
      const [{ quarantineId }] = answer.body['rejected'] as [{ quarantineId: string }];
      const again = await clocked.post(`/v1/quarantine/${quarantineId}/retry`, {});
      expect(again.body).toMatchObject({ accepted: 0, rejected: [{ code: 'OccurredInFuture' }] });
      now += 60_000;
      expect((await clocked.post(`/v1/quarantine/${quarantineId}/retry`, {})).body).toMatchObject({ accepted: 1 });
      expect((await clocked.get(`/v1/quarantine/${quarantineId}`)).status).toBe(404);
    } finally {
      await clocked.remove();
    }
  });

  it('the same id with another body is a conflict and the first one stays', async () => {
    const first = registered('c1');
    const { position } = (await server.facts(first)).body;
    const answer = await server.facts({ ...first, data: { ...(first['data'] as object), displayName: 'Other' } });
    expect(answer.body).toMatchObject({ accepted: 0, rejected: [{ code: 'IdempotencyConflict', id: first['id'] }] });
    const { body } = await server.get(`/v1/parties/c1?minPosition=${String(position)}`);
    expect(body).toMatchObject({ identity: { displayName: 'Person c1' } });
  });

  it.each(['ñ/%2F?#&', '😀', "'; DROP TABLE events; --", '../../etc/passwd', '__proto__', 'a'.repeat(256)])(
    'the id %j identifies its fact like any other',
    async (id) => {
      const event = registered('odd', { id, source: 'odd' });
      expect((await server.facts(event)).body).toMatchObject({ accepted: 1 });
      expect((await server.facts(event)).body).toMatchObject({ duplicates: 1 });
    },
  );

  const big = (bytes: number) => registered('big', { subject: 'big', data: { text: 'x'.repeat(bytes) } });
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

  const malformed: ReadonlyArray<[string, string, string | Buffer<ArrayBuffer>, number, string]> = [
    ['no JSON', STRUCTURED, '{"id":', 400, 'MalformedJson'],
    ['an empty body', STRUCTURED, '', 400, 'MalformedJson'],
    ['bytes that are not UTF-8', STRUCTURED, Buffer.from([0x22, 0xff, 0xfe, 0x22]), 400, 'MalformedJson'],
    ['an object as a batch', BATCH, '{}', 400, 'MalformedJson'],
    ['an array as one event', STRUCTURED, '[]', 400, 'MalformedJson'],
    ['JSON nested without end', BATCH, nested(100_000), 400, 'MalformedJson'],
    ['an event nested without end', STRUCTURED, `{"data":${nested(20_000)}}`, 400, 'MalformedJson'],
    ['plain text', 'text/plain', 'hello', 415, 'UnsupportedMediaType'],
    ['JSON of no kind', 'application/json', '{}', 415, 'UnsupportedMediaType'],
    ['a form', 'application/x-www-form-urlencoded', 'a=b', 415, 'UnsupportedMediaType'],
    ['another character set', `${STRUCTURED}; charset=latin1`, '{}', 415, 'UnsupportedMediaType'],
    ['no media type at all', '', '{}', 415, 'UnsupportedMediaType'],
    ['an event above 64 KiB', STRUCTURED, JSON.stringify(big(65_536)), 413, 'TooLarge'],
    ['a batch with one event above 64 KiB', BATCH, JSON.stringify([{}, big(65_536)]), 413, 'TooLarge'],
    ['2 501 events', BATCH, JSON.stringify(Array.from({ length: 2_501 }, () => ({}))), 413, 'TooLarge'],
    ['5 MiB', BATCH, JSON.stringify([{ text: 'x'.repeat(5 * 1024 * 1024) }]), 413, 'TooLarge'],
    ['12 MiB that are not even JSON', STRUCTURED, 'x'.repeat(12 * 1024 * 1024), 413, 'TooLarge'],
  ];

  it.each(malformed)(
    '%s is refused, nothing of it is taken, and the service goes on',
    async (_, type, body, status, code) => {
      const before = await newest();
      const answer = await send(type, body);
      expect(answer.status).toBe(status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      expect(answer.body).toMatchObject({ type: `/problems/${code}`, status, code, title: expect.any(String) });
      expect(answer.body['detail']).not.toMatch(/node_modules|\.ts|at Object/);
      expect(await newest()).toEqual(before);
      expect((await server.facts(registered('alive'))).status).toBe(200);
    },
  );

  // Its bytes were looked at as JSON: "the body is not UTF-8" said nothing of what was wrong.
  it.each([
    ['/v1/events', STRUCTURED],
    ['/v1/events', BATCH],
    ['/v1/commands/RegisterParty', 'application/json'],
    ['/v1/queues/all/claims', 'application/json'],
  ])('a compressed body is refused as such: %s, %s', async (path, type) => {
    const headers = { 'Content-Type': type, 'Content-Encoding': 'gzip' };
    const answer = await server.raw(path, { method: 'POST', headers, body: gzipSync('{}') });
    expect(answer.body).toMatchObject({
      status: 415,
      code: 'UnsupportedMediaType',
      errors: [{ path: '/header/content-encoding', message: expect.stringContaining('got "gzip"') }],
    });
    expect(answer.headers.get('accept-encoding')).toBe('identity');
    const plain = await server.raw(path, { method: 'POST', headers: { ...headers, 'Content-Encoding': 'identity' } });
    expect(plain.status).not.toBe(415);
  });

  it('what is JSON but no fact at all is rejected one by one', async () => {
    const answer = await server.facts(null, 5, 'text', [], {}, { __proto__: {}, id: 'x' });
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ accepted: 0 });
    expect(answer.body['rejected']).toHaveLength(6);
  });

  it('2 500 events near 4 MiB are taken in one call', async () => {
    const facts = Array.from({ length: 2_500 }, (_, index) =>
      fact('PreferenceRecorded', {
        partyId: `one-of-many-${index % 50}`,
        preferenceId: `p${index}`,
        kind: 'need',
        key: 'k',
        value: 'v'.repeat(1_300),
        origin: 'stated',
        horizon: 'current',
      }),
    );
    expect((await server.facts(...facts)).body).toMatchObject({ accepted: 2_500, rejected: [] });
  });

  it('an unknown quarantined fact is a 404, and the list can be paged', async () => {
    expect((await server.get('/v1/quarantine/nothing')).body).toMatchObject({ code: 'QuarantinedFactNotFound' });
    expect((await server.post('/v1/quarantine/nothing/retry', {})).status).toBe(404);
    const ids: unknown[] = [];
    let next: unknown = null;
    do {
      const path = `/v1/quarantine?limit=2${next === null ? '' : `&after=${String(next)}`}`;
      const { body } = await server.get(path);
      ids.push(...(body['items'] as { quarantineId: string }[]).map(({ quarantineId }) => quarantineId));
      next = body['next'];
    } while (next !== null);
    expect(new Set(ids).size).toBe(ids.length);
    expect((await server.get('/v1/quarantine')).body['count']).toBe(ids.length);
  });
});
