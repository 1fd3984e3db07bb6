import { hours, iso, NOW, past } from '../command/given-when-then';
import type { QueueId, WorkItem } from '../customer/standing';

export const ITEM_ID = '0123456789abcdef0123456789abcdef';

/** An open item that may be claimed now, for the specifications. */
export const item = (over: Partial<WorkItem> = {}): WorkItem => ({
  itemId: ITEM_ID,
  queue: 'Q1',
  triggerKey: 'c1',
  enteredAt: NOW - hours(1),
  startedAt: NOW - hours(1),
  dueAt: NOW + hours(24),
  notBefore: NOW - hours(1),
  state: 'open',
  visibility: 'visible',
  suppressedSince: null,
  claimedBy: null,
  firstActionAt: null,
  attempts: 0,
  closedAt: null,
  closedBy: null,
  outcome: null,
  skill: null,
  weight: 0.9,
  valueFactor: 0.4,
  riskFactor: 0.5,
  what: 'call back',
  how: 'phone',
  why: 'complaint',
  causedBy: ['event-1'],
  retentionKind: null,
  configVersion: 0,
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
