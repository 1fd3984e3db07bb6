import {
  evolveComplaintAcknowledged,
  evolveComplaintFollowedUp,
  evolveComplaintReceived,
  evolveComplaintResolved,
} from '../customer/evolve-complaints';
import type { ComplaintEvidence } from '../customer/evidence';
import type { Fact } from '../facts/envelope';
import type { FactData } from '../facts/catalogue';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { isClosedByFollowUp } from '../queues/complaint-steps';
import { HOUR_MS, type Instant } from '../time/calendar';

/** A complaint as its stream tells it (`domain.md §9.3`); a reopening starts a new round of the same complaint. */
export type ComplaintState =
  UnknownComplaint | ReceivedComplaint | AcknowledgedComplaint | ResolvedComplaint | ClosedComplaint;

export interface UnknownComplaint {
  readonly stage: 'unknown';
}

interface KnownComplaint {
  readonly received: FactData['ComplaintReceived'];
  readonly receivedAt: Instant;
  /** What the read models have of it: it is to a command what it is to the views. */
  readonly evidence: ComplaintEvidence;
  /** Start of the present round: receipt, or the last reopening. */
  readonly roundStartedAt: Instant;
  readonly reopenCount: number;
}

export interface ReceivedComplaint extends KnownComplaint {
  readonly stage: 'received';
}

export interface AcknowledgedComplaint extends KnownComplaint {
  readonly stage: 'acknowledged';
}

export interface ResolvedComplaint extends KnownComplaint {
  readonly stage: 'resolved';
  /** Attempts to follow up in the present round, all of them unreachable. */
  readonly attempts: number;
}

/** By a verdict, or after the last attempt found nobody. */
export interface ClosedComplaint extends KnownComplaint {
  readonly stage: 'closed';
}

export type OpenComplaint = ReceivedComplaint | AcknowledgedComplaint;

type ComplaintFact = Extract<
  Fact,
  { readonly type: 'ComplaintReceived' | 'ComplaintAcknowledged' | 'ComplaintResolved' | 'ComplaintFollowedUp' }
>;

const evidenceAfter = (
  evidence: ComplaintEvidence | null,
  fact: ComplaintFact,
  configuration: Configuration,
): ComplaintEvidence | null => {
  const complaints = new Map(evidence === null ? [] : [[evidence.complaintId, { ...evidence }]]);
  switch (fact.type) {
    case 'ComplaintReceived':
      evolveComplaintReceived({ members: new Set([fact.data.partyId]), complaints }, fact);
      break;
    case 'ComplaintAcknowledged':
      evolveComplaintAcknowledged({ complaints }, fact);
      break;
    case 'ComplaintResolved':
      evolveComplaintResolved({ complaints }, fact);
      break;
    case 'ComplaintFollowedUp':
      evolveComplaintFollowedUp({ complaints }, fact, configuration);
  }
  return complaints.get(fact.data.complaintId) ?? null;
};

/** Whether a command decides the same on both: who is responsible, and until when, is no matter of its state. */
const isAsBefore = (before: ComplaintEvidence, after: ComplaintEvidence): boolean =>
  before.earlier.length === after.earlier.length &&
  before.resolvedAt === after.resolvedAt &&
  before.verdict === after.verdict &&
  before.unreachableAttempts === after.unreachableAttempts &&
  (before.acknowledgedAt === null) === (after.acknowledgedAt === null);

/** Where it stands by what the read models have of it; no command asks after a closed complaint. */
const standing = (
  received: FactData['ComplaintReceived'],
  receivedAt: Instant,
  evidence: ComplaintEvidence,
  configuration: Configuration,
): ComplaintState => {
  const { acknowledgedAt, resolvedAt, reopenedAt, earlier, unreachableAttempts } = evidence;
  const roundStartedAt = reopenedAt ?? receivedAt;
  const known = { received, receivedAt, evidence, roundStartedAt, reopenCount: earlier.length };
  if (isClosedByFollowUp(evidence, configuration)) return { ...known, stage: 'closed' };
  if (resolvedAt !== null) return { ...known, stage: 'resolved', attempts: unreachableAttempts };
  return { ...known, stage: acknowledgedAt === null ? 'received' : 'acknowledged' };
};

export const evolveComplaint = (state: ComplaintState, fact: Fact, configuration: Configuration): ComplaintState => {
  switch (fact.type) {
    case 'ComplaintReceived':
    case 'ComplaintAcknowledged':
    case 'ComplaintResolved':
    case 'ComplaintFollowedUp': {
      const before = state.stage === 'unknown' ? null : state;
      const received = before?.received ?? (fact.type === 'ComplaintReceived' ? fact.data : null);
      const after = received === null ? null : evidenceAfter(before?.evidence ?? null, fact, configuration);
      if (received === null || after === null || (before !== null && isAsBefore(before.evidence, after))) return state;
      return standing(received, before?.receivedAt ?? fact.occurredAt, after, configuration);
    }
    default:
      return state;
  }
};

/** Latest instant by which the present round must be resolved: 24 h, severity 4 in 4 h (`domain.md §9.3`). */
export const resolutionLimit = (
  { received, receivedAt, roundStartedAt }: OpenComplaint,
  configuration: Configuration,
): Instant => {
  const { criticalSeverity, resolveHours, resolveHoursCritical } = termsAt(configuration, receivedAt).complaints;
  return roundStartedAt + (received.severity >= criticalSeverity ? resolveHoursCritical : resolveHours) * HOUR_MS;
};

/** What all commands on an existing complaint share. */
export const ofComplaint = {
  streamOf: ({ complaintId }: { readonly complaintId: string }): string => `complaint-${complaintId}`,
  initial: { stage: 'unknown' } as ComplaintState,
  evolve: evolveComplaint,
  partiesIn: (state: ComplaintState): ReadonlyArray<string> =>
    state.stage === 'unknown' ? [] : [state.received.partyId],
};
