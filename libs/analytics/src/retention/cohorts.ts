import { DAY_MS } from '@afecto/domain';

/** A calendar month, counted: year · 12 + month 0..11. */
export type Month = number;

/** The month that a calendar day of a tenant lies in; `dayNumber` counts days since 1970-01-01 (`Calendar.dayNumber`). */
export const monthOfDay = (dayNumber: number): Month => {
  const date = new Date(dayNumber * DAY_MS);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
};

/** YYYY-MM. */
export const monthName = (month: Month): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

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
