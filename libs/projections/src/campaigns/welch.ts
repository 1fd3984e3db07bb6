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

/** ln Γ by Lanczos' series, relative error below 1e-13 for x > 0. */
const lnGamma = (x: number): number => {
  const series = [
    676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
    -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const base = x - 1 + 7.5;
  const sum = series.reduce((total, term, index) => total + term / (x + index), 0.99999999999980993);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
};

/** Continued fraction of the incomplete beta function (Lentz), for x < (a + 1) / (a + b + 2). */
const betaFraction = (a: number, b: number, x: number): number => {
  const tiny = 1e-300;
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= 1_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
};

/** Regularized incomplete beta function I_x(a, b). */
const betaShare = (a: number, b: number, x: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
};

/** Probability that |T| > t for Student's T with so many degrees of freedom, not only whole ones. */
const twoTailed = (t: number, freedom: number): number => betaShare(freedom / 2, 0.5, freedom / (freedom + t * t));

/** Student's t that is exceeded on both sides together with this probability; found by halving, to 1e-12. */
export const studentT = (bothTails: number, freedom: number): number => {
  let high = 1;
  while (twoTailed(high, freedom) > bothTails) high *= 2;
  let low = 0;
  while (high - low > 1e-12 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (twoTailed(middle, freedom) > bothTails) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
};

const BOTH_TAILS = 0.05;

const intervalOf = (one: Sample, other: Sample, difference: number): Difference['interval'] => {
  if (one.count < 2 || other.count < 2) return null;
  const ofOne = varianceOf(one) / one.count;
  const ofOther = varianceOf(other) / other.count;
  const spread = ofOne + ofOther;
  if (spread === 0) return { low: difference, high: difference };
  const freedom = spread ** 2 / (ofOne ** 2 / (one.count - 1) + ofOther ** 2 / (other.count - 1));
  const margin = studentT(BOTH_TAILS, freedom) * Math.sqrt(spread);
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
