import type { PlannedIndicator } from '@afecto/domain';

/** Where the scorecard answers what a plan has targets for. */
export const plannedPaths = {
  revenueMinor: 'corporate.revenueMinor',
  contributionMinor: 'corporate.contributionMinor',
  costPerContactMinor: 'corporate.costPerContactMinor',
  retentionRate: 'customers.lastYear.retentionRate',
  churnRate: 'customers.lastYear.churnRate',
  repeatRate: 'customers.repeatRate',
  crossSellRate: 'customers.crossSellRate',
  enquiryConversion: 'customers.enquiryConversion',
  salesCycleDaysMedian: 'customers.salesCycleDaysMedian',
  referrals: 'customers.referrals',
  personalisedOrderShare: 'customers.personalisedOrderShare',
  proactiveShare: 'processes.proactiveShare',
  needsMetShare: 'knowledge.needsMetShare',
  verifiedShare: 'knowledge.verifiedShare',
  acquisitionCostRatio: 'economics.acquisitionCostRatio',
} as const satisfies Partial<Record<PlannedIndicator, string>>;

export type PlannedByScorecard = keyof typeof plannedPaths;

export const isPlannedByScorecard = (indicator: PlannedIndicator): indicator is PlannedByScorecard =>
  Object.hasOwn(plannedPaths, indicator);
