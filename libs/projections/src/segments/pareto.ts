import type { FiguresSource } from '../figures/definition';
import { type Count, keyOf } from '../tally/contribute';

const REPORT = 'segments';

/** The Pareto principle: 20 % of the customers, 80 % of the contribution (`domain.md §6.5`). */
const TOP_CUSTOMERS = 0.2;
const MOST_OF_IT = 0.8;
const ROUNDING_NOISE = 1e-9;
/** Steps of a band within a doubling: no band holds more than a small part of the customers. */
const STEPS = 64;

/**
 * Band of a contribution: grows with it, about a hundredth wide. A check walks the bands and reads one by
 * one only the customers of the two bands in which a limit lies, so it stays exact and costs little.
 */
const bandOf = (minor: number): number => Math.floor(Math.log2(minor) * STEPS);

const bandKey = (band: number): string => keyOf(REPORT, 'contribution', band);

/** Counts one customer of the base by its contribution in minor units; at most 0 counts as 0. */
export const contributeToPareto = (minor: number, count: Count): void => {
  count(keyOf(REPORT, 'base'), 0);
  if (minor <= 0) return;
  const band = bandOf(minor);
  count(keyOf(REPORT, 'band', 'customers'), band);
  count(keyOf(REPORT, 'band', 'minor'), band, minor);
  count(bandKey(band), minor);
};

export interface Pareto {
  readonly customers: number;
  /** Share 0..1 of the positive contribution that the top 20 % earn; null when nobody earns any. */
  readonly topShare: number | null;
  /** k/N: share of customers needed for 80 % of the positive contribution; null likewise. */
  readonly neededShare: number | null;
}

/** All that the check reads. */
type BucketSource = Pick<FiguresSource, 'tallyBuckets'>;

interface Band {
  readonly band: number;
  readonly customers: number;
  readonly minor: number;
}

/** Customers and contribution from the top down, to where `isEnough` says so inside one band. */
const descend = async (
  bands: ReadonlyArray<Band>,
  readModels: BucketSource,
  isEnough: (customers: number, minor: number) => boolean,
  /** How many customers of the same contribution are still needed. */
  needed: (customers: number, minor: number, each: number) => number,
): Promise<{ readonly customers: number; readonly minor: number }> => {
  let customers = 0;
  let minor = 0;
  for (const band of bands) {
    if (!isEnough(customers + band.customers, minor + band.minor)) {
      customers += band.customers;
      minor += band.minor;
      continue;
    }
    for (const [each, available] of (await readModels.tallyBuckets(bandKey(band.band))).toReversed()) {
      const more = Math.min(available, Math.max(0, needed(customers, minor, each)));
      customers += more;
      minor += more * each;
      if (isEnough(customers, minor)) return { customers, minor };
    }
  }
  return { customers, minor };
};

/** Pareto check over the base (`domain.md §6.5`), the same as over a list of all contributions. */
export const readPareto = async (readModels: BucketSource): Promise<Pareto> => {
  const [[base = [0, 0]], counts, sums] = await Promise.all([
    readModels.tallyBuckets(keyOf(REPORT, 'base')),
    readModels.tallyBuckets(keyOf(REPORT, 'band', 'customers')),
    readModels.tallyBuckets(keyOf(REPORT, 'band', 'minor')),
  ]);
  const customers = base[1];
  const earned = new Map(sums);
  const bands = counts.map(([band, many]) => ({ band, customers: many, minor: earned.get(band) ?? 0 })).toReversed();
  const total = bands.reduce((sum, { minor }) => sum + minor, 0);
  if (total === 0) return { customers, topShare: null, neededShare: null };
  const places = Math.ceil(TOP_CUSTOMERS * customers - ROUNDING_NOISE);
  const top = await descend(
    bands,
    readModels,
    (many) => many >= places,
    (many) => places - many,
  );
  const most = MOST_OF_IT * total;
  const needed = await descend(
    bands,
    readModels,
    (_, minor) => minor >= most,
    (_, minor, each) => {
      const more = Math.ceil((most - minor) / each);
      // Rounding of the quotient must not take one customer more than the sum needs.
      return minor + (more - 1) * each >= most ? more - 1 : more;
    },
  );
  return { customers, topShare: top.minor / total, neededShare: needed.customers / customers };
};
