import { setTimeout as wait } from 'node:timers/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { EventStore, SubscriptionMessage } from '../port';
import {
  appendTo,
  arbitraryEvent,
  expectRight,
  openStore,
  positionsOf,
  takeUntil,
  temporaryFolder,
} from '../testing/given-store';

const folder = temporaryFolder();
let store: EventStore;
let file: string;
beforeEach(() => {
  file = join(folder.path, `${randomUUID()}.db`);
  store = openStore(file);
});
afterEach(() => store.close());
afterAll(folder.remove);

const append = async (count: number, type = 'OrderPlaced'): Promise<void> => {
  for (const answer of await store.appendMany(
    Array.from({ length: count }, () => appendTo('order-1', [arbitraryEvent({ type })])),
  ))
    expectRight(answer);
};
const summary = (message: SubscriptionMessage | undefined): unknown =>
  message === undefined
    ? undefined
    : message.kind === 'events'
      ? positionsOf(message.events)
      : `caught up ${message.position}`;

// What every store promises is proved by the conformance suite; here is each message as this store sends it.
describe('a subscription', () => {
  it('catches up in pages, says so, and goes on live', async () => {
    await append(5);
    const seen: unknown[] = [];
    for await (const message of store.subscribe({ pageSize: 2 })) {
      seen.push(summary(message));
      if (seen.length === 4) void append(3);
      if (seen.length === 7) break;
    }
    expect(seen).toEqual([[1, 2], [3, 4], [5], 'caught up 5', [6, 7], [8], 'caught up 8']);
  });

  it('says at once that an empty log is caught up', async () => {
    const messages = store.subscribe()[Symbol.asyncIterator]();
    expect(summary((await messages.next()).value ?? undefined)).toBe('caught up 0');
  });

  it('with a filter delivers the matches, and its checkpoint moves over the rest', async () => {
    await append(3, 'Other');
    const seen: unknown[] = [];
    for await (const message of store.subscribe({ types: ['Wanted'] })) {
      seen.push(summary(message));
      if (seen.length === 1) void append(1, 'Wanted');
      if (seen.length === 3) void append(2, 'Other');
      if (seen.length === 4) break;
    }
    expect(seen).toEqual(['caught up 3', [4], 'caught up 4', 'caught up 6']);
  });

  it.each(['before it starts', 'while it waits', 'in the middle of the catch-up'])(
    'ends normally when aborted %s',
    async (moment) => {
      await append(10);
      const abort = new AbortController();
      if (moment === 'before it starts') abort.abort();
      let messages = 0;
      for await (const message of store.subscribe({ pageSize: 2, signal: abort.signal })) {
        messages += 1;
        if (moment === 'in the middle of the catch-up') abort.abort();
        if (message.kind === 'caughtUp') setTimeout(() => abort.abort(), 5);
      }
      expect(messages).toBe({ 'before it starts': 0, 'while it waits': 6, 'in the middle of the catch-up': 1 }[moment]);
    },
  );

  it('of a store that another opener writes finds new events by looking', async () => {
    await append(2);
    const reader = openStore(file, { readOnly: true });
    const events = takeUntil(reader.subscribe(), (seen) => seen.length >= 4);
    await wait(20);
    await append(2);
    expect(positionsOf(await events)).toEqual([1, 2, 3, 4]);
    await reader.close();
  });
});
