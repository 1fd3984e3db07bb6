import { type Instant, rootOf } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { CustomerChange, ReadModels } from '@afecto/read-models';
import { customerChangeOf } from '../profile/customer-row';
import { foldFromFacts, ledgerSource } from './customer-facts';
import { CurrentWorld } from './world';

/** Folds the customers among these parties from all their facts up to the horizon. */
export type CustomerFolder = (partyIds: ReadonlyArray<string>) => Promise<ReadonlyArray<CustomerChange>>;

/** Folds in this thread. The world is read once: no fact is taken in while a build folds customers. */
export const customerFolder = async (
  store: EventStore,
  readModels: ReadModels,
  horizon: Instant,
): Promise<CustomerFolder> => {
  const source = ledgerSource(readModels, store);
  const world = new CurrentWorld(readModels, store);
  await world.reload(horizon);
  return async (partyIds) => {
    const changes: CustomerChange[] = [];
    for (const partyId of partyIds) {
      if (rootOf(world.links, partyId) !== partyId) continue;
      const folded = await foldFromFacts(partyId, world, source, { until: horizon });
      if (folded !== null) changes.push(customerChangeOf(folded.fold.evidence, folded, world.regime));
    }
    return changes;
  };
};
