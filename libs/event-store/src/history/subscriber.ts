import { setTimeout as pause } from 'node:timers/promises';
import type { Position } from '../port';
import { someFilter } from './reader';
import type { Shared } from './workload';

/**
 * Follows the log from where it stands. Now and then it goes away and comes back at its last position; now
 * and then it is slow. When the writers are done it goes on until it has reached the goal; a
 * subscription that does not get there in time is recorded as waited for all the same, which the check
 * takes for what it is.
 */
export const subscriber = async (name: string, shared: Shared): Promise<void> => {
  const random = shared.random(name);
  const store = shared.observed(name);
  const filter = someFilter(random);
  let goal: Position | null = null;
  let looked: Position = 0n;
  for (;;) {
    const ended = new AbortController();
    const timer = new AbortController();
    const { messages, over } = store.subscribe(filter, {
      after: looked,
      pageSize: 1 + random.below(30),
      signal: ended.signal,
    });
    void shared.goal.then(async (position) => {
      goal = position;
      if (looked >= position) ended.abort();
      await pause(shared.options.patienceMs, undefined, { signal: timer.signal }).catch(() => undefined);
      ended.abort();
    });
    let left = false;
    let awaited: Position | null = null;
    try {
      for await (const message of messages) {
        const last = message.kind === 'events' ? message.events.at(-1)?.position : message.position;
        if (last !== undefined && last > looked) looked = last;
        if (goal !== null && looked >= goal) break;
        left = goal === null && random.chance(0.05);
        if (left) break;
        if (random.chance(0.05)) await pause(random.below(15));
      }
      awaited = left ? null : goal;
    } finally {
      timer.abort();
      over(awaited);
    }
    if (!left) return;
    await pause(random.below(5));
  }
};
