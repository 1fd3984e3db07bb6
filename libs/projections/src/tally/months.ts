import { DAY_MS } from '@afecto/domain';

const MONTHS_A_YEAR = 12;

/** Number of the calendar month in which a day (`dayNumber`) lies: an axis of buckets coarser than days. */
export const monthOfDay = (day: number): number => {
  const date = new Date(day * DAY_MS);
  return date.getUTCFullYear() * MONTHS_A_YEAR + date.getUTCMonth();
};

/** The last day of a month. */
export const lastDayOf = (month: number): number =>
  Date.UTC(Math.floor(month / MONTHS_A_YEAR), (month % MONTHS_A_YEAR) + 1, 0) / DAY_MS;

/** As in answers: 2025-03. */
export const monthName = (month: number): string =>
  `${String(Math.floor(month / MONTHS_A_YEAR)).padStart(4, '0')}-${String((month % MONTHS_A_YEAR) + 1).padStart(2, '0')}`;

/** The months that a window of days touches, ascending. */
export const monthsOf = ({ from, to }: { readonly from: number; readonly to: number }): ReadonlyArray<number> => {
  const [first, last] = [monthOfDay(from), monthOfDay(to)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
};
