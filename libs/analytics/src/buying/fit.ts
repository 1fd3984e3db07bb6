import type { BgNbd } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { type Minimum, minimise } from '../special/minimise';
import { sampleLogLikelihood } from './likelihood';
import { inUnitsOf, type PurchaseSample } from './sample';

/** A fitted model, as the portfolio review records it: `n` customers, log-likelihood `LL`. */
export interface FittedBgNbd extends BgNbd {
  readonly n: number;
  readonly LL: number;
}

/** Why there is no model: it is then `unavailable`, and P(alive) is unknown (`domain.md §13.1`). */
export interface Unavailable {
  readonly code: 'TooFewRepeatBuyers' | 'OutOfBounds' | 'NotConverged';
  readonly message: string;
}

/** `domain.md §13.1`: fewer say nothing about how people differ. */
export const MIN_REPEAT_BUYERS = 100;
/** A parameter beyond these says that the data do not determine it. */
export const PARAMETER_BOUNDS = { least: 1e-6, most: 1e4 } as const;
/** Where the search begins: r, α, a, b. */
const START = [1, 3, 1, 3].map(Math.log);

const modelAt = (at: ReadonlyArray<number>, weeks = 1): BgNbd => {
  const [r = NaN, alpha = NaN, a = NaN, b = NaN] = at.map(Math.exp);
  return { r, alpha: alpha * weeks, a, b };
};

/** Whether every parameter lies in 1e−6 … 1e4, the ends included. */
export const isInBounds = (parameters: ReadonlyArray<number>): boolean =>
  parameters.every((value) => value >= PARAMETER_BOUNDS.least && value <= PARAMETER_BOUNDS.most);

/** Parameters by name, for people. */
export const shown = (parameters: Readonly<Record<string, number>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${value.toPrecision(4)}`)
    .join(', ');

const judged = (model: BgNbd, { converged }: Minimum, sample: PurchaseSample): E.Either<Unavailable, FittedBgNbd> => {
  if (!isInBounds([model.r, model.alpha, model.a, model.b]))
    return E.left({
      code: 'OutOfBounds',
      message: `the data do not determine the model: ${shown({ ...model })}`,
    });
  return converged
    ? E.right({ ...model, n: sample.customers, LL: sampleLogLikelihood(sample, model) })
    : E.left({ code: 'NotConverged', message: 'the search for the maximum of the likelihood did not end' });
};

/**
 * Maximum-likelihood fit of BG/NBD over ln-parameters from (1, 3, 1, 3); where that fails, once more
 * with time scaled so that the longest T is 1 (`domain.md §13.1`). Left: unavailable, because fewer
 * than 100 customers repeated, or a parameter left 1e−6 … 1e4. Run with `atOnce` or `inTurns`.
 */
export function* fitBgNbd(sample: PurchaseSample): Generator<void, E.Either<Unavailable, FittedBgNbd>> {
  if (sample.repeatBuyers < MIN_REPEAT_BUYERS)
    return E.left({
      code: 'TooFewRepeatBuyers',
      message: `${sample.repeatBuyers} customers bought again; the model needs ${MIN_REPEAT_BUYERS}`,
    });
  // Per customer, so that the tolerance means the same for few and many.
  const inWeeks = yield* minimise((at) => -sampleLogLikelihood(sample, modelAt(at)) / sample.customers, START);
  const fitted = judged(modelAt(inWeeks.at), inWeeks, sample);
  if (E.isRight(fitted) || sample.longestWeeks === 0) return fitted;
  const scaled = inUnitsOf(sample, sample.longestWeeks);
  const inSpans = yield* minimise((at) => -sampleLogLikelihood(scaled, modelAt(at)) / sample.customers, START);
  return judged(modelAt(inSpans.at, sample.longestWeeks), inSpans, sample);
}
