import {
  type Claimable,
  type Claimant,
  chooseClaim,
  type ClaimChoice,
  type Configuration,
  type LoadOf,
  type QueueId,
  type WipLimit,
} from '@afecto/domain';
import * as E from 'fp-ts/Either';

/** A claim through one queue or through all of them. */
export interface Turn extends Omit<Claimant, 'claimSequence'> {
  readonly wanted: QueueId | 'all';
  /** Claims ever made of the items of each queue. */
  readonly claims: ReadonlyMap<QueueId, number>;
}

/**
 * What a claim gives, of candidates of what it wants (`domain.md §11.6`). Every fifth claim of a queue's items
 * takes the oldest of them, whether it came through that queue or through all: one through all that would be the
 * fifth of the queue that priority chooses takes that queue's oldest. So whatever the mix, an item with k older
 * ones in its queue is offered within 5·(k+1) claims of that queue; and of claims through all alone every
 * fifth takes the oldest of all.
 */
export const chooseInTurn = <Item extends Claimable>(
  candidates: Iterable<Item>,
  { wanted, claims, ...claimant }: Turn,
  configuration: Configuration,
  loadOf?: LoadOf,
): E.Either<WipLimit, ClaimChoice<Item> | null> => {
  const items = [...candidates];
  const choice = chooseClaim(items, { ...claimant, claimSequence: madeOf(wanted, claims) + 1 }, configuration, loadOf);
  if (wanted !== 'all' || E.isLeft(choice) || choice.right === null || choice.right.slot === 'fifo') return choice;
  const { queue } = choice.right.item;
  return chooseClaim(
    items.filter((item) => item.queue === queue),
    { ...claimant, claimSequence: madeOf(queue, claims) + 1 },
    configuration,
    loadOf,
  );
};

const madeOf = (wanted: QueueId | 'all', claims: ReadonlyMap<QueueId, number>): number =>
  wanted === 'all' ? [...claims.values()].reduce((sum, count) => sum + count, 0) : (claims.get(wanted) ?? 0);
