import type { Evidence, OrderEvidence, ReversalEvidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import { orderDaysAt } from '../relationship/order-days';
import { DAY_MS, type Instant } from '../time/calendar';

const windowStart = (policy: Policy, asOf: Instant): Instant => asOf - policy.configuration.value.windowDays * DAY_MS;

/** Orders and reversals of the trailing window, each at its own date, newest first. */
const eachInWindow = (
  evidence: Evidence,
  policy: Policy,
  asOf: Instant,
  onOrder: (order: OrderEvidence) => void,
  onReversal: (reversal: ReversalEvidence) => void,
): void => {
  const from = windowStart(policy, asOf);
  for (let index = evidence.placedOrders.length - 1; index >= 0; index--) {
    const order = evidence.placedOrders[index];
    if (order === undefined || order.placedAt === null || order.placedAt > asOf) continue;
    if (order.placedAt < from) break;
    onOrder(order);
  }
  for (let index = evidence.reversals.length - 1; index >= 0; index--) {
    const reversal = evidence.reversals[index];
    if (reversal === undefined || reversal.at > asOf) continue;
    if (reversal.at < from) break;
    onReversal(reversal);
  }
};

/** Net spend of the trailing 365 days, orders less reversals, minor units; may be negative (`domain.md §6.1` M). */
export const spend365 = (evidence: Evidence, policy: Policy, asOf: Instant): number => {
  let spend = 0;
  eachInWindow(
    evidence,
    policy,
    asOf,
    (order) => (spend += order.netMinor),
    (reversal) => (spend -= reversal.amountMinor),
  );
  return spend;
};

/** Order days in the trailing 365 days (`domain.md §6.1` F). */
export const frequency365 = (evidence: Evidence, policy: Policy, asOf: Instant): number => {
  const days = orderDaysAt(evidence, asOf);
  const from = windowStart(policy, asOf);
  let frequency = 0;
  for (let index = days.length - 1; index >= 0; index--) {
    const day = days[index];
    if (day === undefined || day.lastAt < from) break;
    frequency += 1;
  }
  return frequency;
};

/**
 * CM365, minor units: net revenue less cost of the trailing 365 days, less cost to serve,
 * compensation, rewards and retention measures. Revenue without a stated cost earns the default
 * margin; what a reversal takes back counts at the reversal's date. Rounded once (`domain.md §6.5`).
 */
export const contribution365 = (evidence: Evidence, policy: Policy, asOf: Instant): number => {
  let known = 0;
  let withoutCost = 0;
  eachInWindow(
    evidence,
    policy,
    asOf,
    (order) => {
      known += order.netWithCostMinor - order.costMinor;
      withoutCost += order.netWithoutCostMinor;
    },
    (reversal) => {
      known -= reversal.netWithCostMinor - reversal.costMinor;
      withoutCost -= reversal.netWithoutCostMinor;
    },
  );
  const from = windowStart(policy, asOf);
  for (let index = evidence.costs.length - 1; index >= 0; index--) {
    const cost = evidence.costs[index];
    if (cost === undefined || cost.at > asOf) continue;
    if (cost.at < from) break;
    known -= cost.amountMinor;
  }
  return known + Math.round(withoutCost * policy.configuration.value.defaultMarginRate);
};

/** 1 − Σnet/Σlist of the orders of the trailing 365 days; 0 when nothing has a list price (`domain.md §6.5`). */
export const discountShare365 = (evidence: Evidence, policy: Policy, asOf: Instant): number => {
  let net = 0;
  let list = 0;
  eachInWindow(
    evidence,
    policy,
    asOf,
    (order) => {
      net += order.netMinor;
      list += order.listMinor;
    },
    () => undefined,
  );
  return list === 0 ? 0 : 1 - net / list;
};
