import type { ComplaintEvidence, Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { DAY_MS, HOUR_MS, type Instant } from '../time/calendar';

/** A complaint whose reception is known; one of which only a later step is known counts for nothing yet. */
export type ReceivedComplaint = ComplaintEvidence & { readonly receivedAt: Instant };

export const isReceived = (complaint: ComplaintEvidence): complaint is ReceivedComplaint =>
  complaint.receivedAt !== null;

/** Until when the complaint must be resolved: as promised, else 24 h, 4 h when critical (`domain.md §9.3`). */
export const resolutionDue = (complaint: ReceivedComplaint, configuration: Configuration): Instant => {
  const { resolveHours, resolveHoursCritical, criticalSeverity } = termsAt(
    configuration,
    complaint.receivedAt,
  ).complaints;
  const hours = complaint.severity >= criticalSeverity ? resolveHoursCritical : resolveHours;
  return complaint.resolveBy ?? complaint.receivedAt + hours * HOUR_MS;
};

/** Follow-up found it not recovered (verdict ≤ 2); stays so until a better verdict (`domain.md §9.3`). */
export const failedRecovery = (complaint: ComplaintEvidence, configuration: Configuration): boolean =>
  complaint.verdict !== null &&
  complaint.verdict <= termsAt(configuration, complaint.receivedAt).complaints.notRecoveredUpTo;

/** Not resolved, or reopened and not resolved again. A better verdict closes it even if its resolution is not known. */
export const isOpenComplaint = (complaint: ComplaintEvidence, configuration: Configuration): boolean =>
  complaint.resolvedAt === null && (complaint.verdict === null || failedRecovery(complaint, configuration));

/** Whether the complaint waits for its resolution and `due` will decide about it. */
export const awaitsResolution = (complaint: ComplaintEvidence): boolean =>
  complaint.resolvedAt === null && complaint.verdict === null;

/** `domain.md §7.4 H2`: verdict ≤ 2, or still open when the due instant has come. */
export const isUnrecovered = (complaint: ReceivedComplaint, configuration: Configuration, asOf: Instant): boolean =>
  failedRecovery(complaint, configuration) ||
  (awaitsResolution(complaint) && asOf >= resolutionDue(complaint, configuration));

/** Unrecovered complaints received in the trailing 365 days; two are a double deviation (`domain.md §7.4 H2`). */
export const unrecoveredComplaints = (evidence: Evidence, configuration: Configuration, asOf: Instant): number => {
  if (evidence.complaints.size === 0) return 0;
  const from = asOf - configuration.loyalty.zones.h2.windowDays * DAY_MS;
  let unrecovered = 0;
  for (const complaint of evidence.complaints.values())
    if (isReceived(complaint) && complaint.receivedAt >= from && isUnrecovered(complaint, configuration, asOf))
      unrecovered += 1;
  return unrecovered;
};

export const hasUnrecoveredComplaint = (evidence: Evidence, configuration: Configuration, asOf: Instant): boolean => {
  if (evidence.complaints.size === 0) return false;
  for (const complaint of evidence.complaints.values())
    if (isReceived(complaint) && isUnrecovered(complaint, configuration, asOf)) return true;
  return false;
};

/** `domain.md §7.4 G2`: an open complaint of severity ≥ 3. */
export const hasOpenMajorComplaint = (evidence: Evidence, configuration: Configuration): boolean => {
  if (evidence.complaints.size === 0) return false;
  for (const complaint of evidence.complaints.values())
    if (
      isReceived(complaint) &&
      complaint.severity >= configuration.loyalty.zones.g2.severity &&
      isOpenComplaint(complaint, configuration)
    )
      return true;
  return false;
};

/**
 * No other complaint in the 365 days before this one: only then a recovery can surpass (`domain.md §7.1`, §7.3 B). Of
 * those of one instant the one whose id sorts first comes before the others, so that it is once in 365 days (§19).
 */
export const isFirstInQuietPeriod = (
  complaint: ReceivedComplaint,
  evidence: Evidence,
  configuration: Configuration,
): boolean => {
  const from = complaint.receivedAt - configuration.loyalty.experience.paradoxQuietDays * DAY_MS;
  for (const other of evidence.complaints.values())
    if (
      other !== complaint &&
      other.receivedAt !== null &&
      other.receivedAt >= from &&
      (other.receivedAt < complaint.receivedAt ||
        (other.receivedAt === complaint.receivedAt && other.complaintId < complaint.complaintId))
    )
      return false;
  return true;
};
