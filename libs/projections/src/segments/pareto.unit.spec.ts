import { paretoCheck } from '@afecto/domain';
import fc from 'fast-check';
import type { FiguresSource } from '../figures/definition';
import { contributeToPareto, readPareto } from './pareto';

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

describe('the Pareto check on tallies', () => {
  // coverage: 148
  test('is to the last bit the one over a list of all contributions', async () => {
    const contribution = fc.oneof(
      fc.integer({ min: -1_000, max: 3_000 }),
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 1, max: 5_000_000_000 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(contribution, { maxLength: 60 }), async (contributions) => {
        expect(await readPareto(talliesOf(contributions).source)).toEqual(paretoCheck(contributions));
      }),
      { numRuns: 150 },
    );
  });

  test('reads few customers one by one: those of the two bands in which its limits lie', async () => {
    const contributions = Array.from({ length: 4_000 }, (_, index) => 1_000 + 185 * index);
    const { source, read } = talliesOf(contributions);
    expect(await readPareto(source)).toEqual(paretoCheck(contributions));
    expect(read()).toBeGreaterThan(0);
    expect(read()).toBeLessThan(contributions.length / 20);
  });

  test('says nothing where nobody earns anything', async () => {
    expect(await readPareto(talliesOf([]).source)).toEqual({ customers: 0, topShare: null, neededShare: null });
    expect(await readPareto(talliesOf([0, -5]).source)).toEqual({ customers: 2, topShare: null, neededShare: null });
  });
});
