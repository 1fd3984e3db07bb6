import type { Evidence, OrderEvidence, ReversalEvidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import { DAY_MS, type Instant } from '../time/calendar';

/** Distinct product lines with positive net spend. */
export interface Scope {
  readonly lines365: number;
  readonly lifetime: number;
}

const addTo = (netByLine: Map<string, number>, lines: ReadonlyMap<string, number>, sign: 1 | -1): void => {
  for (const [line, net] of lines) netByLine.set(line, (netByLine.get(line) ?? 0) + sign * net);
};

/**
 * Product lines of some orders of a customer with net spend above zero (`domain.md §5`): what was taken back
 * of these orders is taken off. `reversals`: all of the customer's.
 */
export const linesOf = (
  orders: ReadonlyArray<OrderEvidence>,
  reversals: ReadonlyArray<ReversalEvidence>,
): ReadonlySet<string> => {
  const netByLine = new Map<string, number>();
  for (const { netByProductLine } of orders) addTo(netByLine, netByProductLine, 1);
  if (reversals.length > 0) {
    const orderIds = new Set(orders.map(({ orderId }) => orderId));
    for (const { orderId, netByProductLine } of reversals)
      if (orderIds.has(orderId)) addTo(netByLine, netByProductLine, -1);
  }
  for (const [line, net] of netByLine) if (net <= 0) netByLine.delete(line);
  return new Set(netByLine.keys());
};

const positiveLines = (netByLine: ReadonlyMap<string, number>): number => {
  let lines = 0;
  for (const net of netByLine.values()) if (net > 0) lines += 1;
  return lines;
};

/** Orders and reversals each count at their own date, as in net spend (§6.1). */
const linesSince = (evidence: Evidence, from: Instant, asOf: Instant): number => {
  const only = evidence.placedOrders.length === 1 && evidence.reversals.length === 0 ? evidence.placedOrders[0] : null;
  if (only)
    return only.placedAt === null || only.placedAt > asOf || only.placedAt < from
      ? 0
      : positiveLines(only.netByProductLine);
  const netByLine = new Map<string, number>();
  for (let index = evidence.placedOrders.length - 1; index >= 0; index--) {
    const order = evidence.placedOrders[index];
    if (order === undefined || order.placedAt === null || order.placedAt > asOf) continue;
    if (order.placedAt < from) break;
    addTo(netByLine, order.netByProductLine, 1);
  }
  for (let index = evidence.reversals.length - 1; index >= 0; index--) {
    const reversal = evidence.reversals[index];
    if (reversal === undefined || reversal.at > asOf) continue;
    if (reversal.at < from) break;
    addTo(netByLine, reversal.netByProductLine, -1);
  }
  return positiveLines(netByLine);
};

/** Lines used in the trailing 365 days only: what the loyalty score asks for at every evaluation. */
export const linesInWindow = (evidence: Evidence, policy: Policy, asOf: Instant): number =>
  evidence.placedOrders.length === 0
    ? 0
    : linesSince(evidence, asOf - policy.configuration.relationship.windowDays * DAY_MS, asOf);

/** Scope of the relationship: product lines with net spend above zero, trailing 365 days and ever (`domain.md §5`). */
export const scopeOf = (evidence: Evidence, policy: Policy, asOf: Instant): Scope => ({
  lines365: linesInWindow(evidence, policy, asOf),
  lifetime: linesSince(evidence, Number.NEGATIVE_INFINITY, asOf),
});
