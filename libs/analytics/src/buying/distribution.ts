import type { BgNbd } from '@afecto/domain';
import { logBeta, logGamma } from '../special/log-gamma';

/** P(X(t) = n): that a customer makes `repeats` repeat orders in the first `weeks` ≥ 0 after the first (`domain.md §13.1`). */
export const probabilityOfRepeats = (model: BgNbd, weeks: number, repeats: number): number => {
  const { r, alpha, a, b } = model;
  const n = repeats;
  const logNever = r * (Math.log(alpha) - Math.log(alpha + weeks));
  const ratio = weeks / (alpha + weeks);
  const logRatio = Math.log(ratio);
  // Γ(r+j)/(Γ(r) j!) (α/(α+t))^r (t/(α+t))^j: the counts of a customer who never leaves.
  const stayed = (j: number): number =>
    Math.exp(logGamma(r + j) - logGamma(r) - logGamma(j + 1) + logNever + (j === 0 ? 0 : j * logRatio));
  const stays = Math.exp(logBeta(a, b + n) - logBeta(a, b)) * stayed(n);
  if (n === 0) return stays;
  let fewer = 0;
  let term = Math.exp(logNever);
  for (let j = 0; j < n; j++) {
    fewer += term;
    term *= ((r + j) / (j + 1)) * ratio;
  }
  const leaves = Math.exp(logBeta(a + 1, b + n - 1) - logBeta(a, b));
  return stays + leaves * Math.max(0, 1 - fewer);
};
