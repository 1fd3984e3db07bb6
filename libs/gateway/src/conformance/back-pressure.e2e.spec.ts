import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type EventStore, openEventStoreDb } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { BreakingProxy } from './testing/breaking-proxy';
import { GatewayProcess } from './testing/gateway-process';

const EVENTS = 6_000;
const KIBIBYTE = 'x'.repeat(1_024);

const gateway = new GatewayProcess();
const proxy = new BreakingProxy(() => gateway.port);
let store: EventStore;

/** 6 000 events of 1 KiB: many times what a held-back reader may be sent. */
beforeAll(async () => {
  await gateway.start();
  await proxy.listen();
  const opened = await openEventStoreDb({ url: proxy.url });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  store = opened.right;
  for (let n = 0; n < EVENTS; n += 400) {
    const events = Array.from({ length: 400 }, () => ({
      id: randomUUID(),
      type: 'Large',
      data: KIBIBYTE,
      metadata: {},
    }));
    const answer = await store.append({ streamId: `large-${n % 1_600}`, expectedRevision: 'any', events });
    if (E.isLeft(answer)) throw new Error(answer.left.code);
  }
});
afterAll(async () => {
  await store.close();
  await proxy.close();
  await gateway.remove();
});

const READERS: ReadonlyArray<readonly [string, () => AsyncIterable<unknown>]> = [
  ['a read of the log', () => store.readAll({ pageSize: 10 })],
  ['a read of the log backwards', () => store.readAll({ pageSize: 10, direction: 'backwards' })],
  ['a filtered read', () => store.readAll({ pageSize: 10, types: ['Large'] })],
  ['a subscription', () => store.subscribe({ pageSize: 10 })],
  ['a filtered subscription', () => store.subscribe({ pageSize: 10, streamPrefixes: ['large-'] })],
];

describe('a consumer that does not ask for more', () => {
  it.each(READERS)('keeps the server from sending the rest: %s', async (_, read) => {
    const before = proxy.answered;
    for await (const page of read()) {
      expect(page).toBeDefined();
      await wait(400);
      break;
    }
    const sent = proxy.answered - before;
    expect(sent).toBeGreaterThan(10 * 1_024);
    expect(sent).toBeLessThan(1_048_576);
  });

  it('has everything to come when it asks at last', async () => {
    let seen = 0;
    for await (const page of store.readAll({ pageSize: 1_000 })) {
      if (seen === 0) await wait(300);
      seen += page.length;
    }
    expect(seen).toBe(EVENTS);
  });
});
