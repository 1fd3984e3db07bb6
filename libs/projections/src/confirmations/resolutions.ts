import {
  type ComplaintEvidence,
  type Configuration,
  type Evidence,
  type Instant,
  type RequestEvidence,
  termsAt,
} from '@afecto/domain';
import { recoveryOf } from '../complaints/judged-complaint';
import type { Matter } from '../recording/origins';

/**
 * How a resolution stands with the customer (`domain.md §10.5`, "valide cada acción"): `confirmed` with the
 * resolution or when followed up, `answered` by a survey about it, `denied` by saying no, by a low verdict or
 * by a reopening, `asked` without an answer yet, `unreachable` after the attempts, `open`: not even asked.
 */
export type Confirmation = 'confirmed' | 'answered' | 'denied' | 'asked' | 'unreachable' | 'open';

/** A resolution asks for a confirmation until it has one. */
export const isAnswered = (confirmation: Confirmation): boolean =>
  confirmation === 'confirmed' || confirmation === 'answered' || confirmation === 'denied';

export interface Resolution {
  readonly matter: Matter;
  readonly id: string;
  readonly category: string | null;
  readonly at: Instant;
  readonly confirmation: Confirmation;
}

/** Purposes of contacts that ask whether the matter is settled. */
const asking: ReadonlySet<string> = new Set(['survey', 'follow_up']);

const requestConfirmation = (
  { requestId, resolvedAt, resolvedEventId, confirmed }: RequestEvidence,
  { surveys, interactions }: Evidence,
): Confirmation => {
  // Resolved once and open again: that answer stands until it is resolved anew.
  if (resolvedAt === null) return 'denied';
  if (confirmed !== null) return confirmed ? 'confirmed' : 'denied';
  if (surveys.some(({ aboutEventId }) => aboutEventId !== null && aboutEventId === resolvedEventId)) return 'answered';
  for (const { requestId: about, direction, purpose, at } of interactions)
    if (about === requestId && direction === 'outbound' && asking.has(purpose) && at >= resolvedAt) return 'asked';
  return 'open';
};

const complaintConfirmation = (complaint: ComplaintEvidence, configuration: Configuration): Confirmation => {
  if (complaint.resolvedAt === null) return 'denied';
  const { verdictAt, resolvedAt, unreachableAttempts } = complaint;
  // A verdict from before the resolution was about an earlier one.
  if (verdictAt !== null && verdictAt >= resolvedAt)
    return recoveryOf(complaint, configuration) === 'not_recovered' ? 'denied' : 'confirmed';
  if (unreachableAttempts >= termsAt(configuration, complaint.receivedAt).complaints.followUpAttempts)
    return 'unreachable';
  return unreachableAttempts > 0 ? 'asked' : 'open';
};

/** The last resolution of every request and complaint that was ever resolved. */
export const resolutionsOf = (evidence: Evidence, configuration: Configuration): ReadonlyArray<Resolution> => {
  const resolutions: Resolution[] = [];
  for (const request of evidence.requests.values()) {
    const { requestId: id, openedAt, resolvedAt, firstResolvedAt, category } = request;
    const at = resolvedAt ?? firstResolvedAt;
    if (openedAt !== null && at !== null)
      resolutions.push({ matter: 'request', id, category, at, confirmation: requestConfirmation(request, evidence) });
  }
  for (const complaint of evidence.complaints.values()) {
    const { complaintId: id, receivedAt, resolvedAt, earlier, category } = complaint;
    const at = resolvedAt ?? earlier.at(-1)?.resolvedAt ?? null;
    if (receivedAt !== null && at !== null)
      resolutions.push({
        matter: 'complaint',
        id,
        category,
        at,
        confirmation: complaintConfirmation(complaint, configuration),
      });
  }
  return resolutions;
};
