import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { boolean, code, freeText, id, instant, integer, minorUnits, oneOf, reference } from '../facts/codec';
import { personal, record, refine } from '../facts/structure';

export const complaintDecisions = ['upheld', 'partly', 'rejected'] as const;
export const compensationKinds = ['apology', 'refund', 'replacement', 'credit', 'discount', 'gesture'] as const;
/** Dimensions of justice that a compensation serves (`domain.md §9.3`). */
export const justiceKinds = ['distributive', 'procedural', 'interactional'] as const;

/** Severity: 1 minor, 2 moderate, 3 major, 4 critical (safety, legal, vulnerable). */
export const ComplaintReceived = record(
  { complaintId: id, partyId: id, channel, category: code, severity: integer(1, 4) },
  { desiredRemedy: code, aboutEventId: reference, requestId: id, text: personal(freeText) },
);
export type ComplaintReceived = t.TypeOf<typeof ComplaintReceived>;

export const ComplaintAcknowledged = record({ complaintId: id, responsibleAgentId: id, resolveBy: instant });
export type ComplaintAcknowledged = t.TypeOf<typeof ComplaintAcknowledged>;

/** On the complaint's stream, or on the account of the party when there is no complaint. Reporting currency. */
export const CompensationGranted = refine(
  record(
    { kind: oneOf(compensationKinds), amountMinor: minorUnits, justice: oneOf(justiceKinds), approvedBy: reference },
    { complaintId: id, partyId: id },
  ),
  ({ complaintId, partyId }) =>
    complaintId === undefined && partyId === undefined
      ? { field: 'complaintId', message: 'is missing; complaintId or partyId is needed' }
      : null,
);
export type CompensationGranted = t.TypeOf<typeof CompensationGranted>;

/** `immediate`: in the interaction in which it was received. */
export const ComplaintResolved = record({
  complaintId: id,
  decision: oneOf(complaintDecisions),
  rootCause: code,
  immediate: boolean,
  resolvedAt: instant,
});
export type ComplaintResolved = t.TypeOf<typeof ComplaintResolved>;

/** Either a verdict 1..5 or `unreachable: true`, never both (`domain.md §15`, FollowUpComplaint). */
export const ComplaintFollowedUp = refine(
  record(
    { complaintId: id, attempt: integer(1, 5) },
    { verdict: integer(1, 5), unreachable: boolean, comment: personal(freeText) },
  ),
  ({ verdict, unreachable }) =>
    (verdict !== undefined) === (unreachable === true)
      ? { field: 'verdict', message: 'must be given, unless unreachable is true, and never with it' }
      : null,
);
export type ComplaintFollowedUp = t.TypeOf<typeof ComplaintFollowedUp>;
