import type { PlannedIndicator } from '@afecto/domain';
import { complaintFigures } from '../complaints/figures';
import { defectionFigures } from '../defection/figures';
import { loyaltyFigures } from '../loyalty/figures';
import { programmeFigures } from '../programme/figures';
import { promiseFigures } from '../promises/figures';
import { scorecardFigures } from '../scorecard/figures';
import { plannedPaths, type PlannedByScorecard } from '../scorecard/planned';
import { serviceLevelFigures } from '../service-levels/figures';
import { voiceFigures } from '../voice/figures';
import { type Indicator, indicator } from './indicator';

const inScorecard = (name: PlannedByScorecard): Indicator => indicator(name, scorecardFigures, plannedPaths[name]);

/** Where what a plan has targets for is answered. */
export const planned: Readonly<Record<PlannedIndicator, Indicator>> = {
  revenueMinor: inScorecard('revenueMinor'),
  contributionMinor: inScorecard('contributionMinor'),
  costPerContactMinor: inScorecard('costPerContactMinor'),
  newCustomers: indicator('newCustomers', defectionFigures, 'newCustomers'),
  retentionRate: inScorecard('retentionRate'),
  churnRate: inScorecard('churnRate'),
  revenueChurnRate: indicator('revenueChurnRate', defectionFigures, 'revenueChurnRate'),
  repeatRate: inScorecard('repeatRate'),
  crossSellRate: inScorecard('crossSellRate'),
  enquiryConversion: inScorecard('enquiryConversion'),
  salesCycleDaysMedian: inScorecard('salesCycleDaysMedian'),
  referrals: inScorecard('referrals'),
  acquisitionCostRatio: inScorecard('acquisitionCostRatio'),
  personalisedOrderShare: inScorecard('personalisedOrderShare'),
  identifiedOrderShare: indicator('identifiedOrderShare', programmeFigures, 'identifiedOrders.share'),
  proactiveShare: inScorecard('proactiveShare'),
  needsMetShare: inScorecard('needsMetShare'),
  verifiedShare: inScorecard('verifiedShare'),
  affectionShare: indicator('affectionShare', loyaltyFigures, 'zones.zone=affection.share'),
  defectionShare: indicator('defectionShare', loyaltyFigures, 'zones.zone=defection.share'),
  netPromoterScore: indicator('netPromoterScore', voiceFigures, 'instruments.instrument=nps.nps'),
  satisfiedShare: indicator('satisfiedShare', voiceFigures, 'instruments.instrument=csat_transactional.topTwoShare'),
  topBoxShare: indicator('topBoxShare', voiceFigures, 'instruments.instrument=csat_transactional.topBoxShare'),
  effortMean: indicator('effortMean', voiceFigures, 'instruments.instrument=ces.mean'),
  serviceBreachRate: indicator('serviceBreachRate', serviceLevelFigures, 'all.breachRate'),
  firstContactResolution: indicator('firstContactResolution', serviceLevelFigures, 'all.firstContactResolution'),
  promisesKeptRate: indicator('promisesKeptRate', promiseFigures, 'all.keptRate'),
  complaintsPerThousandCustomers: indicator('complaintsPerThousandCustomers', complaintFigures, 'perThousandCustomers'),
  complaintsResolvedInTargetRate: indicator('complaintsResolvedInTargetRate', complaintFigures, 'resolve.inTargetRate'),
  recoveryRate: indicator('recoveryRate', complaintFigures, 'recovery.recoveryRate'),
  savedShare: indicator('savedShare', defectionFigures, 'saves.share'),
  winBackRate: indicator('winBackRate', defectionFigures, 'winBacks.rate'),
};
