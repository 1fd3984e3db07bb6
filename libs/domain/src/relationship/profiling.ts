import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import { DAY_MS, type Instant } from '../time/calendar';
import { orderDaysAt } from './order-days';

/** An objection or restriction stops zone, tier and queues from its instant on (`domain.md §17.6`, §17.7). */
export const isProfilingStopped = (evidence: Evidence, asOf: Instant): boolean =>
  evidence.person.objections.length > 0 && evidence.person.objections.some(({ at }) => at <= asOf);

/** Active: an order day in the trailing `activityWindowDays` (`domain.md §13.4`, retention rate). */
export const isActive = (evidence: Evidence, policy: Policy, asOf: Instant): boolean => {
  const last = orderDaysAt(evidence, asOf).at(-1);
  return last !== undefined && last.lastAt >= asOf - policy.configuration.relationship.activityWindowDays * DAY_MS;
};
