import * as E from 'fp-ts/Either';
import type { WorkItem } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import { type Instant, MINUTE_MS } from '../time/calendar';
import { type LoadOf, noLoad, preferredAgent } from './named-agent';
import { isDueBefore, priorityOf } from './priority';

/** The agent who asks for work, at the instant of asking. */
export interface Claimant {
  readonly agentId: string;
  readonly skills: ReadonlyArray<string>;
  /** Items that the agent holds now. */
  readonly wip: number;
  /** Number of this claim in its queue, from 1: every fifth is a FIFO slot. */
  readonly claimSequence: number;
  readonly now: Instant;
}

export interface WipLimit {
  readonly code: 'WipLimit';
  readonly limit: number;
}

/** What a claim looks at in an item. */
export type Claimable = Pick<
  WorkItem,
  | 'itemId'
  | 'queue'
  | 'state'
  | 'visibility'
  | 'notBefore'
  | 'claimedBy'
  | 'skill'
  | 'enteredAt'
  | 'startedAt'
  | 'dueAt'
  | 'weight'
  | 'valueFactor'
  | 'riskFactor'
  | 'namedAgents'
>;

export interface ClaimChoice<Item extends Claimable = WorkItem> {
  readonly item: Item;
  readonly slot: 'priority' | 'fifo';
  readonly leaseUntil: Instant;
}

/**
 * Whether an item can be claimed now: shown, not held, its time come. A lease that has ended and a
 * snooze that has ended count as such even before the party was evaluated again.
 */
export const isClaimable = (
  item: Pick<Claimable, 'state' | 'visibility' | 'notBefore' | 'claimedBy'>,
  now: Instant,
): boolean =>
  item.state !== 'closed' &&
  item.visibility !== 'suppressed' &&
  item.notBefore <= now &&
  (item.claimedBy === null || item.claimedBy.leaseUntil <= now);

const idle: LoadOf = () => noLoad;

const entersBefore = (a: Claimable, b: Claimable): boolean =>
  a.enteredAt < b.enteredAt || (a.enteredAt === b.enteredAt && a.itemId < b.itemId);

/**
 * Chooses the item for a claim (`domain.md §11.6`): the highest priority, or in every fifth claim of
 * the queue the one that entered first whatever its priority, so that an item with k older open items
 * is offered within 5·(k+1) claims. By priority an item is kept for a while for an agent whom its customer
 * knows and who is free (`preferredAgent`). Right(null) when nothing is claimable for these skills.
 */
export const chooseClaim = <Item extends Claimable>(
  items: Iterable<Item>,
  { agentId, skills, wip, claimSequence, now }: Claimant,
  configuration: Configuration,
  loadOf: LoadOf = idle,
): E.Either<WipLimit, ClaimChoice<Item> | null> => {
  const { wipLimit, fifoEvery, leaseMinutes } = configuration.queues;
  if (wip >= wipLimit) return E.left({ code: 'WipLimit', limit: wipLimit });
  const slot = claimSequence % fifoEvery === 0 ? 'fifo' : 'priority';
  let chosen: Item | null = null;
  let highest = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    if (!isClaimable(item, now) || (item.skill !== null && !skills.includes(item.skill))) continue;
    if (slot === 'fifo') {
      if (chosen === null || entersBefore(item, chosen)) chosen = item;
      continue;
    }
    const preferred = preferredAgent(item, configuration, now, loadOf);
    if (preferred !== null && preferred !== agentId) continue;
    const priority = priorityOf(item, configuration, now);
    if (chosen !== null && (priority < highest || (priority === highest && !isDueBefore(item, chosen)))) continue;
    chosen = item;
    highest = priority;
  }
  if (chosen === null) return E.right(null);
  return E.right({ item: chosen, slot, leaseUntil: now + leaseMinutes * MINUTE_MS });
};
