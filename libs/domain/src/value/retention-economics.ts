/**
 * Customer lifetime value without a fitted model: m·r/(1+d−r), with annual margin `m`, retention rate
 * `r` 0..1 and annual discount rate `d` ≥ 0; in the unit of `m` (`domain.md §6.7`, §13.3).
 */
export const simpleLifetimeValue = (annualMargin: number, retentionRate: number, discountRate: number): number =>
  (annualMargin * retentionRate) / (1 + discountRate - retentionRate);

export interface RetentionLift {
  readonly before: number;
  readonly after: number;
  /** Relative change, e.g. 0.275 for +27.5 %. */
  readonly lift: number;
}

/** What a rise of the retention rate (5 points in the literature) is worth (`domain.md §6.7`). */
export const retentionLift = (
  annualMargin: number,
  retentionRate: number,
  discountRate: number,
  points = 0.05,
): RetentionLift => {
  const before = simpleLifetimeValue(annualMargin, retentionRate, discountRate);
  const after = simpleLifetimeValue(annualMargin, retentionRate + points, discountRate);
  return { before, after, lift: after / before - 1 };
};

/** (campaign cost / new customers) ÷ (retention cost / retained customers); null where one is unknown (`domain.md §6.7`). */
export const acquisitionCostRatio = (costs: {
  readonly campaignMinor: number;
  readonly newCustomers: number;
  readonly retentionMinor: number;
  readonly retainedCustomers: number;
}): number | null =>
  costs.newCustomers === 0 || costs.retainedCustomers === 0 || costs.retentionMinor === 0
    ? null
    : costs.campaignMinor / costs.newCustomers / (costs.retentionMinor / costs.retainedCustomers);
