import type { Figures, FiguresSource, JsonObject } from '../figures/definition';
import { share } from '../figures/measures';

type Column = Parameters<FiguresSource['countCustomers']>[0][number];

/** How many customers are in each group of a column, and their share of all. */
const groupsOf = async (readModels: FiguresSource, column: Column): Promise<ReadonlyArray<JsonObject>> => {
  const groups = await readModels.countCustomers([column]);
  const all = groups.reduce((sum, { count }) => sum + count, 0);
  return groups.map(({ group, count }) => ({
    [column]: group[column] ?? null,
    customers: count,
    share: share(count, all),
  }));
};

/** Where customers stand (PR07, PR08): zones, quadrants of the matrix, extremes and tiers, now. */
export const loyaltyFigures: Figures = {
  code: 'PR07',
  name: 'loyalty',
  title: 'Customers by loyalty zone, quadrant of the matrix, extreme and tier, now',
  read: async ({ readModels }) => ({
    zones: await groupsOf(readModels, 'zone'),
    quadrants: await groupsOf(readModels, 'quadrant'),
    extremes: await groupsOf(readModels, 'extreme'),
    tiers: await groupsOf(readModels, 'tier'),
  }),
};
