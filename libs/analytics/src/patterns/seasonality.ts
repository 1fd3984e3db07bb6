import { type Month, monthName, monthOfDay } from '@afecto/domain';

const MONTHS_A_YEAR = 12;

export interface SeasonMonth {
  /** 1 January … 12 December. */
  readonly month: number;
  readonly orders: number;
  /** Share 0..1 of all orders. */
  readonly share: number;
  /** How many calendar months of this name the orders span: with one year behind it, a share is that year's story. */
  readonly years: number;
}

export interface Season {
  readonly months: ReadonlyArray<SeasonMonth>;
  /** Orders of every calendar month from the first to the last, YYYY-MM. */
  readonly course: ReadonlyArray<{ readonly month: string; readonly orders: number }>;
}

/** Collects orders by month of the tenant's calendar (`domain.md §13.5`). */
export const seasonTable = () => {
  const counts = new Map<Month, number>();
  let total = 0;
  return {
    /** Takes the day of one order, counted from 1970-01-01. */
    add: (dayNumber: number): void => {
      const month = monthOfDay(dayNumber);
      counts.set(month, (counts.get(month) ?? 0) + 1);
      total += 1;
    },
    season: (): Season => {
      const known = [...counts.keys()];
      const first = known.reduce((least, month) => Math.min(least, month), Infinity);
      const last = known.reduce((most, month) => Math.max(most, month), -Infinity);
      const all = total === 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
      return {
        months: Array.from({ length: MONTHS_A_YEAR }, (_, index) => {
          const same = all.filter((month) => month % MONTHS_A_YEAR === index);
          const orders = same.reduce((sum, month) => sum + (counts.get(month) ?? 0), 0);
          return { month: index + 1, orders, share: total === 0 ? 0 : orders / total, years: same.length };
        }),
        course: all.map((month) => ({ month: monthName(month), orders: counts.get(month) ?? 0 })),
      };
    },
  };
};
