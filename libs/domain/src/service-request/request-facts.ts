import { iso, past } from '../command/given-when-then';
import type { FactData } from '../facts/catalogue';

/** Facts of one service request for the specifications; offsets in milliseconds from `NOW`. */
export const opened = (offsetMs: number, data: Partial<FactData['ServiceRequestOpened']> = {}) =>
  past(
    'ServiceRequestOpened',
    {
      requestId: 'r1',
      partyId: 'customer',
      channel: 'phone',
      category: 'billing',
      class: 'deferred',
      openedAt: iso(offsetMs),
      ...data,
    },
    offsetMs,
  );

export const escalated = (level: number, offsetMs: number) =>
  past(
    'ServiceRequestEscalated',
    { requestId: 'r1', from: 'front_office', to: 'back_office', level, reason: 'needs_back_office' },
    offsetMs,
  );

export const paused = (offsetMs: number) =>
  past('ServiceRequestPaused', { requestId: 'r1', reason: 'waiting_customer' }, offsetMs);

export const resumed = (offsetMs: number) => past('ServiceRequestResumed', { requestId: 'r1' }, offsetMs);

export const resolved = (offsetMs: number, resolvedAtMs = offsetMs) =>
  past(
    'ServiceRequestResolved',
    { requestId: 'r1', resolutionCode: 'explained', byTier: 'front_office', resolvedAt: iso(resolvedAtMs) },
    offsetMs,
  );

export const reopened = (offsetMs: number) =>
  past('ServiceRequestReopened', { requestId: 'r1', reason: 'not_solved' }, offsetMs);
