import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { startServer, StartFailure } from './index';
import { registered, surveyAnswered } from './testing/arbitrary-facts';
import { type GivenServer, givenServer, settingsIn, temporaryFolder } from './testing/given-server';

describe('the rim', () => {
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer();
  });
  afterAll(() => server.remove());

  it('lives and is ready', async () => {
    expect((await server.get('/health/live')).body).toEqual({ status: 'live' });
    expect(await server.get('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ready', position: expect.any(String), projectionFailure: null },
    });
  });

  it('tells Prometheus what flows, what lags and what was rejected', async () => {
    const { body } = await server.facts(registered('m1'), surveyAnswered('m1', 99, { type: 'Nothing' }));
    await server.get(`/v1/parties/m1?minPosition=${String(body['position'])}`);
    // The fact, and what was told of it, which goes into the log a moment later.
    let response = await fetch(`${server.url}/metrics`);
    let text = await response.text();
    while (!text.includes('afecto_events_projected_total 2')) {
      response = await fetch(`${server.url}/metrics`);
      text = await response.text();
    }
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    for (const line of [
      'afecto_facts_total{result="accepted"} 1',
      'afecto_facts_total{result="rejected"} 1',
      'afecto_facts_rejected_total{code="ValidationFailed"} 1',
      'afecto_events_appended_total 2',
      'afecto_events_projected_total 2',
      'afecto_projection_lag_events 0',
      'afecto_projection_lag_seconds 0',
      'afecto_quarantined_facts 1',
      'afecto_queue_items{queue="Q1",state="open"} 0',
    ])
      expect(text).toContain(line);
    expect(text).toMatch(
      /afecto_http_request_duration_seconds_count\{method="GET",route="\/v1\/parties\/:partyId",status="200"\} 1/,
    );
  });

  it('documents every route, fact, command and error', async () => {
    const { body } = await server.get('/openapi.json');
    const paths = Object.keys(body['paths'] as object);
    expect(paths).toEqual(
      expect.arrayContaining([
        '/v1/events',
        '/v1/events/stream',
        '/v1/quarantine/{quarantineId}/retry',
        '/v1/commands/RegisterParty',
        '/v1/parties/{partyId}/loyalty/history',
        '/v1/queues/{activity}/claims',
        '/v1/work-items/{itemId}/complete',
        '/metrics',
      ]),
    );
    const { schemas } = body['components'] as { schemas: Record<string, { properties?: object }> };
    expect(schemas['OrderPlacedData']?.properties).toHaveProperty('totalNetMinor');
    expect(schemas['RegisterPartyCommand']?.properties).toHaveProperty('displayName');
    expect(JSON.stringify(schemas['Problem'])).toContain('IdempotencyConflict');
    const used = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
    expect(used.filter((name) => !(name in schemas))).toEqual([]);
    const docs = await fetch(`${server.url}/docs`);
    expect(docs.status).toBe(200);
    expect(await docs.text()).toContain('Afecto API');
    expect((await fetch(`${server.url}/docs/swagger-ui.css`)).status).toBe(200);
  });

  it.each([
    ['GET', '/nowhere', 404, 'NotFound'],
    ['GET', '/v1', 404, 'NotFound'],
    ['POST', '/v1/nowhere', 404, 'NotFound'],
    // The router takes no slash too many, so there is nothing that another method would find there.
    ['GET', '/v1/parties/', 404, 'NotFound'],
    ['GET', '/v1/parties/p1/', 404, 'NotFound'],
    ['GET', '/v1/queues/', 404, 'NotFound'],
    ['POST', '/v1/events/', 404, 'NotFound'],
    // The route `/docs/*` takes GET: it was "GET is not allowed here; allowed: GET, HEAD".
    ['GET', '/docs/nowhere.js', 404, 'NotFound'],
    ['PUT', '/docs/nowhere.js', 405, 'MethodNotAllowed'],
    ['DELETE', '/v1/parties/x', 405, 'MethodNotAllowed'],
    ['PUT', '/v1/events', 405, 'MethodNotAllowed'],
    ['GET', '/v1/commands/RegisterParty', 405, 'MethodNotAllowed'],
    ['PATCH', '/health/live', 405, 'MethodNotAllowed'],
  ])('%s %s is a %i', async (method, path, status, code) => {
    const answer = await server.raw(path, { method });
    expect(answer.body).toMatchObject({ status, code, errors: [] });
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });

  it('what is no HTTP gets a problem and the service goes on', async () => {
    const { port } = new URL(server.url);
    const answer = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('HELLO\r\n\r\n'));
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
    expect((await server.get('/health/live')).status).toBe(200);
  });
});

describe('API keys', () => {
  const KEY = 'front-office-key-1';
  const SYSTEM_KEY = 'system-office-key-1';
  let server: GivenServer;
  beforeAll(async () => {
    server = await givenServer({
      apiKeys: [
        { key: KEY, actorId: 'desk1', roles: ['front_office'] },
        { key: SYSTEM_KEY, actorId: 'scheduler', roles: ['system'] },
      ],
    });
  });
  afterAll(() => server.remove());

  it.each([
    ['no key', {}],
    ['an unknown key', { Authorization: 'Bearer front-office-key-2' }],
    ['half a key', { 'X-Api-Key': KEY.slice(0, -1) }],
    ['another scheme', { Authorization: `Basic ${KEY}` }],
  ])('%s is a 401', async (_, headers) => {
    const answer = await server.get('/v1/parties', headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(answer.body).toMatchObject({ code: 'Unauthenticated' });
    expect((await server.post('/v1/events', {}, headers)).status).toBe(401);
    expect((await server.get('/metrics', headers)).status).toBe(401);
  });

  it.each([{ Authorization: `Bearer ${KEY}` }, { authorization: `bearer ${KEY}` }, { 'X-Api-Key': KEY }])(
    'a key is taken as %j',
    async (headers) => expect((await server.get('/v1/parties', headers)).status).toBe(200),
  );

  it('health and documentation need no key', async () => {
    for (const path of ['/health/live', '/health/ready', '/openapi.json'])
      expect((await server.get(path)).status).toBe(200);
  });

  it('the key says who acts, and with which roles', async () => {
    const headers = { 'X-Api-Key': KEY };
    const done = await server.post(
      '/v1/commands/RegisterParty',
      { partyId: 'k1', kind: 'person', displayName: 'K', source: 'crm' },
      headers,
    );
    const { body } = await server.get(`/v1/parties/k1/timeline?minPosition=${String(done.body['position'])}`, headers);
    expect(body['items']).toMatchObject([{ actor: { kind: 'agent', id: 'desk1' } }]);
    expect((await server.post('/v1/commands/ReviewPortfolio', {}, headers)).body).toMatchObject({ code: 'Forbidden' });
  });

  it('only a key for it acts as the system', async () => {
    const actor = { 'Afecto-Actor': 'system:nightly' };
    const refused = await server.post('/v1/commands/ReviewPortfolio', {}, { 'X-Api-Key': KEY, ...actor });
    expect(refused.body).toMatchObject({ status: 403, code: 'Forbidden' });
    const done = await server.post('/v1/commands/ReviewPortfolio', {}, { 'X-Api-Key': SYSTEM_KEY, ...actor });
    expect(done.status).toBe(200);
  });
});

describe('starting', () => {
  const folders: string[] = [];
  const newFolder = (): string => {
    const folder = temporaryFolder();
    folders.push(folder);
    return folder;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it.each(['0.0.0.0', '::', '192.0.2.1', 'example.org'])('without keys %s is refused', async (host) => {
    const started = startServer({ ...settingsIn(newFolder()), host });
    await expect(started).rejects.toThrow(StartFailure);
    await expect(started).rejects.toThrow(/AFECTO_API_KEYS/);
  });

  it('a port in use is refused by name, and the files are free again', async () => {
    const first = await givenServer();
    const folder = newFolder();
    const port = Number(new URL(first.url).port);
    await expect(startServer({ ...settingsIn(folder), port })).rejects.toThrow(`AFECTO_PORT is ${port}`);
    const second = await givenServer({}, folder);
    await second.remove();
    await first.remove();
  });

  it('closing twice is closing once', async () => {
    const { url, close } = await startServer(settingsIn(newFolder()));
    await Promise.all([close(), close()]);
    await close();
    await expect(fetch(`${url}/health/live`)).rejects.toThrow();
  });
});
