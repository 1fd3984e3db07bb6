import { studentBound } from '@afecto/analytics';

/** Count, sum and sum of squares of whole numbers: enough for mean and variance, exact. */
export interface Sample {
  readonly count: number;
  readonly sum: bigint;
  readonly squares: bigint;
}

export interface Difference {
  readonly meanOne: number;
  readonly meanOther: number;
  /** meanOne − meanOther. */
  readonly difference: number;
  /** 95 % confidence interval of the difference; null with fewer than two in a sample. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

const meanOf = ({ count, sum }: Sample): number => Number(sum) / count;

/** Unbiased, (n·Σx² − (Σx)²) / (n·(n − 1)): the difference is taken of whole numbers, so nothing cancels out. */
const varianceOf = ({ count, sum, squares }: Sample): number =>
  Number(BigInt(count) * squares - sum * sum) / count / (count - 1);

const CONFIDENCE = 0.95;

const intervalOf = (one: Sample, other: Sample, difference: number): Difference['interval'] => {
  if (one.count < 2 || other.count < 2) return null;
  const ofOne = varianceOf(one) / one.count;
  const ofOther = varianceOf(other) / other.count;
  const spread = ofOne + ofOther;
  if (spread === 0) return { low: difference, high: difference };
  const freedom = spread ** 2 / (ofOne ** 2 / (one.count - 1) + ofOther ** 2 / (other.count - 1));
  const margin = studentBound(CONFIDENCE, freedom) * Math.sqrt(spread);
  return { low: difference - margin, high: difference + margin };
};

/**
 * Difference of two means with Welch's 95 % interval, which does not take the variances for equal
 * (`domain.md §13.6`). Null when a sample is empty.
 */
export const welch = (one: Sample, other: Sample): Difference | null => {
  if (one.count === 0 || other.count === 0) return null;
  const meanOne = meanOf(one);
  const meanOther = meanOf(other);
  const difference = meanOne - meanOther;
  return { meanOne, meanOther, difference, interval: intervalOf(one, other, difference) };
};
