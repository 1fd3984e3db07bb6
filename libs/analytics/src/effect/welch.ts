import { studentBound } from '../special/student';

export interface Interval {
  readonly low: number;
  readonly high: number;
}

interface Moments {
  readonly n: number;
  readonly mean: number;
  /** s²/n, the squared standard error of the mean. */
  readonly squaredError: number;
}

const momentsOf = (values: ReadonlyArray<number>): Moments => {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n, mean, squaredError: squares / (n - 1) / n };
};

/**
 * Difference of two means (first − second) with its confidence interval by Welch, whose samples may
 * differ in variance and size; `confidence` 0..1. Null when a sample has fewer than two values. Samples
 * that do not vary at all leave an interval of width 0.
 */
export const welchDifference = (
  first: ReadonlyArray<number>,
  second: ReadonlyArray<number>,
  confidence = 0.95,
): { readonly difference: number; readonly interval: Interval; readonly degrees: number | null } | null => {
  if (first.length < 2 || second.length < 2) return null;
  const [one, other] = [momentsOf(first), momentsOf(second)];
  const difference = one.mean - other.mean;
  const squared = one.squaredError + other.squaredError;
  if (squared === 0) return { difference, interval: { low: difference, high: difference }, degrees: null };
  const degrees = squared ** 2 / (one.squaredError ** 2 / (one.n - 1) + other.squaredError ** 2 / (other.n - 1));
  const half = studentBound(confidence, degrees) * Math.sqrt(squared);
  return { difference, interval: { low: difference - half, high: difference + half }, degrees };
};
