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
const upTo = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, n) => n + 1);
const summary = (message: SubscriptionMessage | undefined): unknown =>
  message === undefined
    ? undefined
    : message.kind === 'events'
      ? positionsOf(message.events)
      : `caught up ${message.position}`;

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

  it('starts strictly after a position', async () => {
    await append(5);
    const events = await takeUntil(store.subscribe({ after: 3n }), (_, { kind }) => kind === 'caughtUp');
    expect(positionsOf(events)).toEqual([4, 5]);
  });

  it('has no gap and no double at the seam while sixteen callers append', async () => {
    const subscribers = upTo(4).map((pageSize) =>
      takeUntil(store.subscribe({ pageSize: pageSize * 7 }), (events) => events.length >= 1_600),
    );
    await Promise.all(
      upTo(16).map(async () => {
        for (let n = 0; n < 100; n++) expectRight(await store.append(appendTo('order-1')));
      }),
    );
    for (const events of await Promise.all(subscribers)) expect(positionsOf(events)).toEqual(upTo(1_600));
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

  it('holds a slow consumer back and skips nothing', async () => {
    await append(1);
    const seen: number[] = [];
    for await (const message of store.subscribe({ pageSize: 50 })) {
      if (message.kind === 'caughtUp') continue;
      seen.push(...positionsOf(message.events));
      expect(message.events.length).toBeLessThanOrEqual(50);
      if (seen.length === 1) await append(500);
      await wait(1);
      if (seen.length === 501) break;
    }
    expect(seen).toEqual(upTo(501));
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

  it('ends normally when the store closes', async () => {
    const ended = takeUntil(store.subscribe(), () => false);
    await append(1);
    await wait(5);
    await store.close();
    expect(positionsOf(await ended)).toEqual([1]);
  });

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
