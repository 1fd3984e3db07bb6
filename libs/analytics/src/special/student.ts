import { logBeta } from './log-gamma';

const PRECISION = 1e-15;
const MAX_FRACTIONS = 10_000;
/** Keeps the continued fraction from dividing by nothing. */
const TINY = 1e-300;

/** The continued fraction of the incomplete beta function, evaluated by Lentz's method; x below (a+1)/(a+b+2). */
const betaFraction = (a: number, b: number, x: number): number => {
  const floor = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / floor(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < MAX_FRACTIONS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / floor(1 + even * d);
    c = floor(1 + even / c);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / floor(1 + odd * d);
    c = floor(1 + odd / c);
    fraction *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return fraction;
};

/** I_x(a, b), the regularised incomplete beta function, a, b > 0, 0 ≤ x ≤ 1. */
export const incompleteBeta = (a: number, b: number, x: number): number => {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
};

const HALVINGS = 200;

/**
 * The t with P(|T| ≤ t) = `confidence` for Student's distribution with `degrees` > 0 degrees of freedom
 * (not necessarily whole), 0 < confidence < 1.
 */
export const studentBound = (confidence: number, degrees: number): number => {
  // P(|T| > t) = I_x(degrees/2, 1/2) with x = degrees/(degrees + t²), which rises with x.
  let [low, high] = [0, 1];
  for (let halving = 0; halving < HALVINGS && high - low > Number.EPSILON * high; halving++) {
    const middle = (low + high) / 2;
    if (incompleteBeta(degrees / 2, 0.5, middle) < 1 - confidence) low = middle;
    else high = middle;
  }
  const x = (low + high) / 2;
  return Math.sqrt((degrees * (1 - x)) / x);
};
