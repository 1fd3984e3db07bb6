import { acquisitionCostRatio, retentionLift } from '@afecto/domain';
import { retentionOf } from '../defection/figures';
import { dayOf, type FiguresQuestion, type JsonObject, upToToday } from '../figures/definition';
import { share } from '../figures/measures';
import { keyOf } from '../tally/contribute';
import { REPORT } from './contribute';
import { Sums } from './sums';

const DAYS_A_YEAR = 365;
/** Of money in a year; the example of `domain.md §6.7`. */
const ANNUAL_DISCOUNT = 0.1;
/** Of the retention rate, as in the literature (Reichheld and Sasser 1990). */
const POINTS = 0.05;

/**
 * What a customer is worth at the margin and the retention of the last 365 days, and what five points more of
 * retention would make of it (`domain.md §6.7`); money in minor units. Null where nobody was active a year ago or is
 * now, and where so many came back that the rate is above 1: a series of years with more and more left has no sum. A
 * customer who costs more than he brings is worth less the longer he stays: then there is no lift.
 */
const whatIfOf = async (question: FiguresQuestion): Promise<JsonObject> => {
  const { to } = upToToday(question).days;
  const lastYear = { ...question, days: { from: to - DAYS_A_YEAR + 1, to } };
  const { activeAtEnd, retentionRate } = await retentionOf(lastYear);
  const sums = await Sums.of(lastYear, ['margin', 'cost']);
  const marginMinor = share(sums.one('margin') - sums.total('cost'), activeAtEnd);
  const points = Math.max(0, Math.min(POINTS, 1 - (retentionRate ?? 1)));
  const worth =
    marginMinor === null || retentionRate === null || retentionRate > 1
      ? null
      : retentionLift(marginMinor, retentionRate, ANNUAL_DISCOUNT, points);
  return {
    marginMinor,
    retentionRate,
    annualDiscount: ANNUAL_DISCOUNT,
    lifetimeValueMinor: worth?.before ?? null,
    points,
    raisedLifetimeValueMinor: worth?.after ?? null,
    lift: worth === null || worth.before <= 0 ? null : worth.lift,
  };
};

/**
 * What a new customer cost beside what keeping one cost, in minor units (`domain.md §6.7`): budgets of the
 * campaigns that started in the window over the customers new in it, and the cost of retention measures
 * over the customers kept. The ratio is null while one of the four is unknown: shown, never assumed. `whatIf`: what
 * better retention would be worth.
 */
export const economicsOf = async (question: FiguresQuestion): Promise<JsonObject> => {
  const { readModels, policy, days } = question;
  const { newCustomers, activeAtEnd, newAtEnd } = await retentionOf(question);
  const startedIn = policy.launched.filter(({ startsAt }) => {
    const day = dayOf(startsAt, policy);
    return day >= days.from && day <= days.to;
  });
  const costs = {
    campaignMinor: startedIn.reduce((sum, { budgetMinor }) => sum + budgetMinor, 0),
    newCustomers,
    retentionMinor:
      new Map(await readModels.tallySums(keyOf(REPORT, 'cost', 'retention'), days)).get(
        keyOf(REPORT, 'cost', 'retention'),
      ) ?? 0,
    retainedCustomers: activeAtEnd - newAtEnd,
  };
  return {
    ...costs,
    costOfNewMinor: share(costs.campaignMinor, costs.newCustomers),
    costOfKeptMinor: share(costs.retentionMinor, costs.retainedCustomers),
    acquisitionCostRatio: acquisitionCostRatio(costs),
    whatIf: await whatIfOf(question),
  };
};
