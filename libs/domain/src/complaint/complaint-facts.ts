import { past } from '../command/given-when-then';
import type { FactData } from '../facts/catalogue';
import { NOW } from '../command/given-when-then';
import { toIso } from '../time/calendar';

/** Facts of one complaint for the specifications; offsets in milliseconds from `NOW`. */
export const received = (offsetMs: number, data: Partial<FactData['ComplaintReceived']> = {}) =>
  past(
    'ComplaintReceived',
    { complaintId: 'c1', partyId: 'customer', channel: 'phone', category: 'billing', severity: 3, ...data },
    offsetMs,
  );

export const acknowledged = (offsetMs: number) =>
  past(
    'ComplaintAcknowledged',
    { complaintId: 'c1', responsibleAgentId: 'agent-2', resolveBy: toIso(NOW + 3_600_000) },
    offsetMs,
  );

export const resolved = (offsetMs: number, resolvedAtMs = offsetMs) =>
  past(
    'ComplaintResolved',
    {
      complaintId: 'c1',
      decision: 'upheld',
      rootCause: 'tariff',
      immediate: false,
      resolvedAt: toIso(NOW + resolvedAtMs),
    },
    offsetMs,
  );

export const verdict = (value: number, offsetMs: number) =>
  past('ComplaintFollowedUp', { complaintId: 'c1', verdict: value, attempt: 1 }, offsetMs);

export const unreachable = (attempt: number, offsetMs: number) =>
  past('ComplaintFollowedUp', { complaintId: 'c1', unreachable: true, attempt }, offsetMs);
