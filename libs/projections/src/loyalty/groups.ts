import type { FiguresSource } from '../figures/definition';
import { type Contribute, keyOf, partsOf, prefixOf } from '../tally/contribute';

const REPORT = 'standing';

const respects = ['zone', 'phase', 'tier', 'quadrant', 'extreme'] as const;
/** Where a customer stands in each respect; null: nowhere. */
export type Respect = (typeof respects)[number];

const NOWHERE = '';

/** Every customer counts once, so that nobody has to count all of them: there are few hundred ways to stand. */
export const contributeGroups: Contribute = ({ standing: { lifecycle, loyalty, value } }, count) => {
  const places: Readonly<Record<Respect, string | null>> = {
    zone: loyalty.zone,
    phase: lifecycle.phase,
    tier: value.tier,
    quadrant: loyalty.quadrant,
    extreme: loyalty.extreme,
  };
  count(keyOf(REPORT, ...respects.map((respect) => places[respect] ?? NOWHERE)), 0);
};

type Group = Readonly<Record<string, string | null>>;

const inOrder = (one: Group, other: Group, by: ReadonlyArray<Respect>): number => {
  for (const respect of by) {
    const [a, b] = [one[respect] ?? NOWHERE, other[respect] ?? NOWHERE];
    if (a !== b) return a < b ? -1 : 1;
  }
  return 0;
};

/** Adds up customers who stand the same in these respects; nowhere first, then ascending by name. */
export const grouped = (
  customers: Iterable<readonly [place: Group, many: number]>,
  by: ReadonlyArray<Respect>,
): ReadonlyArray<{ readonly group: Group; readonly count: number }> => {
  const counts = new Map<string, { readonly group: Group; count: number }>();
  for (const [place, many] of customers) {
    const group = Object.fromEntries(by.map((respect) => [respect, place[respect] ?? null]));
    const key = JSON.stringify(group);
    const known = counts.get(key);
    if (known) known.count += many;
    else counts.set(key, { group, count: many });
  }
  return [...counts.values()].sort((one, other) => inOrder(one.group, other.group, by));
};

/** How many customers stand where, now, by each combination of these respects that there is. */
export const countGroups = async (
  readModels: Pick<FiguresSource, 'tallySums'>,
  by: ReadonlyArray<Respect>,
): Promise<ReturnType<typeof grouped>> => {
  const sums = await readModels.tallySums(prefixOf(REPORT));
  return grouped(
    sums.map(([key, many]) => {
      const parts = partsOf(key);
      const place = respects.map((respect, at) => [respect, parts[at] === NOWHERE ? null : (parts[at] ?? null)]);
      return [Object.fromEntries(place), many] as const;
    }),
    by,
  );
};

export interface CustomerGroup {
  readonly group: string | null;
  readonly customers: number;
}

/** How many customers stand where in one respect, now; those who stand nowhere first, then ascending by name. */
export const groupsOf = async (
  readModels: Pick<FiguresSource, 'tallySums'>,
  respect: Respect,
): Promise<ReadonlyArray<CustomerGroup>> =>
  (await countGroups(readModels, [respect])).map(({ group, count }) => ({
    group: group[respect] ?? null,
    customers: count,
  }));
