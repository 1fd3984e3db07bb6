import { DAY_MS, type Instant } from '@afecto/domain';
import type { Period } from './rates';

export interface PeriodTerms {
  readonly from: Instant;
  /** Later than `from`. */
  readonly to: Instant;
  /** Days in which one order day makes a customer active (`relationship.activityWindowDays`). */
  readonly activityWindowDays: number;
}

/**
 * Collects who was active at both ends of a period: with an order day in the trailing window
 * (`domain.md §13.4`). New are those at the end whose first order lies in the period; somebody who
 * came back after a pause is not new, so a rate may pass 1.
 */
export const activityPeriod = ({ from, to, activityWindowDays }: PeriodTerms) => {
  let [atStart, atEnd, added] = [0, 0, 0];
  const isActive = (orders: ReadonlyArray<Instant>, at: Instant): boolean =>
    orders.some((order) => order <= at && order > at - activityWindowDays * DAY_MS);
  return {
    /** Takes the instants of a customer's orders, ascending. */
    add: (orders: ReadonlyArray<Instant>): void => {
      const isActiveAtEnd = isActive(orders, to);
      atStart += isActive(orders, from) ? 1 : 0;
      atEnd += isActiveAtEnd ? 1 : 0;
      added += isActiveAtEnd && (orders[0] ?? 0) > from ? 1 : 0;
    },
    period: (): Period => ({ atStart, atEnd, added }),
  };
};
