/** q20, q40, q60 and q80 of a population. */
export type CutPoints = ReadonlyArray<number>;

export interface RfmCuts {
  readonly r: CutPoints | null;
  readonly f: CutPoints | null;
  readonly m: CutPoints | null;
}

export interface RfmScores {
  /** Each 1 (worst) to 5 (best). */
  readonly r: number;
  readonly f: number;
  readonly m: number;
  /** r·100 + f·10 + m. */
  readonly code: number;
}

const quintiles = 5;

/**
 * Cut points of values sorted ascending: linear-interpolation quantiles of type 7; null without
 * values (`domain.md §6.1`).
 */
export const cutPoints = (sorted: ArrayLike<number>): number[] | null => {
  if (sorted.length === 0) return null;
  return [1, 2, 3, 4].map((fifth) => {
    // One division of integers, so that a whole position is exactly whole.
    const position = ((sorted.length - 1) * fifth) / quintiles;
    const lower = Math.floor(position);
    const below = sorted[lower] ?? 0;
    const above = sorted[lower + 1] ?? below;
    return below + (above - below) * (position - lower);
  });
};

const cutsBelow = (value: number, cuts: CutPoints): number => {
  let below = 0;
  for (const cut of cuts) if (cut < value) below += 1;
  return below;
};

/** Score of frequency or money: more is better, equal values score equally (`domain.md §6.1`). */
export const risingScore = (value: number, cuts: CutPoints): number => 1 + cutsBelow(value, cuts);

/** Score of recency in days: fewer is better (`domain.md §6.1`). */
export const fallingScore = (value: number, cuts: CutPoints): number => quintiles - cutsBelow(value, cuts);

/** RFM scores under the cuts of a review; null when the review had no population (`domain.md §6.1`). */
export const rfmScores = (
  customer: { readonly recencyDays: number; readonly frequency365: number; readonly spend365Minor: number },
  cuts: RfmCuts,
): RfmScores | null => {
  if (cuts.r === null || cuts.f === null || cuts.m === null) return null;
  const r = fallingScore(customer.recencyDays, cuts.r);
  const f = risingScore(customer.frequency365, cuts.f);
  const m = risingScore(customer.spend365Minor, cuts.m);
  return { r, f, m, code: r * 100 + f * 10 + m };
};
