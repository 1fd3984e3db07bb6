import type { BgNbd, PurchaseHistory } from '@afecto/domain';
import { logGamma } from '../special/log-gamma';
import { type PurchaseSample, purchaseSample } from './sample';

/** ln(eˣ + eʸ) without overflow. */
const logSum = (x: number, y: number): number => Math.max(x, y) + Math.log1p(Math.exp(-Math.abs(x - y)));

/** A1 + A2 of `domain.md §13.1`: what depends on the count alone. */
const countTerm = ({ r, alpha, a, b }: BgNbd, x: number): number =>
  logGamma(r + x) -
  logGamma(r) +
  r * Math.log(alpha) +
  (logGamma(a + b) + logGamma(b + x) - logGamma(b) - logGamma(a + b + x));

/** Log-likelihood of BG/NBD over a population; Σ of A1 + A2 + ln(e^A3 + [x>0] e^A4) (`domain.md §13.1`). */
export const sampleLogLikelihood = ({ once, again }: PurchaseSample, model: BgNbd): number => {
  const { r, alpha, a, b } = model;
  const ofNone = countTerm(model, 0);
  let sum = 0;
  for (const [observed, count] of once) sum += count * (ofNone - r * Math.log(alpha + observed));
  // Few counts occur, and their terms cost most.
  const terms: number[] = [];
  const logA = Math.log(a);
  for (const [index, x] of again.repeats.entries()) {
    const term = (terms[x] ??= countTerm(model, x));
    const alive = -(r + x) * Math.log(alpha + (again.observedWeeks[index] ?? 0));
    const dead = logA - Math.log(b + x - 1) - (r + x) * Math.log(alpha + (again.lastRepeatWeeks[index] ?? 0));
    sum += term + logSum(alive, dead);
  }
  return sum;
};

/** Log-likelihood of one customer's history, times in weeks (`domain.md §13.1`). */
export const purchaseLogLikelihood = (history: PurchaseHistory, model: BgNbd): number =>
  sampleLogLikelihood(purchaseSample([history]), model);
