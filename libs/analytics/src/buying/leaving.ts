import type { BgNbd, PurchaseHistory } from '@afecto/domain';
import { minimise } from '../special/minimise';
import type { FittedBgNbd } from './fit';
import { sampleLogLikelihood } from './likelihood';
import type { PurchaseSample } from './sample';

/** BG/NBD in its limit a → 0, in which nobody ever leaves: purchases are negative binomial. */
export interface WithoutLeaving {
  readonly r: number;
  readonly alpha: number;
  readonly LL: number;
}

/** Half of the 95 % point of χ² with the two parameters that leaving takes. */
const EVIDENT_GAIN = 2.996;

const START = [1, 3].map(Math.log);

/** The best model in which nobody leaves, of a population with repeat buyers. Run with `atOnce` or `inTurns`. */
export function* fitWithoutLeaving(sample: PurchaseSample): Generator<void, WithoutLeaving> {
  const modelAt = ([logR = NaN, logAlpha = NaN]: ReadonlyArray<number>): BgNbd => ({
    r: Math.exp(logR),
    alpha: Math.exp(logAlpha),
    a: Number.MIN_VALUE,
    b: 1,
  });
  const found = yield* minimise((at) => -sampleLogLikelihood(sample, modelAt(at)) / sample.customers, START);
  const { r, alpha } = modelAt(found.at);
  return { r, alpha, LL: sampleLogLikelihood(sample, modelAt(found.at)) };
}

/** Order days expected of a customer who never leaves in the next `weeks` ≥ 0. */
export const expectedWithoutLeaving = (
  { r, alpha }: Pick<WithoutLeaving, 'r' | 'alpha'>,
  { repeats, observedWeeks }: PurchaseHistory,
  weeks: number,
): number => ((r + repeats) / (alpha + observedWeeks)) * weeks;

/** Whether the data show that customers leave at all. False: a and b are not determined, and P(alive) says nothing. */
export const isLeavingEvident = (fitted: Pick<FittedBgNbd, 'LL'>, without: Pick<WithoutLeaving, 'LL'>): boolean =>
  fitted.LL - without.LL > EVIDENT_GAIN;
