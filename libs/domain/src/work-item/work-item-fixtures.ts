import { hours, iso, NOW, past } from '../command/given-when-then';
import type { QueueId, WorkItem } from '../customer/standing';
import { workItem } from '../queues/arbitrary-item';

export const ITEM_ID = '0123456789abcdef0123456789abcdef';

/** An open item that may be claimed now, for the specifications. */
export const item = (over: Partial<WorkItem> = {}): WorkItem =>
  workItem({
    itemId: ITEM_ID,
    enteredAt: NOW - hours(1),
    dueAt: NOW + hours(24),
    weight: 0.9,
    riskFactor: 0.5,
    what: 'call back',
    why: 'complaint',
    causedBy: ['event-1'],
    ...over,
  });

export const known = (over: Partial<WorkItem> = {}) => ({ workItem: { partyId: 'customer', item: item(over) } });

export const claimed = (leaseMs: number, agentId = 'agent-1', queue: QueueId = 'Q1') =>
  past(
    'WorkItemClaimed',
    { itemId: ITEM_ID, queue, partyId: 'customer', agentId, leaseUntil: iso(leaseMs), slot: 'priority' },
    -hours(0.5),
  );

export const released = () => past('WorkItemReleased', { itemId: ITEM_ID, agentId: 'agent-1', reason: 'shift' }, -1);

export const completed = (outcome: string) =>
  past('WorkItemCompleted', { itemId: ITEM_ID, agentId: 'agent-1', outcome }, -1);
