import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { registered } from '../testing/arbitrary-facts';
import { type GivenServer, givenServer } from '../testing/given-server';
import { limitsFor, type Limits } from './limits';

const plenty = limitsFor(1_024 ** 3);
const ONE = { requests: 1, facts: 2_500, bytes: 8 * 1_024 ** 2 };
const STRUCTURED = 'application/cloudevents+json';
const MIB = 1_024 ** 2;

let server: GivenServer;
const given = async (limits: Partial<Limits>, waitMs = 300): Promise<void> => {
  server = await givenServer({ limits: { ...plenty, ...limits }, waitMs });
};
afterEach(() => server.remove());

interface Caller {
  readonly socket: Socket;
  /** Everything received so far, once it contains `part`; rejects when the connection ends without it. */
  readonly received: (part: string) => Promise<string>;
}

/** A connection on which the test writes byte by byte. */
const caller = async (...lines: ReadonlyArray<string>): Promise<Caller> => {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  if (lines.length > 0) socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const received = async (part: string): Promise<string> => {
    while (!text.includes(part)) {
      if (socket.closed) throw new Error(`the connection ended after ${JSON.stringify(text)}`);
      await Promise.race([once(socket, 'data'), once(socket, 'close')]);
    }
    return text;
  };
  return { socket, received };
};

const posting = (...headers: ReadonlyArray<string>): Promise<Caller> =>
  caller('POST /v1/events HTTP/1.1', 'Host: x', `Content-Type: ${STRUCTURED}`, ...headers);

const bodyOf = (partyId: string): string => JSON.stringify(registered(partyId));
const send = (partyId: string) =>
  server.raw('/v1/events', { method: 'POST', headers: { 'Content-Type': STRUCTURED }, body: bodyOf(partyId) });

const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();
const until = async (line: string): Promise<void> => {
  while (!(await metrics()).includes(`${line}\n`));
};

/** A call whose body has come in part: it holds a place until the rest comes or the caller goes. */
const halfSent = async (partyId: string) => {
  const body = bodyOf(partyId);
  const { socket, received } = await posting(`Content-Length: ${body.length}`);
  socket.write(body.slice(0, 10));
  await until('afecto_under_way_requests{of="facts"} 1');
  return { socket, received, finish: () => socket.write(body.slice(10)) };
};

describe('the front door', () => {
  it('refuses with 429, Retry-After and a problem when it is full, without the body, and lets in again what has been refused', async () => {
    await given({ facts: ONE });
    const first = await halfSent('p1');
    const second = await posting('Content-Length: 300');
    const refused = await second.received('}');
    second.socket.destroy();
    expect(refused).toMatch(/^HTTP\/1\.1 429 /);
    expect(refused).toMatch(/\r\nretry-after: [1-9]\d?\r\n/i);
    expect(refused).toMatch(/\r\ncontent-type: application\/problem\+json/i);
    expect(refused).toContain('"code":"TooManyRequests"');

    const answer = await send('p2');
    expect(answer.status).toBe(429);
    expect(answer.body).toMatchObject({ type: '/problems/TooManyRequests', title: 'Too many requests', errors: [] });
    expect(await metrics()).toContain('afecto_refused_requests_total{of="facts"} 2\n');

    first.finish();
    expect(await first.received('"accepted":1')).toMatch(/^HTTP\/1\.1 200 /);
    await until('afecto_under_way_requests{of="facts"} 0');
    expect((await send('p2')).body).toMatchObject({ accepted: 1, duplicates: 0 });
    first.socket.destroy();
  });

  it('a connection that comes back at once is refused once a second, and let in at once when there is room', async () => {
    await given({ facts: ONE });
    const first = await halfSent('p1');
    const body = bodyOf('p2');
    const call = [
      'POST /v1/events HTTP/1.1',
      'Host: x',
      `Content-Type: ${STRUCTURED}`,
      `Content-Length: ${body.length}`,
    ];
    const { socket, received } = await caller(...call);
    socket.write(body);
    await received('TooManyRequests","errors":[]}');
    const asked = performance.now();
    socket.write(`${call.join('\r\n')}\r\n\r\n${body}`);
    const twice = /(TooManyRequests","errors":\[\]}[^]*){2}/;
    while (!twice.test(await received('429'))) await once(socket, 'data');
    expect(performance.now() - asked).toBeGreaterThan(500);
    first.finish();
    await until('afecto_under_way_requests{of="facts"} 0');
    const back = performance.now();
    socket.write(`${call.join('\r\n')}\r\n\r\n${body}`);
    await received('"accepted":1');
    expect(performance.now() - back).toBeLessThan(900);
    socket.destroy();
    first.socket.destroy();
  });

  it('commands, questions, health and metrics go on while no more facts are taken, and facts while no more commands are', async () => {
    await given({ facts: ONE, commands: { ...ONE, facts: 0 } });
    const first = await halfSent('p1');
    const party = { partyId: 'p2', kind: 'person', displayName: 'P', source: 'crm' };
    expect((await server.post('/v1/commands/RegisterParty', party)).status).toBe(200);
    for (const path of ['/v1/parties', '/v1/events', '/health/live', '/health/ready'])
      expect((await server.get(path)).status).toBe(200);
    first.finish();
    await first.received('"accepted":1');
    first.socket.destroy();

    // Whatever has a body is counted, also where there is nothing.
    const { socket } = await caller('POST /nowhere HTTP/1.1', 'Host: x', 'Content-Type: a/b', 'Content-Length: 5');
    await until('afecto_under_way_requests{of="commands"} 1');
    expect((await server.post('/v1/queues/all/claims', { agentId: 'a' })).status).toBe(429);
    expect((await send('p3')).status).toBe(200);
    socket.destroy();
  });

  it('a caller that leaves before its body has come gives its place back', async () => {
    await given({ facts: ONE });
    (await halfSent('p1')).socket.destroy();
    await until('afecto_under_way_requests{of="facts"} 0');
    expect((await send('p2')).status).toBe(200);
  });

  /**
   * A response that waits behind another one of its connection gets no event of its own when the
   * connection breaks: only the connection knows.
   */
  it('a connection that breaks with several requests under way gives all their places back', async () => {
    await given({});
    const lines = ['GET /v1/parties?minPosition=99 HTTP/1.1', 'Host: x', '', ''];
    const { socket } = await caller([...lines, ...lines, ...lines].join('\r\n').trim());
    await until('afecto_under_way_requests{of="reads"} 3');
    socket.destroy();
    await until('afecto_under_way_requests{of="reads"} 0');
    await until('afecto_under_way_requests{of="waits"} 0');
  });

  it('a body announced too large is refused before it is sent', async () => {
    await given({});
    const { received, socket } = await posting(`Content-Length: ${10 * MIB}`);
    expect(await received('TooLarge')).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('a caller that asks first is told to go on only when there is room', async () => {
    await given({ facts: ONE });
    const first = await halfSent('p1');
    const body = bodyOf('p2');
    const asking = ['Expect: 100-continue', `Content-Length: ${body.length}`];
    const refused = await (await posting(...asking)).received('}');
    expect(refused).toMatch(/^HTTP\/1\.1 429 /);
    expect(refused).toMatch(/\r\nconnection: close\r\n/i);
    first.finish();
    await until('afecto_under_way_requests{of="facts"} 0');

    const { socket, received } = await posting(...asking);
    expect(await received('\r\n\r\n')).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body);
    expect(await received('"accepted":1')).toContain('HTTP/1.1 200 ');
    socket.destroy();
    first.socket.destroy();
  });

  it('a body of unknown length takes room as it comes, and is refused when there is none left', async () => {
    await given({ commands: { requests: 9, facts: 0, bytes: 4 * MIB } });
    const chunk = 'x'.repeat(MIB / 2);
    const chunked = async () => {
      const { socket, received } = await caller(
        'POST /v1/commands/RegisterParty HTTP/1.1',
        'Host: x',
        'Content-Type: application/json',
        'Transfer-Encoding: chunked',
      );
      return { socket, received, more: () => socket.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`) };
    };
    const first = await chunked();
    await until(`afecto_under_way_bytes{of="commands"} ${MIB / 16}`);
    for (let sent = 0; sent < 5; sent += 1) first.more();
    await until(`afecto_under_way_bytes{of="commands"} ${4 * MIB}`);
    const second = await server.post('/v1/commands/RegisterParty', {});
    expect(second.status).toBe(429);
    first.socket.destroy();
    await until('afecto_under_way_bytes{of="commands"} 0');

    const party = JSON.stringify({ partyId: 'p9', kind: 'person', displayName: 'P', source: 'crm' });
    const third = await chunked();
    third.socket.write(`${party.length.toString(16)}\r\n${party}\r\n0\r\n\r\n`);
    expect(await third.received('"position"')).toContain('HTTP/1.1 200 ');
    third.socket.destroy();
  });

  it('a body of unknown length counts as all the facts that fit into what has come', async () => {
    await given({});
    const { socket } = await posting('Transfer-Encoding: chunked');
    await until(`afecto_under_way_facts{of="facts"} ${Math.ceil(MIB / 16 / 96)}`);
    socket.write(`${MIB.toString(16)}\r\n${'x'.repeat(MIB)}\r\n`);
    await until('afecto_under_way_facts{of="facts"} 2500');
    socket.destroy();
    await until('afecto_under_way_facts{of="facts"} 0');
  });

  it('an answer that has not left yet holds its bytes, and keeps further questions out', async () => {
    await given({ reads: { requests: 9, facts: 0, bytes: 1_000 } }, 60_000);
    const lines = (path: string) => [`GET ${path} HTTP/1.1`, 'Host: x', '', ''];
    // The second answer waits behind the first, which waits for its position.
    const both = [...lines('/v1/parties?minPosition=99'), ...lines('/openapi.json')];
    const { socket } = await caller(both.join('\r\n').trim());
    while (!/afecto_under_way_bytes{of="reads"} [1-9]\d{4}/.test(await metrics()));
    expect((await server.get('/v1/queues')).status).toBe(429);
    socket.destroy();
    await until('afecto_under_way_bytes{of="reads"} 0');
    expect((await server.get('/v1/queues')).status).toBe(200);
  });

  it('headers or a body that come too slowly are cut, and their place is free again', async () => {
    await given({ facts: ONE, headersMs: 300, requestMs: 600 });
    const silent = await caller();
    const headless = await caller();
    headless.socket.write('POST /v1/events HTTP/1.1\r\nHost:');
    const { received } = await halfSent('p1');
    expect(await received('408')).toMatch(/^HTTP\/1\.1 408 /);
    for (const { socket } of [silent, headless]) if (!socket.closed) await once(socket, 'close');
    // The caller keeps its half of the connection open and says nothing more.
    await until('afecto_under_way_requests{of="facts"} 0');
    expect((await send('p2')).status).toBe(200);
  });

  it('only so many questions wait for their position; others are answered', async () => {
    await given({ waits: 1 });
    const waiting = server.get('/v1/parties?minPosition=99');
    await until('afecto_under_way_requests{of="waits"} 1');
    const refused = await server.get('/v1/queues?minPosition=99');
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await server.get('/v1/parties')).status).toBe(200);
    expect((await waiting).status).toBe(503);
    expect(await metrics()).toContain('afecto_under_way_requests{of="waits"} 0\n');
  });

  it('only so many event streams are open, and one that ends leaves its place', async () => {
    await given({ streams: 1 });
    const abort = new AbortController();
    const open = await fetch(`${server.url}/v1/events/stream`, { signal: abort.signal });
    expect(open.status).toBe(200);
    expect(await metrics()).toContain('afecto_under_way_requests{of="reads"} 0\n');
    const refused = await server.get('/v1/events/stream');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ code: 'TooManyRequests' });
    abort.abort();
    await until('afecto_under_way_requests{of="streams"} 0');
    const again = await fetch(`${server.url}/v1/events/stream`);
    expect(again.status).toBe(200);
    await again.body?.cancel();
  });

  it('connections beyond the bound are closed at once, and those that only sit there make room', async () => {
    await given({ connections: 2 });
    const get = ['GET /health/live HTTP/1.1', 'Host: x'];
    const sitting = await Promise.all([caller(...get), caller(...get)]);
    for (const { received } of sitting) await received('"live"');
    const beyond = await caller(...get);
    if (!beyond.socket.closed) await once(beyond.socket, 'close');
    for (const { socket } of sitting) if (!socket.closed) await once(socket, 'close');
    const next = await caller(...get);
    expect(await next.received('"live"')).toMatch(/^HTTP\/1\.1 200 /);
    next.socket.destroy();
  });
});
