import type { Figures, FiguresSource, JsonObject } from '../figures/definition';
import { share } from '../figures/measures';
import { groupsOf, type Respect } from './groups';

/** How many customers are in each group, and their share of all. */
const sharesOf = async (readModels: FiguresSource, respect: Respect): Promise<ReadonlyArray<JsonObject>> => {
  const groups = await groupsOf(readModels, respect);
  const all = groups.reduce((sum, { customers }) => sum + customers, 0);
  return groups.map(({ group, customers }) => ({ [respect]: group, customers, share: share(customers, all) }));
};

/** Where customers stand (PR07, PR08): zones, quadrants of the matrix, extremes and tiers, now. */
export const loyaltyFigures: Figures = {
  code: 'PR07',
  name: 'loyalty',
  title: 'Customers by loyalty zone, quadrant of the matrix, extreme and tier, now',
  read: async ({ readModels }) => ({
    zones: await sharesOf(readModels, 'zone'),
    quadrants: await sharesOf(readModels, 'quadrant'),
    extremes: await sharesOf(readModels, 'extreme'),
    tiers: await sharesOf(readModels, 'tier'),
  }),
};
