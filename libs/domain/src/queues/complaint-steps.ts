import type { ComplaintEvidence, Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { DAY_MS, HOUR_MS, type Instant } from '../time/calendar';

/** The step of the recovery flow that a complaint waits for, since when and until when (`domain.md §9.3`). */
export interface ComplaintStep {
  readonly step: 'acknowledge' | 'resolve' | 'follow_up';
  readonly since: Instant;
  readonly dueAt: Instant;
}

/**
 * Closed only by a follow-up: a verdict above "not recovered", or the customer not reached in as many
 * attempts as the flow asks for (`domain.md §9.3`: a complaint cannot be closed without follow-up).
 */
export const isClosedByFollowUp = (complaint: ComplaintEvidence, configuration: Configuration): boolean => {
  const { notRecoveredUpTo, followUpAttempts } = termsAt(configuration, complaint.receivedAt).complaints;
  if (complaint.verdict !== null && complaint.verdict > notRecoveredUpTo) return true;
  return complaint.resolvedAt !== null && complaint.unreachableAttempts >= followUpAttempts;
};

/** Received and not closed by its follow-up. */
export const isInRecovery = (complaint: ComplaintEvidence, configuration: Configuration): boolean =>
  complaint.receivedAt !== null && !isClosedByFollowUp(complaint, configuration);

/** Whether the party has a complaint that is received and not closed. */
export const hasComplaintInRecovery = (evidence: Evidence, configuration: Configuration): boolean => {
  if (evidence.complaints.size === 0) return false;
  for (const complaint of evidence.complaints.values()) if (isInRecovery(complaint, configuration)) return true;
  return false;
};

/**
 * The current step of a complaint in recovery; null while its reception is not known. A reopened
 * complaint goes through a new round, counted from its reopening.
 */
export const complaintStep = (complaint: ComplaintEvidence, configuration: Configuration): ComplaintStep | null => {
  const rules = termsAt(configuration, complaint.receivedAt).complaints;
  if (complaint.receivedAt === null) return null;
  if (complaint.resolvedAt !== null) {
    // The first attempt is due a week after the resolution, the last within two.
    const days = complaint.unreachableAttempts === 0 ? rules.followUpDays : rules.followUpWithinDays;
    return { step: 'follow_up', since: complaint.resolvedAt, dueAt: complaint.resolvedAt + days * DAY_MS };
  }
  const since = complaint.reopenedAt ?? complaint.receivedAt;
  const { acknowledgedAt, resolveBy } = complaint;
  // An acknowledgement names the due of the resolution.
  if (acknowledgedAt === null || resolveBy === null)
    return { step: 'acknowledge', since, dueAt: since + rules.acknowledgeHours * HOUR_MS };
  return { step: 'resolve', since: acknowledgedAt, dueAt: resolveBy };
};
