import type { BucketRange } from '@afecto/read-models';
import type { FiguresSource } from '../figures/definition';
import { type Count, partsOf, prefixOf, keyOf } from './contribute';
import { type Distribution, sizeOf, together } from './distribution';

/** Bins in each octave: a bin is at most a sixteenth of its values wide. */
const BINS = 16;

/** The bin of a whole number ≥ 0, named by the least value in it; up to 32 each value is a bin of its own. */
const binOf = (value: number): { readonly from: number; readonly width: number } => {
  if (value < 2 * BINS) return { from: value, width: 1 };
  const width = 2 ** (Math.floor(Math.log2(value)) - Math.log2(BINS));
  return { from: Math.floor(value / width) * width, width };
};

type Part = string | number;

/**
 * Counts a whole number ≥ 0 of a month so that percentiles can be read exactly: the value itself, its bin,
 * how many there are and their sum. Reading goes over the bins, and over the values of the one bin that decides.
 */
export const countValue = (
  count: Count,
  month: number,
  value: number,
  report: string,
  ...parts: ReadonlyArray<Part>
): void => {
  count(keyOf(report, 'values', month, ...parts), value);
  count(keyOf(report, 'size', ...parts), month);
  count(keyOf(report, 'bins', ...parts, binOf(value).from), month);
  if (value !== 0) count(keyOf(report, 'sum', ...parts), month, value);
};

export interface Percentiles {
  readonly values: number;
  readonly mean: number | null;
  /** By nearest rank, in the order asked; null without values. */
  readonly at: ReadonlyArray<number | null>;
}

/** Size, mean and exact percentiles (shares 0..1) of what `countValue` counted in these months. */
export const percentilesOf = async (
  readModels: Pick<FiguresSource, 'tallySums' | 'tallyBuckets'>,
  months: Required<BucketRange>,
  shares: ReadonlyArray<number>,
  report: string,
  ...parts: ReadonlyArray<Part>
): Promise<Percentiles> => {
  const sizes = await readModels.tallyBuckets(keyOf(report, 'size', ...parts), months);
  const values = sizeOf(sizes);
  if (values === 0) return { values, mean: null, at: shares.map(() => null) };
  const bins = (await readModels.tallySums(prefixOf(report, 'bins', ...parts), months))
    .map(([key, many]) => ({ from: Number(partsOf(key).at(-1)), many }))
    .sort((one, other) => one.from - other.from);

  /** The value of a rank: the bin in which it lies, then its place among the values of that bin. */
  const valueAt = async (rank: number): Promise<number | null> => {
    let before = 0;
    const bin = bins.find(({ many }) => (before += many) >= rank);
    if (bin === undefined) return null;
    const inside = { from: bin.from, to: bin.from + binOf(bin.from).width - 1 };
    const counted: Distribution[] = [];
    for (const [month] of sizes)
      counted.push(await readModels.tallyBuckets(keyOf(report, 'values', month, ...parts), inside));
    let seen = before - bin.many;
    for (const [value, many] of together(counted)) if ((seen += many) >= rank) return value;
    return null;
  };

  const sum = sizeOf(await readModels.tallyBuckets(keyOf(report, 'sum', ...parts), months));
  const at: (number | null)[] = [];
  for (const share of shares) at.push(await valueAt(Math.max(1, Math.ceil(share * values))));
  return { values, mean: sum / values, at };
};
