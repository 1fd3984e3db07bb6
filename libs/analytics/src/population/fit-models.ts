import * as E from 'fp-ts/Either';
import { fitBgNbd, type FittedBgNbd, type Unavailable } from '../buying/fit';
import { type PurchaseSample, purchaseSample } from '../buying/sample';
import { fitGammaGamma, type SpendingFit } from '../spending/fit';
import type { Buyer } from './buyer';

export interface FittedModels {
  readonly sample: PurchaseSample;
  readonly buying: E.Either<Unavailable, FittedBgNbd>;
  readonly spending: E.Either<Unavailable, SpendingFit>;
}

/** Both models of one population (`domain.md §13.1`, `§13.2`). Run with `atOnce` or `inTurns`. */
export function* fitModels(buyers: ReadonlyArray<Buyer>): Generator<void, FittedModels> {
  const sample = purchaseSample(buyers.map(({ history }) => history));
  const buying = yield* fitBgNbd(sample);
  const spending = yield* fitGammaGamma(buyers.flatMap((buyer) => (buyer.spending === null ? [] : [buyer.spending])));
  return { sample, buying, spending };
}

/** The models as the portfolio review records them: an unavailable one is absent. */
export const modelsOfReview = ({ buying, spending }: FittedModels) => ({
  ...(E.isRight(buying) ? { bgnbd: buying.right } : {}),
  ...(E.isRight(spending) ? { gammaGamma: spending.right.model } : {}),
});
