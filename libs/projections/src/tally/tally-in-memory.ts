import type { FiguresSource } from '../figures/definition';
import type { Count } from './contribute';

/** For tests: counts kept in memory, and what read models would answer of them. */
export const tallyInMemory = (): { readonly count: Count } & Pick<FiguresSource, 'tallySums' | 'tallyBuckets'> => {
  const counts = new Map<string, Map<number, number>>();
  const inside = (buckets: ReadonlyMap<number, number> | undefined, { from = -Infinity, to = Infinity } = {}) =>
    [...(buckets ?? [])].filter(([bucket]) => bucket >= from && bucket <= to).sort(([one], [other]) => one - other);
  return {
    count: (key, bucket, by = 1) => {
      const buckets = counts.get(key) ?? new Map<number, number>();
      counts.set(key, buckets.set(bucket, (buckets.get(bucket) ?? 0) + by));
    },
    tallySums: async (prefix, range) =>
      [...counts.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => [key, inside(counts.get(key), range).reduce((sum, [, many]) => sum + many, 0)] as const)
        .filter(([, sum]) => sum !== 0),
    tallyBuckets: async (key, range) => inside(counts.get(key), range),
  };
};
