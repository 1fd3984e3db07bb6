import {
  breachesOf,
  type Configuration,
  currentResolution,
  isAvoidableVisit,
  isImmediateRequest,
  isRemoteFailure,
  type Instant,
  type MatterContacts,
  type RequestEvidence,
  slaShareInstant,
  termsAt,
} from '@afecto/domain';

/** Expectations are exceeded by a solution in at most this share of the agreed time (`domain.md §10.8`). */
const AHEAD_SHARE = 0.5;

export type Judgement = 'met' | 'missed' | 'running';

/** A mark says one more thing about a request; those of a request are joined in this order. */
export const marks = [
  'solved',
  'first_contact',
  'ahead',
  'converted',
  'reopened',
  'avoidable_visit',
  'remote_failure',
] as const;
export type Mark = (typeof marks)[number];

export interface JudgedRequest {
  /** As it is served: an immediate request that was escalated is a deferred one (`domain.md §10.3`). */
  readonly serviceClass: 'immediate' | 'deferred';
  readonly judgement: Judgement;
  readonly marks: ReadonlySet<Mark>;
}

/** Solved by the front office, not escalated, not reopened (`domain.md §10.7`). */
const isFirstContact = (request: RequestEvidence): boolean =>
  request.byTier === 'front_office' && request.escalations.length === 0 && request.reopenedAt === null;

/** What is said about a request that was opened: met, or missed by `asOf` in any of its rounds, and its marks. */
export const judgedRequest = (
  request: RequestEvidence,
  contacts: MatterContacts,
  configuration: Configuration,
  asOf: Instant,
): JudgedRequest => {
  const resolvedAt = currentResolution(request);
  const half = resolvedAt === null ? null : slaShareInstant(request, AHEAD_SHARE, configuration);
  const isMissed = breachesOf(request, configuration, asOf).length > 0;
  const terms = termsAt(configuration, request.openedAt);
  const known = new Set<Mark>();
  if (resolvedAt !== null) known.add('solved');
  if (resolvedAt !== null && isFirstContact(request)) known.add('first_contact');
  if (resolvedAt !== null && half !== null && resolvedAt <= half) known.add('ahead');
  if (request.requestClass === 'immediate' && request.escalations.length > 0) known.add('converted');
  if (request.reopenedAt !== null) known.add('reopened');
  if (isAvoidableVisit(request, contacts, terms)) known.add('avoidable_visit');
  if (isRemoteFailure(request, contacts, terms)) known.add('remote_failure');
  return {
    serviceClass: isImmediateRequest(request) ? 'immediate' : 'deferred',
    judgement: isMissed ? 'missed' : resolvedAt === null ? 'running' : 'met',
    marks: known,
  };
};
