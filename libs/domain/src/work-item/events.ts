import type * as t from 'io-ts';
import { code, freeText, id, instant, itemId, oneOf, reference } from '../facts/codec';
import { personal, record } from '../facts/structure';

/** The eight QCi activities (`domain.md §11.1`). */
export const queueIds = ['Q1', 'Q2', 'Q3', 'Q4', 'Q5', 'Q6', 'Q7', 'Q8'] as const;
/** How an item was chosen (`domain.md §11.6`). */
export const claimSlots = ['priority', 'fifo'] as const;

export const WorkItemClaimed = record({
  itemId,
  queue: oneOf(queueIds),
  partyId: id,
  agentId: id,
  leaseUntil: instant,
  slot: oneOf(claimSlots),
});
export type WorkItemClaimed = t.TypeOf<typeof WorkItemClaimed>;

export const WorkItemReleased = record({ itemId, agentId: id, reason: code }, { snoozeUntil: instant });
export type WorkItemReleased = t.TypeOf<typeof WorkItemReleased>;

/** Which outcomes a queue allows is a business rule (`domain.md §11.3`). */
export const WorkItemCompleted = record(
  { itemId, agentId: id, outcome: code },
  { evidenceEventId: reference, nextActionAt: instant, notes: personal(freeText) },
);
export type WorkItemCompleted = t.TypeOf<typeof WorkItemCompleted>;
