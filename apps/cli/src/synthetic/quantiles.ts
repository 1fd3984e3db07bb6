/** The values at the shares of `AT`, ascending; between them the distribution is taken as straight. */
export type Quantiles = ReadonlyArray<number>;

/** Close together where the tails of orders and amounts are long. */
export const AT = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1] as const;

/** The value below which `share` of ascending `values` lie, straight between neighbours; NaN without values. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const place = share * (values.length - 1);
  const [below, above] = [values[Math.floor(place)], values[Math.ceil(place)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
};

export const quantilesOf = (values: ReadonlyArray<number>): Quantiles => {
  const sorted = values.toSorted((a, b) => a - b);
  return AT.map((share) => quantile(sorted, share));
};

/** The value of a distribution at a share from 0 to 1: the inverse of its cumulative distribution. */
export const valueAt = (quantiles: Quantiles, share: number): number => {
  const above = Math.max(
    1,
    AT.findIndex((at) => at >= share),
  );
  const [from = 0, to = 1] = [AT[above - 1], AT[above]];
  const [low = 0, high = 0] = [quantiles[above - 1], quantiles[above]];
  return low + ((high - low) * (share - from)) / (to - from);
};

/** Which share of whole numbers below `size` each has. */
export const shareTable = (values: ReadonlyArray<number>, size: number): ReadonlyArray<number> => {
  const counts = new Array<number>(size).fill(0);
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts.map((count) => count / Math.max(1, values.length));
};
