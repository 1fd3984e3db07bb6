import type { BgNbd, PurchaseHistory } from '@afecto/domain';
import { hypergeometric } from '../special/hypergeometric';

const NUDGE = 1e-6;

/** The formulas divide by a − 1 and, through ₂F₁, by a + b − 1; their limits are finite (`domain.md §13.1`). */
const nudged = (model: BgNbd): BgNbd => {
  const isSingular = Math.abs(model.a - 1) < NUDGE || Math.abs(model.a + model.b - 1) < NUDGE;
  return isSingular ? { ...model, a: model.a + 2 * NUDGE } : model;
};

/**
 * E[X(t)]: repeat order days expected of a customer in the first `weeks` ≥ 0 after the first order
 * (`domain.md §13.1`). Null where the series does not settle (`hypergeometric`).
 */
export const expectedRepeats = (model: BgNbd, weeks: number): number | null => {
  const { r, alpha, a, b } = nudged(model);
  const series = hypergeometric(r, b, a + b - 1, weeks / (alpha + weeks));
  if (series === null) return null;
  const never = Math.exp(r * (Math.log(alpha) - Math.log(alpha + weeks)));
  return Math.max(0, ((a + b - 1) / (a - 1)) * (1 - never * series));
};

/**
 * E[Y(t)]: order days expected of a customer in the next `weeks` ≥ 0, given its history
 * (`domain.md §13.1`). Null where the series does not settle (`hypergeometric`), and where parameters that somebody
 * else's review carries are beyond what can be computed with.
 */
export const expectedFuture = (model: BgNbd, history: PurchaseHistory, weeks: number): number | null => {
  const { r, alpha, a, b } = nudged(model);
  const { repeats: x, lastRepeatWeeks, observedWeeks } = history;
  const end = alpha + observedWeeks + weeks;
  const series = hypergeometric(r + x, b + x, a + b + x - 1, weeks / end);
  if (series === null) return null;
  const none = Math.exp((r + x) * (Math.log(alpha + observedWeeks) - Math.log(end)));
  const ifAlive = ((a + b + x - 1) / (a - 1)) * (1 - none * series);
  const deadOdds =
    x === 0
      ? 0
      : Math.exp(
          Math.log(a) -
            Math.log(b + x - 1) +
            (r + x) * (Math.log(alpha + observedWeeks) - Math.log(alpha + lastRepeatWeeks)),
        );
  const expected = Math.max(0, ifAlive / (1 + deadOdds));
  return Number.isFinite(expected) ? expected : null;
};
