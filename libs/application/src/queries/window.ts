import { DAY_MS, type Instant } from '@afecto/domain';

/** Days that figures look at, by an instant in the first and in the last; default the last 365. */
export interface Window {
  readonly from?: Instant;
  readonly to?: Instant;
}

/** A hundred years of days: figures go through a window month by month, and nobody else is answered meanwhile. */
export const LONGEST_WINDOW_DAYS = 36_525;

/** What is wrong with `from`; null when nothing is. `toName`: what the caller knows the window's end by. */
export const faultOfWindow = ({ from, to }: Window, now: Instant, toName: string): string | null => {
  if (from === undefined) return null;
  if (to !== undefined && from > to) return `must not be later than ${toName}`;
  return (to ?? now) - from > LONGEST_WINDOW_DAYS * DAY_MS
    ? `must lie at most ${LONGEST_WINDOW_DAYS} days before ${toName} (default today)`
    : null;
};
