import * as E from 'fp-ts/Either';
import { isInBounds, MIN_REPEAT_BUYERS, shown, type Unavailable } from '../buying/fit';
import { minimise } from '../special/minimise';
import { correlation } from './correlation';
import { type GammaGamma, type Spending, spendingLogLikelihood } from './gamma-gamma';

/** A fitted model, as the portfolio review records it: `n` customers, log-likelihood `LL`. */
export interface FittedGammaGamma extends GammaGamma {
  readonly n: number;
  readonly LL: number;
}

/** |correlation| of count and mean above which the model's independence is in doubt (`domain.md §13.2`). */
export const CORRELATION_WARNING = 0.3;

export interface SpendingFit {
  readonly model: FittedGammaGamma;
  /** Of the number of repeat orders with their mean value; null when one of them does not vary. */
  readonly correlation: number | null;
  /** The model takes count and value as independent; here they are not. */
  readonly correlated: boolean;
}

/** Where the search begins: p, q, and v over the mean of all. */
const START = [5, 4, 0.5].map(Math.log);

/**
 * Maximum-likelihood fit of Gamma-Gamma (`domain.md §13.2`). Money is divided by the mean of all while
 * searching, so that no currency is ill-conditioned. Left: unavailable, by the same rules as BG/NBD,
 * or q ≤ 1, for which no mean exists. Run with `atOnce` or `inTurns`.
 */
export function* fitGammaGamma(
  spendings: ReadonlyArray<Spending>,
): Generator<void, E.Either<Unavailable, SpendingFit>> {
  const n = spendings.length;
  if (n < MIN_REPEAT_BUYERS)
    return E.left({
      code: 'TooFewRepeatBuyers',
      message: `${n} customers have repeat orders of a value; the model needs ${MIN_REPEAT_BUYERS}`,
    });
  const unit = spendings.reduce((sum, { mean }) => sum + mean, 0) / n;
  const scaled = spendings.map(({ repeats, mean }) => ({ repeats, mean: mean / unit }));
  const modelAt = (at: ReadonlyArray<number>): GammaGamma => {
    const [p = NaN, q = NaN, v = NaN] = at.map(Math.exp);
    return { p, q, v };
  };
  const found = yield* minimise((at) => -spendingLogLikelihood(scaled, modelAt(at)) / n, START);
  const { p, q, v } = modelAt(found.at);
  if (q <= 1 || !isInBounds([p, q, v]))
    return E.left({
      code: 'OutOfBounds',
      message: `the data do not determine the model: ${shown({ p, q, v: v * unit })}`,
    });
  if (!found.converged)
    return E.left({ code: 'NotConverged', message: 'the search for the maximum of the likelihood did not end' });
  const model = { p, q, v: v * unit };
  const correlated = correlation(
    spendings.map(({ repeats }) => repeats),
    spendings.map(({ mean }) => mean),
  );
  return E.right({
    model: { ...model, n, LL: spendingLogLikelihood(spendings, model) },
    correlation: correlated,
    correlated: correlated !== null && Math.abs(correlated) > CORRELATION_WARNING,
  });
}
