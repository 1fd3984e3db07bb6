import type { FactOf } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';
import { entryOf, happenedAt, instantIn, type MutableEvidence, recordedIn, severityOf } from './mutable-evidence';

type MutableComplaint = MutableEvidence['complaints'] extends Map<string, infer C> ? C : never;

const unheard = (complaintId: string): MutableComplaint => ({
  complaintId,
  eventId: null,
  receivedAt: null,
  channel: null,
  category: null,
  severity: 1,
  aboutEventId: null,
  requestId: null,
  recorded: null,
  acknowledgedAt: null,
  responsibleAgentId: null,
  resolveBy: null,
  resolvedAt: null,
  resolvedEventId: null,
  decision: null,
  rootCause: null,
  verdict: null,
  verdictAt: null,
  verdictEventId: null,
  unreachableAttempts: 0,
  followUps: 0,
  lastFollowUpAt: null,
  reopenedAt: null,
  reopenCount: 0,
  compensations: [],
});

/** The first report of an id wins. */
export const evolveComplaintReceived = (
  { members, complaints }: MutableEvidence,
  fact: FactOf<'ComplaintReceived'>,
): void => {
  const { data, occurredAt, eventId } = fact;
  if (!members.has(data.partyId)) return;
  const complaint = entryOf(complaints, data.complaintId, unheard);
  if (complaint.eventId !== null) return;
  complaint.eventId = eventId;
  complaint.receivedAt = occurredAt;
  complaint.channel = data.channel;
  complaint.category = data.category;
  complaint.severity = severityOf(data.severity);
  complaint.aboutEventId = data.aboutEventId ?? null;
  complaint.requestId = data.requestId ?? null;
  complaint.recorded = recordedIn(fact);
};

/** The first acknowledgement of the round tells when; a later one may name another agent and another due. */
export const evolveComplaintAcknowledged = (
  { complaints }: MutableEvidence,
  { data, occurredAt }: FactOf<'ComplaintAcknowledged'>,
): void => {
  const complaint = entryOf(complaints, data.complaintId, unheard);
  complaint.acknowledgedAt ??= occurredAt;
  complaint.responsibleAgentId = data.responsibleAgentId;
  complaint.resolveBy = instantIn(data.resolveBy, occurredAt);
};

/** The first resolution of the round stands. */
export const evolveComplaintResolved = (
  { complaints }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'ComplaintResolved'>,
): void => {
  const complaint = entryOf(complaints, data.complaintId, unheard);
  if (complaint.resolvedAt !== null) return;
  complaint.resolvedAt = happenedAt(data.resolvedAt, occurredAt);
  complaint.resolvedEventId = eventId;
  complaint.decision = data.decision;
  complaint.rootCause = data.rootCause;
};

/**
 * A verdict of at most `complaints.notRecoveredUpTo` on a resolution reopens the complaint: its state
 * is that of a received one again, with a new round of acknowledgement, resolution and attempts
 * (`domain.md §9.3`). The verdict is kept. On a complaint that is not resolved there is nothing to
 * reopen.
 */
export const evolveComplaintFollowedUp = (
  { complaints }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'ComplaintFollowedUp'>,
  configuration: Configuration,
): void => {
  const complaint = entryOf(complaints, data.complaintId, unheard);
  complaint.followUps += 1;
  complaint.lastFollowUpAt = occurredAt;
  if (data.verdict === undefined) {
    if (data.unreachable === true) complaint.unreachableAttempts += 1;
    return;
  }
  complaint.verdict = data.verdict;
  complaint.verdictAt = occurredAt;
  complaint.verdictEventId = eventId;
  if (data.verdict > configuration.complaints.notRecoveredUpTo || complaint.resolvedAt === null) return;
  complaint.reopenedAt = occurredAt;
  complaint.reopenCount += 1;
  complaint.acknowledgedAt = null;
  complaint.resolveBy = null;
  complaint.resolvedAt = null;
  complaint.resolvedEventId = null;
  complaint.decision = null;
  complaint.unreachableAttempts = 0;
};

/** What was granted for a complaint; without one it is a cost of the account only. */
export const grantForComplaint = (
  { complaints }: MutableEvidence,
  { data, occurredAt }: FactOf<'CompensationGranted'>,
): void => {
  if (data.complaintId === undefined) return;
  const complaint = entryOf(complaints, data.complaintId, unheard);
  const { kind, amountMinor, justice } = data;
  complaint.compensations = [...complaint.compensations, { at: occurredAt, kind, amountMinor, justice }];
};
