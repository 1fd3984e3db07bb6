import fc from 'fast-check';
import type { FiguresSource } from '../figures/definition';
import { contributeToPareto, type Pareto, readPareto } from './pareto';

/** Sums as the read models keep them, and how many buckets were read of customers one by one. */
const talliesOf = (contributions: ReadonlyArray<number>) => {
  const tallies = new Map<string, Map<number, number>>();
  for (const minor of contributions)
    contributeToPareto(minor, (key, bucket, by = 1) => {
      const buckets = tallies.get(key) ?? new Map<number, number>();
      tallies.set(key, buckets.set(bucket, (buckets.get(bucket) ?? 0) + by));
    });
  let read = 0;
  const source: Pick<FiguresSource, 'tallyBuckets'> = {
    tallyBuckets: async (key) => {
      const buckets = [...(tallies.get(key) ?? [])].sort(([one], [other]) => one - other);
      if (key.includes('contribution')) read += buckets.length;
      return buckets;
    },
  };
  return { source, read: () => read };
};

/** The same check over a list of all contributions. */
const overAll = (contributions: ReadonlyArray<number>): Pareto => {
  const earned = contributions.map((minor) => Math.max(0, minor)).sort((one, other) => other - one);
  const customers = earned.length;
  const total = earned.reduce((sum, minor) => sum + minor, 0);
  if (total === 0) return { customers, topShare: null, neededShare: null };
  const top = earned.slice(0, Math.ceil(customers / 5)).reduce((sum, minor) => sum + minor, 0);
  let needed = 0;
  for (let reached = 0; reached < 0.8 * total; needed += 1) reached += earned[needed] ?? 0;
  return { customers, topShare: top / total, neededShare: needed / customers };
};

describe('the Pareto check on tallies', () => {
  // coverage: 148
  test('tells what the top 20 % earn and how many earn 80 %', async () => {
    const { source } = talliesOf([80, 5, 5, 5, 5, 0, -20, 0, 0, 0]);
    expect(await readPareto(source)).toEqual({ customers: 10, topShare: 0.85, neededShare: 0.1 });
  });

  // coverage: 148
  test('is to the last bit the one over a list of all contributions', async () => {
    const contribution = fc.oneof(
      fc.integer({ min: -1_000, max: 3_000 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 5_000_000_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(contribution, { maxLength: 60 }), async (contributions) => {
        expect(await readPareto(talliesOf(contributions).source)).toEqual(overAll(contributions));
      }),
      { numRuns: 150 },
    );
  });

  test('reads few customers one by one: those of the two bands in which its limits lie', async () => {
    const contributions = Array.from({ length: 4_000 }, (_, index) => 1_000 + 185 * index);
    const { source, read } = talliesOf(contributions);
    expect(await readPareto(source)).toEqual(overAll(contributions));
    expect(read()).toBeGreaterThan(0);
    expect(read()).toBeLessThan(contributions.length / 20);
  });

  test('says nothing where nobody earns anything', async () => {
    expect(await readPareto(talliesOf([]).source)).toEqual({ customers: 0, topShare: null, neededShare: null });
    expect(await readPareto(talliesOf([0, -5]).source)).toEqual({ customers: 2, topShare: null, neededShare: null });
  });
});
