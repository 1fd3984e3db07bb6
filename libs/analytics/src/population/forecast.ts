import { type BgNbd, type Instant, probabilityAlive, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { expectedFuture } from '../buying/expectation';
import { lifetimeValue, type LifetimeTerms } from '../lifetime-value/lifetime-value';
import { expectedSpend, type GammaGamma } from '../spending/gamma-gamma';
import type { Buyer } from './buyer';
import type { FittedModels } from './fit-models';

/** What a customer is worth by the models, whole minor units; null where the model of spending is unavailable. */
export interface Worth {
  readonly expectedSpendMinor: number | null;
  readonly lifetimeValueMinor: number | null;
}

/** What the models expect of one customer over the horizon; money in minor units, null where a model is unavailable. */
export interface Forecast extends Worth {
  readonly partyId: string;
  readonly repeats: number;
  /** Null for one-time buyers, of whom the model says 1 whatever happens (`domain.md §13.1`). */
  readonly probabilityAlive: number | null;
  readonly expectedOrders: number;
  readonly nextDueAt: string | null;
}

interface Models {
  readonly buying: BgNbd;
  /** Null: unavailable. */
  readonly spending: GammaGamma | null;
}

/** Whole minor units; null for what is unavailable, or no number of them. */
const minorOrNull = (value: number | null): number | null => {
  const minor = Math.round(value ?? Number.NaN);
  return Number.isSafeInteger(minor) ? minor : null;
};

const worthOf = ({ buying, spending }: Models, buyer: Buyer, terms: LifetimeTerms): Worth => {
  if (spending === null) return { expectedSpendMinor: null, lifetimeValueMinor: null };
  return {
    expectedSpendMinor: minorOrNull(expectedSpend(spending, buyer.spending)),
    lifetimeValueMinor: minorOrNull(lifetimeValue({ buying, spending }, buyer, terms)),
  };
};

/** The same of one customer whom nobody is compared with (`domain.md §16 PR08`); orders null where the series does not settle. */
export const expectedOf = (
  models: Models,
  buyer: Buyer,
  terms: LifetimeTerms,
): Worth & { readonly expectedOrders: number | null } => ({
  expectedOrders: expectedFuture(models.buying, buyer.history, terms.horizonWeeks),
  ...worthOf(models, buyer, terms),
});

/** The customers of whom most orders are expected, at most `limit`; empty without a model of buying. */
export function* topForecasts(
  buyers: ReadonlyArray<Buyer & { readonly nextDueAt: Instant | null }>,
  { buying, spending }: Pick<FittedModels, 'buying' | 'spending'>,
  terms: LifetimeTerms,
  limit: number,
): Generator<void, ReadonlyArray<Forecast>> {
  if (E.isLeft(buying)) return [];
  const ranked: Array<{ buyer: (typeof buyers)[number]; expectedOrders: number }> = [];
  for (const buyer of buyers) {
    const expectedOrders = expectedFuture(buying.right, buyer.history, terms.horizonWeeks);
    if (expectedOrders !== null) ranked.push({ buyer, expectedOrders });
    yield;
  }
  ranked.sort(
    (one, other) => other.expectedOrders - one.expectedOrders || (one.buyer.partyId < other.buyer.partyId ? -1 : 1),
  );
  const models = { buying: buying.right, spending: E.isRight(spending) ? spending.right.model : null };
  return ranked.slice(0, limit).map(({ buyer, expectedOrders }) => ({
    partyId: buyer.partyId,
    repeats: buyer.history.repeats,
    probabilityAlive: buyer.history.repeats === 0 ? null : probabilityAlive(buyer.history, buying.right),
    expectedOrders,
    ...worthOf(models, buyer, terms),
    nextDueAt: buyer.nextDueAt === null ? null : toIso(buyer.nextDueAt),
  }));
}
