import type { Instant } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';

/** What lies later than this after now was written by a clock that was wrong. */
const CLOCKS_DIFFER_MS = 5 * 60_000;

/** The one clock of a running system: it never goes back, even when the machine's does. */
export interface Clock {
  readonly now: () => Instant;
  /**
   * An instant later than every one given before, at least now. Each command takes one: facts of one
   * instant are ordered by their ids (`domain.md §1`), so two commands must not share an instant.
   */
  readonly tick: () => Instant;
  /** Begins no earlier than the log ends, as far as clocks may differ. */
  readonly follow: (store: EventStore) => Promise<void>;
  /** Goes on no earlier than at this instant; false: it lies later than clocks may differ, and nothing changes. */
  readonly goOnFrom: (instant: Instant) => boolean;
}

/** A clock over the machine's, or over a fixed instant: then every command moves it by a millisecond. */
export const createClock = (source: () => Instant): Clock => {
  let last: Instant = Number.NEGATIVE_INFINITY;
  const now = (): Instant => (last = Math.max(last, source()));
  const goOnFrom = (instant: Instant): boolean => {
    if (instant > source() + CLOCKS_DIFFER_MS) return instant <= now();
    last = Math.max(last, instant);
    return true;
  };
  return {
    now,
    goOnFrom,
    tick: () => (last = Math.max(last + 1, source())),
    follow: async (store) => {
      for await (const [newest] of store.readAll({ direction: 'backwards', limit: 1 }))
        if (newest !== undefined) goOnFrom(newest.recordedAt);
    },
  };
};
