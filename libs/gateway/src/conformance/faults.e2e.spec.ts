import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type AppendRequest,
  type EventStore,
  type NewEvent,
  openEventStoreDb,
  type StoredEvent,
} from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { BreakingProxy } from './testing/breaking-proxy';
import { GatewayProcess } from './testing/gateway-process';

const gateway = new GatewayProcess();
const proxy = new BreakingProxy(() => gateway.port);
const stores: EventStore[] = [];

/** Impatient, so that the tests need not wait for the protocol's ten seconds. */
const timings = { appendMs: 700, silenceMs: 700, heartbeatMs: 300, giveUpMs: 15_000, pauseMs: 20 };

const connect = async (url = proxy.url, given: Partial<typeof timings> = {}): Promise<EventStore> => {
  const opened = await openEventStoreDb({ url, timings: { ...timings, ...given } });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  stores.push(opened.right);
  return opened.right;
};

beforeAll(async () => {
  await gateway.start();
  await proxy.listen();
});
afterEach(async () => {
  proxy.refuse(false);
  await Promise.all(stores.splice(0).map((store) => store.close()));
});
afterAll(async () => {
  await proxy.close();
  await gateway.remove();
});

const event = (): NewEvent => ({ id: randomUUID(), type: 'FaultEvent', data: { text: 'x'.repeat(100) }, metadata: {} });
const appendTo = (streamId: string, count = 1): AppendRequest => ({
  streamId,
  expectedRevision: 'any',
  events: Array.from({ length: count }, event),
});

const collect = async (pages: AsyncIterable<ReadonlyArray<StoredEvent>>): Promise<ReadonlyArray<StoredEvent>> => {
  const all: StoredEvent[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};

const idsOf = (events: ReadonlyArray<{ readonly id: string }>): ReadonlyArray<string> => events.map(({ id }) => id);

/** Callers that append one after the other until they are told to stop; what was acknowledged. */
const appending = (store: EventStore, prefix: string, callers: number) => {
  const acknowledged: string[] = [];
  const failures: string[] = [];
  const duplicates: string[] = [];
  let stopped = false;
  const work = Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let n = 0; !stopped; n++) {
        const answer = await store.append(appendTo(`${prefix}/${caller % 3}`, 1 + (n % 3)));
        if (E.isLeft(answer)) failures.push(JSON.stringify(answer.left));
        else {
          acknowledged.push(...idsOf(answer.right.events));
          if (answer.right.duplicate) duplicates.push(answer.right.streamId);
        }
      }
    }),
  );
  return {
    acknowledged,
    /** A slow machine is waited for. */
    reaches: async (count: number) => {
      while (acknowledged.length < count && failures.length === 0) await wait(5);
    },
    stop: async () => {
      stopped = true;
      await work;
      return { failures, duplicates };
    },
  };
};

/** Follows the log; what came, until `enough`. */
const following = (store: EventStore, after: bigint, prefix?: string) => {
  const seen: string[] = [];
  const ended = new AbortController();
  const filter = prefix === undefined ? {} : { streamPrefixes: [prefix] };
  const work = (async () => {
    for await (const message of store.subscribe({ after, ...filter, pageSize: 10, signal: ended.signal }))
      if (message.kind === 'events') seen.push(...idsOf(message.events));
  })();
  return {
    seen,
    reaches: async (count: number) => {
      for (let n = 0; n < 400 && seen.length < count; n++) await wait(25);
      ended.abort();
      await work;
      return seen;
    },
  };
};

const inLog = async (store: EventStore, after: bigint): Promise<ReadonlyArray<string>> =>
  idsOf(await collect(store.readAll({ after })));

describe('a gateway that is killed', () => {
  it.each([1, 2, 3])(
    'and started again keeps every acknowledged event exactly once, in order for its subscribers (round %i)',
    async () => {
      const store = await connect(gateway.url);
      const after = await store.head();
      const prefix = `killed-${randomUUID()}`;
      const subscribers = [following(store, after), following(store, after, prefix)];
      const writers = appending(store, prefix, 8);
      for (let kill = 0; kill < 2; kill++) {
        await wait(250);
        await writers.reaches(20 * (kill + 1));
        await gateway.kill();
        await wait(100);
        await gateway.start();
      }
      await wait(250);
      await writers.reaches(60);
      expect(await writers.stop()).toEqual({ failures: [], duplicates: [] });
      const log = await inLog(store, after);
      expect(new Set(log).size).toBe(log.length);
      expect(log.toSorted()).toEqual(writers.acknowledged.toSorted());
      expect(writers.acknowledged.length).toBeGreaterThan(50);
      for (const subscriber of subscribers) expect(await subscriber.reaches(log.length)).toEqual(log);
    },
  );

  it('and stays away fails an append with words about its outcome, and a repeat resolves it', async () => {
    const store = await connect(gateway.url, { giveUpMs: 600 });
    const request = appendTo(`away-${randomUUID()}`, 2);
    await gateway.kill();
    expect(await store.append(request)).toMatchObject({ left: { code: 'StoreFailed' } });
    await expect(store.head()).rejects.toMatchObject({ name: 'StoreUnreachableError' });
    await gateway.start();
    expect(await store.append(request)).toMatchObject({ right: { duplicate: false } });
    expect(await store.append(request)).toMatchObject({ right: { duplicate: true } });
  });
});

describe('a connection that breaks', () => {
  it.each(['cut', 'freeze'] as const)('(%s) again and again loses and doubles nothing', async (how) => {
    const store = await connect();
    const after = await store.head();
    const prefix = `${how}-${randomUUID()}`;
    const subscribers = [following(store, after), following(store, after, prefix)];
    const writers = appending(store, prefix, 6);
    for (let fault = 0; fault < 3; fault++) {
      await wait(200);
      if (how === 'cut') proxy.cut();
      else proxy.freeze();
      await wait(how === 'cut' ? 100 : 900);
    }
    expect(await writers.stop()).toEqual({ failures: [], duplicates: [] });
    const log = await inLog(store, after);
    expect(new Set(log).size).toBe(log.length);
    expect(log.toSorted()).toEqual(writers.acknowledged.toSorted());
    for (const subscriber of subscribers) expect(await subscriber.reaches(log.length)).toEqual(log);
  });

  it('after the events went in and before the answer came: the outcome is found out, nothing is written twice', async () => {
    const store = await connect();
    const streamId = `unanswered-${randomUUID()}`;
    await store.append(appendTo(streamId));
    proxy.freeze('answers');
    const request = appendTo(streamId, 3);
    expect(await store.append(request)).toMatchObject({
      right: { duplicate: false, events: [{ revision: 1 }, {}, {}] },
    });
    const stream = await collect(store.readStream(streamId));
    expect(idsOf(stream).slice(1)).toEqual(idsOf(request.events));
  });

  it('while it is read goes on behind the last event that came', async () => {
    const store = await connect();
    const after = await store.head();
    const streamId = `read-${randomUUID()}`;
    await store.appendMany(Array.from({ length: 20 }, () => appendTo(streamId, 100)));
    const seen: string[] = [];
    for await (const page of store.readAll({ after, pageSize: 50 })) {
      seen.push(...idsOf(page));
      if (seen.length % 500 === 0) proxy.cut();
    }
    expect(seen).toEqual(idsOf(await collect(store.readStream(streamId))));
    expect(seen.length).toBe(2_000);
  });

  it('in silence is noticed by a subscription that has nothing else to do', async () => {
    const [store, other] = [await connect(), await connect(gateway.url)];
    const after = await store.head();
    const subscriber = following(store, after);
    await wait(300);
    proxy.freeze();
    const written = await other.append(appendTo(`silent-${randomUUID()}`, 3));
    expect(E.isRight(written)).toBe(true);
    expect((await subscriber.reaches(3)).length).toBe(3);
  });
});

describe('two adapters in one process', () => {
  it('are strangers: the end of the server of one does not touch the appends of the other', async () => {
    const second = new GatewayProcess();
    await second.start();
    try {
      const [healthy, doomed] = [await connect(gateway.url), await connect(second.url, { giveUpMs: 500 })];
      const prefix = `strangers-${randomUUID()}`;
      const writers = appending(healthy, prefix, 8);
      const lost = appending(doomed, prefix, 8);
      await wait(200);
      await second.kill();
      const acknowledged = writers.acknowledged.length;
      await wait(300);
      expect(writers.acknowledged.length).toBeGreaterThan(acknowledged + 20);
      expect(await writers.stop()).toEqual({ failures: [], duplicates: [] });
      expect((await lost.stop()).failures.length).toBeGreaterThan(0);
    } finally {
      await second.remove();
    }
  });
});
