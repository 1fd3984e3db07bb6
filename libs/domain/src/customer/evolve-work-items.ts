import type { FactOf } from '../facts/envelope';
import { entryOf, instantIn, type MutableEvidence, type MutableWorkItem, optionalInstantIn } from './mutable-evidence';

const untouched = (itemId: string): MutableWorkItem => ({ itemId, queue: null, acts: [] });

export const evolveWorkItemClaimed = (
  { members, workItems }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'WorkItemClaimed'>,
): void => {
  if (!members.has(data.partyId)) return;
  const { agentId, slot } = data;
  const item = entryOf(workItems, data.itemId, untouched);
  item.queue ??= data.queue;
  const leaseUntil = instantIn(data.leaseUntil, occurredAt);
  item.acts.push({ act: 'claimed', at: occurredAt, eventId, agentId, leaseUntil, slot });
};

export const evolveWorkItemReleased = (
  { workItems }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'WorkItemReleased'>,
): void => {
  const { agentId, reason } = data;
  const snoozeUntil = optionalInstantIn(data.snoozeUntil);
  entryOf(workItems, data.itemId, untouched).acts.push({
    act: 'released',
    at: occurredAt,
    eventId,
    agentId,
    snoozeUntil,
    reason,
  });
};

export const evolveWorkItemCompleted = (
  { workItems }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'WorkItemCompleted'>,
): void => {
  const { agentId, outcome } = data;
  entryOf(workItems, data.itemId, untouched).acts.push({
    act: 'completed',
    at: occurredAt,
    eventId,
    agentId,
    outcome,
    evidenceEventId: data.evidenceEventId ?? null,
    nextActionAt: optionalInstantIn(data.nextActionAt),
  });
};
