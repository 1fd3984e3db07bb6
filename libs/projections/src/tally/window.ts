import type { BucketRange } from '@afecto/read-models';
import type { FiguresSource } from '../figures/definition';
import { type Count, partsOf, prefixOf, keyOf } from './contribute';
import { monthOfDay, monthsOf } from './months';

type Part = string | number;

/**
 * Counts on a day and in its month. Where many keys are counted on every day, a window is then read as
 * whole months and the days of two months at most, `sumsIn`, instead of as all days there ever were.
 */
export const countOn = (count: Count, day: number, by: number, report: string, ...parts: ReadonlyArray<Part>): void => {
  const month = monthOfDay(day);
  count(keyOf(report, 'months', ...parts), month, by);
  count(keyOf(report, 'days', month, ...parts), day, by);
};

/** The months of a window that lie in it whole, and those that it cuts. */
const monthsIn = ({ from, to }: Required<BucketRange>) => {
  const touched = monthsOf({ from, to });
  const cut = new Set<number>();
  if (monthOfDay(from - 1) === touched.at(0)) cut.add(touched.at(0) ?? 0);
  if (monthOfDay(to + 1) === touched.at(-1)) cut.add(touched.at(-1) ?? 0);
  return { whole: touched.filter((month) => !cut.has(month)), cut };
};

/** What was counted by `countOn` under these parts and further ones in a window of days: the further parts and the sum. */
export const sumsIn = async (
  readModels: Pick<FiguresSource, 'tallySums'>,
  days: Required<BucketRange>,
  report: string,
  ...parts: ReadonlyArray<Part>
): Promise<ReadonlyArray<readonly [further: ReadonlyArray<string>, sum: number]>> => {
  const sums = new Map<string, { readonly further: ReadonlyArray<string>; sum: number }>();
  const add = (found: ReadonlyArray<readonly [string, number]>, before: number): void => {
    for (const [key, count] of found) {
      const further = partsOf(key).slice(before + parts.length);
      const place = JSON.stringify(further);
      const known = sums.get(place);
      if (known === undefined) sums.set(place, { further, sum: count });
      else known.sum += count;
    }
  };
  const { whole, cut } = monthsIn(days);
  const [first, last] = [whole.at(0), whole.at(-1)];
  if (first !== undefined && last !== undefined)
    add(await readModels.tallySums(prefixOf(report, 'months', ...parts), { from: first, to: last }), 1);
  for (const month of cut) add(await readModels.tallySums(prefixOf(report, 'days', month, ...parts), days), 2);
  return [...sums.values()].flatMap(({ further, sum }) => (sum === 0 ? [] : [[further, sum] as const]));
};
