import type { FiguresQuestion } from '../figures/definition';
import { keyOf } from '../tally/contribute';
import { REPORT } from './contribute';

/** Margin less costs of some days, minor units: what all customers contributed. */
export const contributionIn = async ({
  readModels,
  days,
}: Pick<FiguresQuestion, 'readModels' | 'days'>): Promise<number> => {
  const sumOf = async (name: string): Promise<number> =>
    (await readModels.tallySums(keyOf(REPORT, name), days)).reduce((sum, [, minor]) => sum + minor, 0);
  return (await sumOf('margin')) - (await sumOf('cost'));
};
