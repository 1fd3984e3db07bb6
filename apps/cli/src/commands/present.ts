import { createClock } from '@afecto/application';
import type { Instant } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { CommandSettings } from '../settings';

/**
 * Now, as the running system has it: a fixed clock moves on with every command (`createClock`), so the
 * end of the log may lie some milliseconds after it, and is no future.
 */
export const presentOf = async ({ now }: Pick<CommandSettings, 'now'>, store: EventStore): Promise<Instant> => {
  const clock = createClock(now);
  await clock.follow(store);
  return clock.now();
};
