import type { FactOf } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import type { ComplaintRound } from './evidence';
import {
  eventIn,
  entryOf,
  happenedAt,
  instantIn,
  type MutableEvidence,
  recordedIn,
  severityOf,
} from './mutable-evidence';

type Complaints = Pick<MutableEvidence, 'complaints'>;
type MutableComplaint = Complaints['complaints'] extends Map<string, infer C> ? C : never;

const unbegun: ComplaintRound = {
  reopenedAt: null,
  acknowledgedAt: null,
  resolveBy: null,
  resolvedAt: null,
  resolvedEventId: null,
  rootCause: null,
  unreachableAttempts: 0,
  followUps: [],
};

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
  responsibleAgentId: null,
  decision: null,
  verdict: null,
  verdictAt: null,
  verdictEventId: null,
  ...unbegun,
  earlier: [],
  compensations: [],
});

/** The first report of an id wins. */
export const evolveComplaintReceived = (
  { members, complaints }: Complaints & { readonly members: ReadonlySet<string> },
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
  complaint.aboutEventId = eventIn(fact, data.aboutEventId);
  complaint.requestId = data.requestId ?? null;
  complaint.recorded = recordedIn(fact);
};

/**
 * The first acknowledgement of the round tells when; a later one may name another agent and another due. What is
 * acknowledged after the solution had a due of its own already, and its solution was the acknowledgement.
 */
export const evolveComplaintAcknowledged = (
  { complaints }: Complaints,
  { data, occurredAt }: FactOf<'ComplaintAcknowledged'>,
): void => {
  const complaint = entryOf(complaints, data.complaintId, unheard);
  if (complaint.resolvedAt !== null && complaint.resolvedAt < occurredAt) return;
  complaint.acknowledgedAt ??= occurredAt;
  complaint.responsibleAgentId = data.responsibleAgentId;
  complaint.resolveBy = instantIn(data.resolveBy, occurredAt);
};

/**
 * The first resolution of the round stands; one from before the reopening is of the round that it ended. Solved before
 * it was acknowledged, as is told later, it was heard by its solution: who resolves it acknowledges it in one command.
 */
export const evolveComplaintResolved = (
  { complaints }: Complaints,
  { data, occurredAt, eventId }: FactOf<'ComplaintResolved'>,
): void => {
  const complaint = entryOf(complaints, data.complaintId, unheard);
  if (complaint.resolvedAt !== null) return;
  const resolvedAt = happenedAt(data.resolvedAt, occurredAt);
  if (complaint.reopenedAt !== null && resolvedAt < complaint.reopenedAt) return;
  complaint.resolvedAt = resolvedAt;
  complaint.resolvedEventId = eventId;
  complaint.decision = data.decision;
  complaint.rootCause = data.rootCause;
  if (complaint.acknowledgedAt === null || complaint.acknowledgedAt <= resolvedAt) return;
  complaint.acknowledgedAt = null;
  complaint.resolveBy = null;
};

/**
 * A verdict of at most `complaints.notRecoveredUpTo`, as it was when the complaint was received, on a resolution reopens the complaint: its state
 * is that of a received one again, with a new round of acknowledgement, resolution and attempts
 * (`domain.md §9.3`). The verdict is kept, and so is the round that it ended. On a complaint that is not
 * resolved there is nothing to reopen.
 */
export const evolveComplaintFollowedUp = (
  { complaints }: Complaints,
  { data, occurredAt, eventId }: FactOf<'ComplaintFollowedUp'>,
  configuration: Configuration,
): void => {
  const complaint = entryOf(complaints, data.complaintId, unheard);
  complaint.followUps = [...complaint.followUps, { at: occurredAt, eventId, verdict: data.verdict ?? null }];
  if (data.verdict === undefined) {
    if (data.unreachable === true) complaint.unreachableAttempts += 1;
    return;
  }
  complaint.verdict = data.verdict;
  complaint.verdictAt = occurredAt;
  complaint.verdictEventId = eventId;
  const { notRecoveredUpTo } = termsAt(configuration, complaint.receivedAt).complaints;
  if (data.verdict > notRecoveredUpTo || complaint.resolvedAt === null) return;
  const { reopenedAt, acknowledgedAt, resolveBy, resolvedAt, resolvedEventId, rootCause } = complaint;
  const { unreachableAttempts, followUps } = complaint;
  complaint.earlier = [
    ...complaint.earlier,
    { reopenedAt, acknowledgedAt, resolveBy, resolvedAt, resolvedEventId, rootCause, unreachableAttempts, followUps },
  ];
  const next: ComplaintRound = { ...unbegun, reopenedAt: occurredAt };
  Object.assign(complaint, next);
  complaint.decision = null;
};

/** What was granted for a complaint; without one it is a cost of the account only. */
export const grantForComplaint = (
  { complaints }: Complaints,
  { data, occurredAt }: FactOf<'CompensationGranted'>,
): void => {
  if (data.complaintId === undefined) return;
  const complaint = entryOf(complaints, data.complaintId, unheard);
  const { kind, amountMinor, justice } = data;
  complaint.compensations = [...complaint.compensations, { at: occurredAt, kind, amountMinor, justice }];
};
