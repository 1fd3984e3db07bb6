import type { FiguresSource } from '../figures/definition';
import { type Contribute, keyOf, partsOf, prefixOf } from '../tally/contribute';

const REPORT = 'standing';

/** Where a customer stands in each respect; null: nowhere. */
export type Respect = 'phase' | 'zone' | 'quadrant' | 'extreme' | 'tier';

const NOWHERE = '';

/** Every customer counts once in each respect, so that nobody has to count all of them. */
export const contributeGroups: Contribute = ({ standing: { lifecycle, loyalty, value } }, count) => {
  const within = (respect: Respect, group: string | null): void => count(keyOf(REPORT, respect, group ?? NOWHERE), 0);
  within('phase', lifecycle.phase);
  within('zone', loyalty.zone);
  within('quadrant', loyalty.quadrant);
  within('extreme', loyalty.extreme);
  within('tier', value.tier);
};

export interface CustomerGroup {
  readonly group: string | null;
  readonly customers: number;
}

/** How many customers stand where, now; those who stand nowhere first, then ascending by name. */
export const groupsOf = async (
  readModels: Pick<FiguresSource, 'tallySums'>,
  respect: Respect,
): Promise<ReadonlyArray<CustomerGroup>> =>
  (await readModels.tallySums(prefixOf(REPORT, respect))).map(([key, customers]) => {
    const [, group = NOWHERE] = partsOf(key);
    return { group: group === NOWHERE ? null : group, customers };
  });
