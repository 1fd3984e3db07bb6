import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { boolean, code, freeText, id, instant, integer, oneOf } from '../facts/codec';
import { personal, record } from '../facts/structure';

/** Solved at once by the front office, or later by the back office (`domain.md §10.1`). */
export const serviceClasses = ['immediate', 'deferred'] as const;
export const serviceTiers = ['front_office', 'back_office'] as const;
export const escalationTargets = ['back_office', 'supervisor', 'manager'] as const;
export type EscalationTarget = (typeof escalationTargets)[number];
export const escalationOrigins = ['front_office', ...escalationTargets] as const;
export type EscalationOrigin = (typeof escalationOrigins)[number];
/** The only reason that stops the service clock (`domain.md §10.4`). */
export const pauseReasons = ['waiting_customer'] as const;

/** `avoidableInPerson` is computed by the command (`domain.md §10.6`); a fact from elsewhere may lack it. */
export const ServiceRequestOpened = record(
  { requestId: id, partyId: id, channel, category: code, class: oneOf(serviceClasses), openedAt: instant },
  { agreedDueAt: instant, text: personal(freeText), avoidableInPerson: boolean },
);
export type ServiceRequestOpened = t.TypeOf<typeof ServiceRequestOpened>;

export const ServiceRequestEscalated = record({
  requestId: id,
  from: oneOf(escalationOrigins),
  to: oneOf(escalationTargets),
  level: integer(1, 3),
  reason: code,
});
export type ServiceRequestEscalated = t.TypeOf<typeof ServiceRequestEscalated>;

export const ServiceRequestPaused = record({ requestId: id, reason: oneOf(pauseReasons) });
export type ServiceRequestPaused = t.TypeOf<typeof ServiceRequestPaused>;

export const ServiceRequestResumed = record({ requestId: id });
export type ServiceRequestResumed = t.TypeOf<typeof ServiceRequestResumed>;

export const ServiceRequestResolved = record(
  { requestId: id, resolutionCode: code, byTier: oneOf(serviceTiers), resolvedAt: instant },
  { confirmedByCustomer: boolean },
);
export type ServiceRequestResolved = t.TypeOf<typeof ServiceRequestResolved>;

export const ServiceRequestReopened = record({ requestId: id, reason: code });
export type ServiceRequestReopened = t.TypeOf<typeof ServiceRequestReopened>;
