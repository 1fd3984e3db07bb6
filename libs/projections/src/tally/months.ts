import { DAY_MS, monthOfDay, toIso } from '@afecto/domain';

// The axis of buckets coarser than days.
export { lastDayOf, monthName, monthOfDay } from '@afecto/domain';

/** A day by its number as in answers: 2025-03-31. */
export const dateOf = (day: number): string => toIso(day * DAY_MS).slice(0, 10);

/** The months that a window of days touches, ascending. */
export const monthsOf = ({ from, to }: { readonly from: number; readonly to: number }): ReadonlyArray<number> => {
  const [first, last] = [monthOfDay(from), monthOfDay(to)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
};
