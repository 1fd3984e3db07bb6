import type { Evidence, OrderDay } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import { DAY_MS, type Instant } from '../time/calendar';
import { orderDaysAt } from './order-days';

interface Settled {
  readonly activityDays: number;
  /** Active time before the last order day, ms. */
  readonly before: number;
}

const settledByDays = new WeakMap<ReadonlyArray<OrderDay>, Settled>();

/** Each order day keeps the customer active until the next one or until the window ends, whichever is first. */
const activeBeforeLast = (days: ReadonlyArray<OrderDay>, activityDays: number): number => {
  const known = settledByDays.get(days);
  if (known !== undefined && known.activityDays === activityDays) return known.before;
  let before = 0;
  let previous: Instant | null = null;
  for (const { day } of days) {
    if (previous !== null) before += Math.min(day - previous, activityDays * DAY_MS);
    previous = day;
  }
  settledByDays.set(days, { activityDays, before });
  return before;
};

/**
 * Longevity in days: length of the union of the intervals [d, d + activityWindowDays] over the order
 * days d, cut at `asOf`; 0 without orders (`domain.md §5`). Never decreases while facts stay the same.
 */
export const longevityDays = (evidence: Evidence, policy: Policy, asOf: Instant): number => {
  const days = orderDaysAt(evidence, asOf);
  const last = days.at(-1);
  if (last === undefined) return 0;
  const { activityWindowDays } = policy.configuration.relationship;
  const open = Math.min(Math.max(0, asOf - last.day), activityWindowDays * DAY_MS);
  return (activeBeforeLast(days, activityWindowDays) + open) / DAY_MS;
};

/** Until when longevity grows if no order comes; −Infinity without orders. */
export const longevityGrowsUntil = (evidence: Evidence, policy: Policy, asOf: Instant): Instant => {
  const last = orderDaysAt(evidence, asOf).at(-1);
  if (last === undefined) return Number.NEGATIVE_INFINITY;
  return last.day + policy.configuration.relationship.activityWindowDays * DAY_MS;
};
