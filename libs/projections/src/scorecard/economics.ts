import { acquisitionCostRatio } from '@afecto/domain';
import { retentionOf } from '../defection/figures';
import { dayOf, type FiguresQuestion, type JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { keyOf } from '../tally/contribute';
import { REPORT } from './contribute';

/**
 * What a new customer cost beside what keeping one cost, in minor units (`domain.md §6.7`): budgets of the
 * campaigns that started in the window over the customers new in it, and the cost of retention measures
 * over the customers kept. The ratio is null while one of the four is unknown: shown, never assumed.
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
  };
};
