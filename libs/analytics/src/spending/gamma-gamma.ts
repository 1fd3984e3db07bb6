import { logGamma } from '../special/log-gamma';

/** Parameters of Gamma-Gamma; `v` in the unit of money that the means are in (`domain.md §13.2`). */
export interface GammaGamma {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

/** A customer with at least one repeat order: how many, and their mean value > 0. */
export interface Spending {
  readonly repeats: number;
  readonly mean: number;
}

/** Log-likelihood of Gamma-Gamma over customers with repeat orders (`domain.md §13.2`). */
export const spendingLogLikelihood = (spendings: ReadonlyArray<Spending>, { p, q, v }: GammaGamma): number => {
  const terms: number[] = [];
  const constant = q * Math.log(v) - logGamma(q);
  let sum = 0;
  for (const { repeats: x, mean } of spendings) {
    const px = p * x;
    const term = (terms[x] ??= logGamma(px + q) - logGamma(px) + constant + px * Math.log(x));
    sum += term + (px - 1) * Math.log(mean) - (px + q) * Math.log(x * mean + v);
  }
  return sum;
};

/** p·v/(q − 1): the mean order of a customer of whom no repeat order is known; null when q ≤ 1, where it does not exist. */
export const populationMean = ({ p, q, v }: GammaGamma): number | null => (q > 1 ? (p * v) / (q - 1) : null);

/**
 * E[M]: the mean order value expected of a customer, the own mean weighted against the population's;
 * `spending` null: no repeat order (`domain.md §13.2`). Null when q ≤ 1.
 */
export const expectedSpend = (model: GammaGamma, spending: Spending | null): number | null => {
  const population = populationMean(model);
  if (population === null || spending === null || spending.repeats === 0) return population;
  const { p, q } = model;
  const weight = (p * spending.repeats) / (p * spending.repeats + q - 1);
  return weight * spending.mean + (1 - weight) * population;
};
