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

/** The value that so many values, itself one of them, do not exceed; null beyond the last. `distribution` ascends. */
const valueAt = (distribution: Distribution, rank: number): number | null => {
  let seen = 0;
  for (const [value, count] of distribution) {
    seen += count;
    if (seen >= rank) return value;
  }
  return null;
};

/** The middle value, of an even number of values the mean of the two in the middle; null without values. `distribution` ascends. */
export const medianOf = (distribution: Distribution): number | null => {
  const size = sizeOf(distribution);
  const [lower, upper] = [valueAt(distribution, Math.ceil(size / 2)), valueAt(distribution, Math.floor(size / 2) + 1)];
  return lower === null || upper === null ? null : (lower + upper) / 2;
};
