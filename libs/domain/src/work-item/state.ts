import type { CommandActor } from '../command/definition';
import { refuse } from '../command/errors';
import { hasRole } from '../command/guards';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
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

/** Whether this agent holds the item; a supervisor may act for the holder (`domain.md §11.6`). */
export const isHeldBy = (
  state: WorkItemState,
  agentId: string,
  at: Instant,
  actor: CommandActor,
): state is ClaimedWorkItem => isHeld(state, at) && (state.claimed.agentId === agentId || hasRole(actor, 'supervisor'));

export const workItemNotFound = (itemId: string) =>
  refuse('WorkItemNotFound', `work item ${itemId} is unknown`, { path: '/itemId' });

export const notHolder = (itemId: string, agentId: string) =>
  refuse('NotHolder', `agent ${agentId} does not hold work item ${itemId}`, { path: '/agentId' });

/** What all commands on a work item share. */
export const ofWorkItem = {
  streamOf: ({ itemId }: { readonly itemId: string }): string => `workitem-${itemId}`,
  needs: ({ itemId }: { readonly itemId: string }) => ({ workItemId: itemId }),
  initial: { stage: 'unclaimed' } as WorkItemState,
  evolve: evolveWorkItem,
  partiesIn: (state: WorkItemState): ReadonlyArray<string> =>
    state.stage === 'claimed' ? [state.claimed.partyId] : [],
};
