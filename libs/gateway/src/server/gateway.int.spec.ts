import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as secureRequest } from 'node:https';
import { connect as connectTcp, createServer } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import {
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import { ProjectionsClient } from '@eventstore/db-client/generated/projections_grpc_pb';
import { StatisticsReq } from '@eventstore/db-client/generated/projections_pb';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { Empty } from '@eventstore/db-client/generated/shared_pb';
import type { EncodedLog } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { httpAnswers } from './http-answers';
import { startGateway } from './start-gateway';
import { eventstoreClient } from './testing/eventstore-client';
import { AUTHORITY_FILE, TEST_TLS, givenGateway, givenStore } from './testing/given-gateway';
import { collected, failure, type OfficialClient } from './testing/official-client';

const event = (): { readonly type: string; readonly id: string; readonly data: Record<string, unknown> } => ({
  type: 'OrderNoted',
  id: randomUUID(),
  data: { note: 'fragile' },
});

const secureUrl = (port: number): string =>
  `esdb://localhost:${port}?tls=true&tlsCAFile=${encodeURIComponent(AUTHORITY_FILE)}`;

const withClient = async <A>(url: string, use: (client: OfficialClient) => Promise<A>): Promise<A> => {
  const client = eventstoreClient(url);
  try {
    return await use(client);
  } finally {
    await client.dispose();
  }
};

describe('one port', () => {
  it.each([
    ['/health/live', 204],
    ['/health/live?liveCode=200', 200],
    ['/ping', 200],
    ['/info', 200],
    ['/streams/parcel-1', 404],
  ])('GET %s over HTTP/1.1 answers %d beside gRPC', async (path, status) => {
    const gateway = await givenGateway();
    const answer = await fetch(`http://127.0.0.1:${gateway.port}${path}`);
    await answer.arrayBuffer();
    expect(answer.status).toBe(status);
    await withClient(gateway.url, (client) => client.append('parcel-1', [event()]));
    await gateway.stop();
  });

  it('info names the version that the features name', async () => {
    const gateway = await givenGateway();
    const answer: unknown = await (await fetch(`http://127.0.0.1:${gateway.port}/info`)).json();
    expect(answer).toMatchObject({ esVersion: '24.10.0', state: 'leader' });
    await gateway.stop();
  });

  it('anything but GET is refused over HTTP/1.1', async () => {
    const gateway = await givenGateway();
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/ping`, { method: 'POST', body: 'x' });
    await answer.arrayBuffer();
    expect(answer.status).toBe(405);
    await gateway.stop();
  });

  it('a connection that comes in single bytes is understood, one that breaks harms nobody', async () => {
    const gateway = await givenGateway();
    const broken = connectTcp(gateway.port, '127.0.0.1');
    await once(broken, 'connect');
    broken.write('PRI');
    broken.resetAndDestroy();
    const slow = connectTcp(gateway.port, '127.0.0.1');
    for (const byte of 'GET /ping HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n') {
      slow.write(byte);
      await after(1);
    }
    const [answer]: unknown[] = await once(slow, 'data');
    expect(String(answer)).toContain('200 OK');
    slow.destroy();
    await gateway.stop();
  });

  it('a request over HTTP/1.1 that never ends is not waited for', async () => {
    const answers = httpAnswers({ isSecure: false, hasUsers: false }, 100);
    const listener = createServer((socket) => answers.emit('connection', socket)).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const half = connectTcp(port, '127.0.0.1');
    half.on('error', () => undefined);
    half.resume().write('GET /ping HTTP/1.1\r\nhost:');
    await once(half, 'close');
    const whole = connectTcp(port, '127.0.0.1');
    whole.write('GET /ping HTTP/1.1\r\nhost: a\r\n\r\n');
    const [answer]: unknown[] = await once(whole, 'data');
    expect(String(answer)).toContain('200 OK');
    whole.destroy();
    listener.close();
  });

  it('a taken port is an error that names it', async () => {
    const gateway = await givenGateway();
    const { store, remove } = givenStore();
    const second = await startGateway({
      store,
      host: '127.0.0.1',
      port: gateway.port,
      clock: Date.now,
    });
    expect(second).toMatchObject(E.left({ code: 'PortTaken' }));
    await remove();
    await gateway.stop();
  });

  it('a service that is not served answers UNIMPLEMENTED', async () => {
    const gateway = await givenGateway();
    const projections = new ProjectionsClient(`127.0.0.1:${gateway.port}`, credentials.createInsecure());
    const call = projections.statistics(new StatisticsReq());
    call.on('data', () => undefined);
    const [error]: unknown[] = await once(call, 'error').catch((failed: unknown) => [failed]);
    expect(error).toMatchObject({ code: 12 });
    projections.close();
    await gateway.stop();
  });
});

// With a clock that stands in the future every append came too late, and with one in the past none did.
it('deadlines are measured by the real time, whatever clock the log records by', async () => {
  const gateway = await givenGateway({ clock: () => Date.UTC(2100, 0, 1) });
  await withClient(gateway.url, async (client) => {
    expect((await client.append('parcel-1', [event()])).success).toBe(true);
    const credentials = { username: 'somebody', password: 'something' };
    expect((await client.append('parcel-1', [event()], { credentials })).success).toBe(true);
  });
  await gateway.stop();
});

describe('discovery', () => {
  it('a client that discovers finds this one node', async () => {
    const gateway = await givenGateway();
    const url = `esdb+discover://127.0.0.1:${gateway.port}?tls=false`;
    const { success } = await withClient(url, (client) => client.append('parcel-1', [event()]));
    expect(success).toBe(true);
    await gateway.stop();
  });

  it('behind a wildcard address gossip names the address that the client has used', async () => {
    const gateway = await givenGateway({ host: '0.0.0.0' });
    const url = `esdb+discover://localhost:${gateway.port}?tls=false`;
    expect((await withClient(url, (client) => client.append('parcel-1', [event()]))).success).toBe(true);
    await gateway.stop();
  });

  it('an advertised address wins', async () => {
    const target = await givenGateway();
    const gateway = await givenGateway({ advertised: { host: '127.0.0.1', port: target.port } });
    const url = `esdb+discover://127.0.0.1:${gateway.port}?tls=false`;
    await withClient(url, (client) => client.append('parcel-1', [event()]));
    expect(await withClient(target.url, (client) => collected(client.readStream('parcel-1')))).toHaveLength(1);
    await gateway.stop();
    await target.stop();
  });
});

describe('TLS', () => {
  it('gRPC and HTTP/1.1 share the port, told apart by the handshake', async () => {
    const gateway = await givenGateway({ tls: TEST_TLS });
    const { success } = await withClient(secureUrl(gateway.port), (client) => client.append('parcel-1', [event()]));
    expect(success).toBe(true);
    const status = await new Promise((resolve, reject) => {
      const asked = secureRequest(
        { host: 'localhost', port: gateway.port, path: '/health/live', rejectUnauthorized: false, agent: false },
        (answer) => resolve(answer.resume().statusCode),
      );
      asked.on('error', reject).end();
    });
    expect(status).toBe(204);
    await gateway.stop();
  });

  it('a certificate that is none is an error', async () => {
    const { store, remove } = givenStore();
    const gateway = await startGateway({
      store,
      host: '127.0.0.1',
      port: 0,
      clock: Date.now,
      tls: { certificate: 'no PEM', key: 'no PEM' },
    });
    expect(gateway).toMatchObject(E.left({ code: 'BadCertificate' }));
    await remove();
  });
});

const readEverything = (): ReadReq =>
  new ReadReq().setOptions(
    new ReadReq.Options()
      .setAll(new ReadReq.Options.AllOptions().setStart(new Empty()))
      .setNoFilter(new Empty())
      .setCount(Number.MAX_SAFE_INTEGER.toString())
      .setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty())),
  );

/**
 * The test once measured the memory of its process, which has the garbage of the client and of every
 * file before it: on another machine it had grown by 75 MB, and nothing said of what. What has been
 * taken out of the log is the fact itself.
 */
describe('a slow reader', () => {
  it('holds the reading back: of 120 MB of events a few hundred leave the log until more is asked for', async () => {
    const { store, remove } = givenStore();
    const data = { filler: 'x'.repeat(4_000) };
    for (let batch = 0; batch < 30; batch += 1) {
      const events = Array.from({ length: 1_000 }, () => ({ ...event(), data, metadata: {} }));
      await store.append({ streamId: `parcel-${batch}`, expectedRevision: 'any', events });
    }
    let taken = 0;
    const metered: EncodedLog = {
      ...store.encoded,
      page: (query) => {
        const page = store.encoded.page(query);
        taken += page.events.length;
        return page;
      },
    };
    const gateway = await startGateway({ store: { encoded: metered }, host: '127.0.0.1', port: 0, clock: Date.now });
    if (E.isLeft(gateway)) throw new Error(gateway.left.message);
    const client = new StreamsClient(`127.0.0.1:${gateway.right.port}`, credentials.createInsecure());
    const call = client.read(readEverything());
    let seen = 0;
    call.on('data', () => {
      seen += 1;
      if (seen === 1) call.pause();
    });
    await after(1_500);
    expect(seen).toBe(1);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThan(1_000);
    call.resume();
    await once(call, 'end');
    expect([seen, taken]).toEqual([30_000, 30_000]);
    client.close();
    await gateway.right.close();
    await remove();
  });
});

describe('persistent subscriptions', () => {
  it('are served beside streams, and their consumers hear of the closing as unavailable', async () => {
    const gateway = await givenGateway();
    const client = EventStoreDBClient.connectionString(gateway.url);
    await client.createPersistentSubscriptionToStream(
      'parcel-1',
      'labels',
      persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: 'start' }),
    );
    const consumer = client.subscribeToPersistentSubscriptionToStream('parcel-1', 'labels');
    const delivered = once(consumer, 'data');
    await client.appendToStream('parcel-1', jsonEvent(event()));
    const [first]: unknown[] = await delivered;
    expect(first).toMatchObject({ event: { streamId: 'parcel-1', revision: 0n } });
    const ended = new Promise((resolve) => consumer.once('error', resolve));
    await gateway.close();
    expect(await ended).toMatchObject({ type: 'unavailable' });
    await client.dispose();
    await gateway.stop();
  });
});

describe('closing', () => {
  it('is quick with idle and with subscribed clients, and may be asked twice', async () => {
    const gateway = await givenGateway();
    const client = eventstoreClient(gateway.url);
    await client.append('parcel-1', [event()]);
    const subscription = client.subscribeToAll();
    const ended = failure(collected(subscription));
    const started = Date.now();
    await Promise.all([gateway.close(), gateway.close()]);
    expect(Date.now() - started).toBeLessThan(2_000);
    expect(await ended).toMatchObject({ type: 'unavailable' });
    await client.dispose();
    await gateway.stop();
  });

  it('cuts HTTP/1.1 connections that are kept alive', async () => {
    const gateway = await givenGateway();
    const idle = connectTcp(gateway.port, '127.0.0.1');
    idle.write('GET /ping HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(idle, 'data');
    const gone = once(idle, 'close');
    await gateway.close();
    await gone;
    await gateway.stop();
  });

  it('of the store under it answers reads with unavailable and appends with an error', async () => {
    const gateway = await givenGateway();
    const client = eventstoreClient(gateway.url);
    await client.append('parcel-1', [event()]);
    await gateway.store.close();
    expect(await failure(collected(client.readStream('parcel-1')))).toMatchObject({ type: 'unavailable' });
    expect(await failure(collected(client.readAll()))).toMatchObject({ type: 'unavailable' });
    expect(await failure(client.append('parcel-1', [event()]))).toMatchObject({ type: 'unknown' });
    const call = { credentials: { username: 'admin', password: 'changeit' } };
    expect(await failure(client.append('parcel-1', [event()], call))).toMatchObject({ type: 'unavailable' });
    await client.dispose();
    await gateway.stop();
  });

  it('answers the appends under way', async () => {
    const gateway = await givenGateway();
    const client = eventstoreClient(gateway.url);
    await client.append('parcel-1', [event()]);
    const underWay = Array.from({ length: 50 }, () => client.append('parcel-1', [event()]));
    const first = await Promise.race(underWay);
    expect(first.success).toBe(true);
    const settled = Promise.allSettled(underWay);
    await gateway.close();
    for (const outcome of await settled)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ type: 'unavailable' });
    await client.dispose();
    await gateway.stop();
  });
});
