import type { CommandActor, CommandContext } from '../command/definition';
import { refuse } from '../command/errors';
import { hasRole } from '../command/guards';
import { membersOf } from '../command/knowledge';
import type { WorkItem } from '../customer/standing';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { itemIdOf } from '../queues/item-id';
import type { Instant } from '../time/calendar';

/**
 * What agents did with a work item. Whether it is open at all is derived (`domain.md §11.2`); an item
 * that is tried again is claimed again after its completion.
 */
export type WorkItemState =
  | { readonly stage: 'unclaimed' }
  | { readonly stage: 'claimed'; readonly claimed: FactData['WorkItemClaimed']; readonly leaseUntil: Instant }
  | { readonly stage: 'completed'; readonly completed: FactData['WorkItemCompleted'] };

export type ClaimedWorkItem = Extract<WorkItemState, { stage: 'claimed' }>;

export const evolveWorkItem = (state: WorkItemState, fact: Fact): WorkItemState => {
  switch (fact.type) {
    case 'WorkItemClaimed':
      return { stage: 'claimed', claimed: fact.data, leaseUntil: Date.parse(fact.data.leaseUntil) };
    case 'WorkItemReleased':
      return state.stage === 'claimed' ? { stage: 'unclaimed' } : state;
    case 'WorkItemCompleted':
      return { stage: 'completed', completed: fact.data };
    default:
      return state;
  }
};

/** The lease holds until just before `leaseUntil`; its end is an implicit release (`domain.md §11.6`). */
export const isHeld = (state: WorkItemState, at: Instant): state is ClaimedWorkItem =>
  state.stage === 'claimed' && at < state.leaseUntil;

export interface Hold {
  readonly agentId: string;
  readonly leaseUntil: Instant;
}

/**
 * Who holds the item at `at`: by its streams, which may be ahead of the fold, else by the fold, which knows
 * claims that were told to other streams too.
 */
export const holdOf = (state: WorkItemState, item: WorkItem, at: Instant): Hold | null => {
  if (isHeld(state, at)) return { agentId: state.claimed.agentId, leaseUntil: state.leaseUntil };
  return item.state === 'claimed' && item.claimedBy !== null && at < item.claimedBy.leaseUntil ? item.claimedBy : null;
};

/** Whether this agent holds the item; a supervisor may act for the holder (`domain.md §11.6`). */
export const isHolder = (hold: Hold | null, agentId: string, actor: CommandActor): boolean =>
  hold !== null && (hold.agentId === agentId || hasRole(actor, 'supervisor'));

export const workItemNotFound = (itemId: string) =>
  refuse('WorkItemNotFound', `work item ${itemId} is unknown`, { path: '/itemId' });

export const notHolder = (itemId: string, agentId: string) =>
  refuse('NotHolder', `agent ${agentId} does not hold work item ${itemId}`, { path: '/agentId' });

interface OfItem {
  readonly itemId: string;
}

export const workItemStream = (itemId: string): string => `workitem-${itemId}`;

/** What all commands on a work item share. An id from before a merge stands for the item that there is now. */
export const ofWorkItem = {
  streamOf: ({ itemId }: OfItem, { knowledge }: CommandContext): string =>
    workItemStream(knowledge.workItem?.item.itemId ?? itemId),
  /** What was done before a merge was done under the ids of those who are absorbed now. */
  alsoReads: (_: OfItem, { knowledge }: CommandContext): ReadonlyArray<string> => {
    if (knowledge.workItem === null) return [];
    const { partyId, item } = knowledge.workItem;
    return membersOf(knowledge, partyId)
      .filter((member) => member !== partyId)
      .map((member) => workItemStream(itemIdOf(item.queue, member, item.triggerKey)));
  },
  needs: ({ itemId }: OfItem) => ({ workItemId: itemId }),
  initial: { stage: 'unclaimed' } as WorkItemState,
  evolve: evolveWorkItem,
  partiesIn: (state: WorkItemState): ReadonlyArray<string> =>
    state.stage === 'claimed' ? [state.claimed.partyId] : [],
};
