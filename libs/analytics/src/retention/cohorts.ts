import { type Month, monthName, monthOfDay } from '@afecto/domain';

/** Customers whose first order fell in one month. */
export interface Cohort {
  readonly month: string;
  readonly customers: number;
  /** How many of them ordered in that month, the next, and so on up to the last month counted. */
  readonly active: ReadonlyArray<number>;
}

/** Collects the cohort retention table by month of the first order (`domain.md §13.4`). Memory: one count a cohort and month. */
export const cohortTable = () => {
  const counts = new Map<Month, Map<Month, number>>();
  let last = -Infinity;
  return {
    /** Takes a customer's order days, ascending, counted from 1970-01-01. */
    add: (dayNumbers: ReadonlyArray<number>): void => {
      const months = new Set(dayNumbers.map(monthOfDay));
      const [first] = months;
      if (first === undefined) return;
      const cohort = counts.get(first) ?? new Map<Month, number>();
      counts.set(first, cohort);
      for (const month of months) {
        cohort.set(month, (cohort.get(month) ?? 0) + 1);
        last = Math.max(last, month);
      }
    },
    rows: (): ReadonlyArray<Cohort> =>
      [...counts]
        .sort(([one], [other]) => one - other)
        .map(([first, cohort]) => ({
          month: monthName(first),
          customers: cohort.get(first) ?? 0,
          active: Array.from({ length: last - first + 1 }, (_, months) => cohort.get(first + months) ?? 0),
        })),
  };
};
