import { monthOfDay } from '@afecto/domain';

// The axis of buckets coarser than days.
export { lastDayOf, monthName, monthOfDay } from '@afecto/domain';

/** The months that a window of days touches, ascending. */
export const monthsOf = ({ from, to }: { readonly from: number; readonly to: number }): ReadonlyArray<number> => {
  const [first, last] = [monthOfDay(from), monthOfDay(to)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
};
