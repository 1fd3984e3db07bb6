import { DAY_MS, HOUR_MS, type Instant } from '@afecto/domain';

/** A day of the tenant, by its date (2025-03-31) or by an instant that lies in it. */
export type DayAsked = Instant | string;

/** Days that figures look at, the first and the last; default the last 365. */
export interface Window {
  readonly from?: DayAsked;
  readonly to?: DayAsked;
}

/** The number of a day that is asked about. `dayNumber`: of the day of the tenant in which an instant lies. */
export const dayAsked = (asked: DayAsked, dayNumber: (at: Instant) => number): number =>
  typeof asked === 'string' ? Math.floor(Date.parse(asked) / DAY_MS) : dayNumber(asked);

/** About when that is: close enough to tell which of two comes first, and how far they lie apart. */
export const instantAsked = (asked: DayAsked): Instant => (typeof asked === 'string' ? Date.parse(asked) : asked);

/** A date begins 14 hours before it does in UTC at the earliest, and ends 12 hours after it does there (tz database). */
const DATE = { beginsMs: -14 * HOUR_MS, endsMs: DAY_MS + 12 * HOUR_MS };

/** Whether the first comes after the last in every time zone; of a date and an instant the zone decides. */
const isReversed = (first: DayAsked, last: DayAsked): boolean => {
  if (typeof first === typeof last) return first > last;
  return typeof first === 'string'
    ? Date.parse(first) + DATE.beginsMs > instantAsked(last)
    : first >= instantAsked(last) + DATE.endsMs;
};

/** A hundred years of days: figures go through a window month by month, and nobody else is answered meanwhile. */
export const LONGEST_WINDOW_DAYS = 36_525;

/** What is wrong with `from`; null when nothing is. `toName`: what the caller knows the window's end by. */
export const faultOfWindow = ({ from, to }: Window, now: Instant, toName: string): string | null => {
  if (from === undefined) return null;
  const first = instantAsked(from);
  const last = to === undefined ? now : instantAsked(to);
  if (to !== undefined && isReversed(from, to)) return `must not be later than ${toName}`;
  return last - first > LONGEST_WINDOW_DAYS * DAY_MS
    ? `must lie at most ${LONGEST_WINDOW_DAYS} days before ${toName} (default today)`
    : null;
};
