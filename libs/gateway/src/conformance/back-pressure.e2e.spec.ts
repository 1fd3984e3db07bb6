import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type EventStore, openEventStoreDb } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { GatewayProcess } from './testing/gateway-process';

const EVENTS = 24_000;
const KIBIBYTE = 'x'.repeat(1_024);

const gateway = new GatewayProcess();
let store: EventStore;

/** 24 000 events of 1 KiB: many times what a held-back reader may keep. */
beforeAll(async () => {
  await gateway.start();
  const opened = await openEventStoreDb({ url: gateway.url });
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
    const before = process.memoryUsage();
    for await (const page of read()) {
      expect(page).toBeDefined();
      await wait(400);
      break;
    }
    const after = process.memoryUsage();
    const grown = after.heapUsed + after.external - before.heapUsed - before.external;
    // All events are above 24 MiB; half of it would be no back-pressure.
    expect(grown).toBeLessThan(12 * 1_048_576);
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
