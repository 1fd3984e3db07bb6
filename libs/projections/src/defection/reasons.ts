import {
  type ComplaintEvidence,
  type Configuration,
  DAY_MS,
  type DefectionNoticeEvidence,
  type Evidence,
  failedRecovery,
  type Instant,
  isReceived,
  resolutionDue,
  uncontrollableReasons,
} from '@afecto/domain';
import { complaintRoundsOf } from '../complaints/judged-complaint';

/** Without a contact for so long before the loss, a lack of interaction is proposed (`domain.md §9.1`). */
const SILENT_DAYS = 180;
/** How long before the loss a complaint is still taken for its reason. */
const COMPLAINT_DAYS = 365;

/** Keaveney's causes of switching (1995) by our reasons; two of ours are none of hers (`domain.md §9.1`). */
const keaveneyCauses: Readonly<Record<string, string>> = {
  poor_quality: 'core service failure',
  poor_attention: 'service encounter failure',
  failed_recovery: 'response to failed service',
  competition: 'competition',
  pricing: 'pricing',
  inconvenience: 'inconvenience',
  ethical: 'ethical problems',
  involuntary: 'involuntary switching',
};
export const keaveneyCauseOf = (reason: string): string | null => keaveneyCauses[reason] ?? null;

/** All reasons but those that nobody can influence. */
export const isControllable = (reason: string): boolean => !uncontrollableReasons.some((code) => code === reason);

/** Where the reasons of a loss come from: an agent's diagnosis, else what the customer stated, else the evidence. */
export type ReasonOrigin = 'diagnosed' | 'stated' | 'proposed' | 'unknown';

/**
 * Whether a complaint was unrecovered at the loss, whatever became of it later: by the last verdict until then, else
 * by the first one after it, else because it was not resolved when its due had come.
 */
const wasUnrecovered = (complaint: ComplaintEvidence, configuration: Configuration, lostAt: Instant): boolean => {
  if (!isReceived(complaint) || complaint.receivedAt > lostAt) return false;
  if (complaint.receivedAt < lostAt - COMPLAINT_DAYS * DAY_MS) return false;
  const rounds = complaintRoundsOf(complaint);
  const verdicts = rounds.flatMap(({ followUps }) => followUps).filter(({ verdict }) => verdict !== null);
  const { verdict } = verdicts.findLast(({ at }) => at <= lostAt) ?? verdicts[0] ?? { verdict: null };
  if (failedRecovery({ ...complaint, verdict }, configuration)) return true;
  if (verdicts.some(({ at }) => at <= lostAt)) return false;
  const [{ resolvedAt, resolveBy }] = rounds;
  return (
    (resolvedAt === null || resolvedAt > lostAt) && lostAt >= resolutionDue({ ...complaint, resolveBy }, configuration)
  );
};

/**
 * Reasons that the evidence proposes for a loss, as of its instant (`domain.md §9.1`): a complaint that
 * was not recovered, 180 days without a contact, a competitor named in the notice.
 */
export const proposedReasons = (
  { complaints, interactions }: Evidence,
  notice: DefectionNoticeEvidence | null,
  configuration: Configuration,
  lostAt: Instant,
): ReadonlyArray<string> => {
  const reasons: string[] = [];
  for (const complaint of complaints.values())
    if (wasUnrecovered(complaint, configuration, lostAt)) {
      reasons.push('failed_recovery');
      break;
    }
  const contact = interactions.findLast(({ at }) => at <= lostAt);
  if (contact === undefined || contact.at < lostAt - SILENT_DAYS * DAY_MS) reasons.push('lack_of_interaction');
  if (notice !== null && notice.competitorId !== null) reasons.push('competition');
  return reasons;
};
