import type { BucketRange } from '@afecto/read-models';
import type { FiguresSource } from '../figures/definition';
import { type Count, partsOf, prefixOf, keyOf } from './contribute';
import { type Distribution, sizeOf, together } from './distribution';

/** Bins in each octave: a bin is at most an eighth of its values wide. */
const BINS = 8;

/** The bin of a whole number ≥ 0, named by the least value in it; up to 32 each value is a bin of its own. */
const binOf = (value: number): { readonly from: number; readonly width: number } => {
  if (value < 2 * BINS) return { from: value, width: 1 };
  const width = 2 ** (Math.floor(Math.log2(value)) - Math.log2(BINS));
  return { from: Math.floor(value / width) * width, width };
};

type Part = string | number;

const MONTHS_A_YEAR = 12;
const yearOf = (month: number): number => Math.floor(month / MONTHS_A_YEAR);
/** A value and its month within a year as one bucket, in the order of values. */
const bucketOf = (value: number, month: number): number => value * MONTHS_A_YEAR + (month % MONTHS_A_YEAR);

/** Counts a whole number ≥ 0 with its month, by years: for few different values, that are all read. */
export const countMonthly = (
  count: Count,
  month: number,
  value: number,
  report: string,
  ...parts: ReadonlyArray<Part>
): void => count(keyOf(report, 'values', yearOf(month), ...parts), bucketOf(value, month));

/**
 * Counts a whole number ≥ 0 of a month so that percentiles can be read exactly: its bin by months, and the
 * value itself with its month, by years. Reading goes over the bins, and over the values of the one bin that
 * decides: of a year in one piece, for asking costs more than reading.
 */
export const countValue = (
  count: Count,
  month: number,
  value: number,
  report: string,
  ...parts: ReadonlyArray<Part>
): void => {
  count(keyOf(report, 'bins', ...parts, binOf(value).from), month);
  countMonthly(count, month, value, report, ...parts);
};

export interface Percentiles {
  readonly values: number;
  /** By nearest rank, in the order asked; null without values. */
  readonly at: ReadonlyArray<number | null>;
}

/** Every whole number ≥ 0, and no other. */
const ALL = { from: 0, width: Math.floor(Number.MAX_SAFE_INTEGER / MONTHS_A_YEAR) };

/** How often each value (of a range) was counted by `countMonthly` in these months, ascending. */
export const valuesOf = async (
  readModels: Pick<FiguresSource, 'tallyBuckets'>,
  months: Required<BucketRange>,
  report: string,
  parts: ReadonlyArray<Part>,
  { from, width }: { readonly from: number; readonly width: number } = ALL,
): Promise<Distribution> => {
  const inside = { from: from * MONTHS_A_YEAR, to: (from + width) * MONTHS_A_YEAR - 1 };
  const years: Distribution[] = [];
  for (let year = yearOf(months.from); year <= yearOf(months.to); year += 1) {
    const first = year * MONTHS_A_YEAR;
    years.push(
      (await readModels.tallyBuckets(keyOf(report, 'values', year, ...parts), inside)).flatMap(([bucket, many]) => {
        const month = first + (bucket % MONTHS_A_YEAR);
        return month < months.from || month > months.to ? [] : [[Math.floor(bucket / MONTHS_A_YEAR), many] as const];
      }),
    );
  }
  return together(years);
};

/** Each bin of several groups, ascending, and how many values lie in it. */
const binsOf = async (
  readModels: Pick<FiguresSource, 'tallySums'>,
  months: Required<BucketRange>,
  report: string,
  groups: ReadonlyArray<ReadonlyArray<Part>>,
): Promise<Distribution> => {
  const bins: Distribution[] = [];
  for (const parts of groups)
    bins.push(
      (await readModels.tallySums(prefixOf(report, 'bins', ...parts), months)).map(
        ([key, many]) => [Number(partsOf(key).at(-1)), many] as const,
      ),
    );
  return together(bins);
};

/** `percentilesOf` of several groups as of one; `groups`: the parts of each. */
export const percentilesOfAll = async (
  readModels: Pick<FiguresSource, 'tallySums' | 'tallyBuckets'>,
  months: Required<BucketRange>,
  shares: ReadonlyArray<number>,
  report: string,
  groups: ReadonlyArray<ReadonlyArray<Part>>,
): Promise<Percentiles> => {
  const bins = await binsOf(readModels, months, report, groups);
  const values = sizeOf(bins);
  const read = new Map<number, Promise<Distribution>>();

  const valuesIn = async (from: number): Promise<Distribution> => {
    const found: Distribution[] = [];
    for (const parts of groups) found.push(await valuesOf(readModels, months, report, parts, binOf(from)));
    return together(found);
  };

  /** The value of a rank: the bin in which it lies, then its place among the values of that bin. */
  const valueAt = async (rank: number): Promise<number | null> => {
    let before = 0;
    const bin = bins.find(([, many]) => (before += many) >= rank);
    if (bin === undefined) return null;
    const [from, many] = bin;
    const counted = read.get(from) ?? valuesIn(from);
    read.set(from, counted);
    let seen = before - many;
    for (const [value, times] of await counted) if ((seen += times) >= rank) return value;
    return null;
  };

  const at: (number | null)[] = [];
  for (const share of shares) at.push(values === 0 ? null : await valueAt(Math.max(1, Math.ceil(share * values))));
  return { values, at };
};

/** How many there are and exact percentiles (shares 0..1) of what `countValue` counted in these months. */
export const percentilesOf = (
  readModels: Pick<FiguresSource, 'tallySums' | 'tallyBuckets'>,
  months: Required<BucketRange>,
  shares: ReadonlyArray<number>,
  report: string,
  ...parts: ReadonlyArray<Part>
): Promise<Percentiles> => percentilesOfAll(readModels, months, shares, report, [parts]);
