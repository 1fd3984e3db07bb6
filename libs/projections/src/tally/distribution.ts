/** How often each value was counted. */
export type Distribution = ReadonlyArray<readonly [value: number, count: number]>;

/** Several distributions as one, ascending by value. */
export const together = (distributions: ReadonlyArray<Distribution>): Distribution => {
  const counts = new Map<number, number>();
  for (const distribution of distributions)
    for (const [value, count] of distribution) counts.set(value, (counts.get(value) ?? 0) + count);
  return [...counts].sort(([one], [other]) => one - other);
};

export const sizeOf = (distribution: Distribution): number => distribution.reduce((sum, [, count]) => sum + count, 0);

/** The least value that at least `share` (0..1) of all values do not exceed (nearest rank); null without values. `distribution` ascends. */
export const quantileOf = (distribution: Distribution, share: number): number | null => {
  const rank = Math.max(1, Math.ceil(share * sizeOf(distribution)));
  let seen = 0;
  for (const [value, count] of distribution) {
    seen += count;
    if (seen >= rank) return value;
  }
  return null;
};
