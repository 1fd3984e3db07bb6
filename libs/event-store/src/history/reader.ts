import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { LogFilter, ReadOperation } from './call';
import type { ObservedStore } from './observe';
import type { Random } from './random';
import { EVENT_TYPES, type Shared } from './workload';

export const someFilter = (random: Random): LogFilter => {
  const kind = random.below(4);
  if (kind === 0) return {};
  const types = [random.of(EVENT_TYPES), random.of(EVENT_TYPES)];
  if (kind === 1) return { types };
  const streamPrefixes = [random.of(['even-', 'odd-'])];
  return kind === 2 ? { streamPrefixes } : { types, streamPrefixes };
};

const someRead = (random: Random, shared: Shared, head: number): ReadOperation => {
  const direction = random.of(['forwards', 'backwards'] as const);
  const limit = random.chance(0.4) ? 1 + random.below(20) : null;
  if (random.chance(0.5)) {
    const from = random.chance(0.3) ? random.below(10) : null;
    return { kind: 'read', of: { streamId: random.of(shared.streams) }, direction, from, limit };
  }
  // Mostly from near the end, where things happen.
  const near = random.chance(0.7) ? Math.max(1, head - random.below(60)) : 1 + random.below(head + 1);
  const from = direction === 'forwards' || random.chance(0.3) ? near : null;
  return {
    kind: 'read',
    of: { filter: someFilter(random) },
    direction,
    from,
    limit: from === null ? (limit ?? 60) : limit,
  };
};

/** Some id that was asked for at some time; it may be in the log or not. */
const someId = (random: Random, { asked }: Shared): string | undefined =>
  asked.length === 0 ? undefined : random.of(asked).events[0]?.id;

const step = async (store: ObservedStore, random: Random, shared: Shared, head: number): Promise<number> => {
  const kind = random.below(6);
  if (kind === 0) return Number(await store.head());
  const id = someId(random, shared);
  if (kind === 1 && id !== undefined) await store.findById(id);
  else await store.read(someRead(random, shared, head), 1 + random.below(50));
  return head;
};

/** Reads in every way as long as the writers write. */
export const reader = async (name: string, shared: Shared): Promise<void> => {
  const random = shared.random(name);
  const store = shared.observed(name);
  let head = 0;
  while (!shared.written.aborted) {
    head = await step(store, random, shared, head);
    if (random.chance(0.2)) await pause(random.below(4));
    else await nextTurn();
  }
};

const PAGE = 200;

/** The whole log, forwards and backwards, and every stream both ways: what they show is what is left in the end. */
export const finalReads = async (shared: Shared): Promise<void> => {
  const store = shared.observed('auditor');
  const whole = { kind: 'read', from: null, limit: null } as const;
  await store.head();
  for (const direction of ['forwards', 'backwards'] as const) {
    await store.read({ ...whole, of: { filter: {} }, direction }, PAGE);
    for (const streamId of shared.streams) await store.read({ ...whole, of: { streamId }, direction }, PAGE);
  }
};
