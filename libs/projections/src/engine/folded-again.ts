import { type Links, membersOf, rootOf } from '@afecto/domain';
import type { ReadModels } from '@afecto/read-models';
import type { IntakeBatch } from './intake-batch';
import { isLink } from './ledger-entry';

/** Customers that referred one of these parties. */
export const referrersOf = async (
  parties: Iterable<string>,
  links: Links,
  readModels: ReadModels,
): Promise<ReadonlyArray<string>> =>
  (await readModels.referrersOf([...parties])).map((referrerId) => rootOf(links, referrerId));

/**
 * Customers whose fold a batch changes otherwise than by growing: merged or separated ones (`touched`),
 * those whose personal data are erased, which are in none of their facts any more, and referrers, because a
 * referral converts by an order of the party referred (`domain.md §5`).
 */
export const foldedAgain = async (
  batch: Pick<IntakeBatch, 'placed' | 'referrals' | 'erased' | 'contentErased'>,
  touched: ReadonlySet<string>,
  links: Links,
  readModels: ReadModels,
): Promise<Set<string>> => {
  const again = new Set(touched);
  for (const partyId of [...batch.erased, ...batch.contentErased]) again.add(rootOf(links, partyId));
  for (const { referrerId } of batch.referrals) again.add(rootOf(links, referrerId));
  const moves = new Set<string>();
  for (const { fact } of batch.placed)
    if (fact.type === 'OrderPlaced' || isLink(fact))
      for (const subject of fact.subjects)
        for (const member of membersOf(links, rootOf(links, subject))) moves.add(member);
  for (const { referredId, referrerId } of batch.referrals)
    if (moves.has(referredId)) again.add(rootOf(links, referrerId));
  for (const referrer of await referrersOf(moves, links, readModels)) again.add(referrer);
  return again;
};
