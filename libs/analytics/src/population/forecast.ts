import { type Instant, probabilityAlive, toIso } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { expectedFuture } from '../buying/expectation';
import { lifetimeValue, type LifetimeTerms } from '../lifetime-value/lifetime-value';
import { expectedSpend } from '../spending/gamma-gamma';
import type { Buyer } from './buyer';
import type { FittedModels } from './fit-models';

/** What the models expect of one customer over the horizon; money in minor units, null where a model is unavailable. */
export interface Forecast {
  readonly partyId: string;
  readonly repeats: number;
  /** Null for one-time buyers, of whom the model says 1 whatever happens (`domain.md §13.1`). */
  readonly probabilityAlive: number | null;
  readonly expectedOrders: number;
  readonly expectedSpendMinor: number | null;
  readonly lifetimeValueMinor: number | null;
  readonly nextDueAt: string | null;
}

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
  return ranked.slice(0, limit).map(({ buyer, expectedOrders }) => {
    const model = E.isRight(spending) ? spending.right.model : null;
    const worth = model === null ? null : lifetimeValue({ buying: buying.right, spending: model }, buyer, terms);
    const spend = model === null ? null : expectedSpend(model, buyer.spending);
    return {
      partyId: buyer.partyId,
      repeats: buyer.history.repeats,
      probabilityAlive: buyer.history.repeats === 0 ? null : probabilityAlive(buyer.history, buying.right),
      expectedOrders,
      expectedSpendMinor: spend === null ? null : Math.round(spend),
      lifetimeValueMinor: worth === null ? null : Math.round(worth),
      nextDueAt: buyer.nextDueAt === null ? null : toIso(buyer.nextDueAt),
    };
  });
}
