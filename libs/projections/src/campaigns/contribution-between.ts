import type { Evidence, Instant, Policy } from '@afecto/domain';

/**
 * Contribution of what happened in [from, to), minor units of the reporting currency: as CM365 of
 * `domain.md §6.5`, over a window of its own. Net revenue less cost of orders placed in it, less what was
 * reversed in it, less cost to serve, compensation, rewards and retention measures. Rounded once.
 */
export const contributionBetween = (
  { placedOrders, reversals, costs }: Pick<Evidence, 'placedOrders' | 'reversals' | 'costs'>,
  { configuration }: Policy,
  from: Instant,
  to: Instant,
): number => {
  let known = 0;
  let withoutCost = 0;
  for (let index = placedOrders.length - 1; index >= 0; index--) {
    const order = placedOrders[index];
    if (order === undefined || order.placedAt === null || order.placedAt >= to) continue;
    if (order.placedAt < from) break;
    known += order.netWithCostMinor - order.costMinor;
    withoutCost += order.netWithoutCostMinor;
  }
  for (let index = reversals.length - 1; index >= 0; index--) {
    const reversal = reversals[index];
    if (reversal === undefined || reversal.at >= to) continue;
    if (reversal.at < from) break;
    known -= reversal.netWithCostMinor - reversal.costMinor;
    withoutCost -= reversal.netWithoutCostMinor;
  }
  for (let index = costs.length - 1; index >= 0; index--) {
    const cost = costs[index];
    if (cost === undefined || cost.at >= to) continue;
    if (cost.at < from) break;
    known -= cost.amountMinor;
  }
  return known + Math.round(withoutCost * configuration.value.defaultMarginRate);
};
