import type { RequestEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { HOUR_MS, type Instant } from '../time/calendar';

/** The stretch of service time that is being measured: from where, how long, and whose limit is strict. */
interface ServiceTime {
  readonly from: Instant;
  readonly lengthMs: number;
  /** An immediate request must be solved before its limit; a deferred one at the limit at the latest. */
  readonly strict: boolean;
}

const serviceTime = (request: RequestEvidence, configuration: Configuration): ServiceTime | null => {
  if (request.openedAt === null) return null;
  const { immediateSeconds, deferredHours } = configuration.service;
  if (request.reopenedAt !== null)
    return { from: request.reopenedAt, lengthMs: deferredHours * HOUR_MS, strict: false };
  // Escalated, an immediate request becomes a deferred one with its original opening (§10.3).
  if (request.requestClass === 'immediate' && request.escalations.length === 0)
    return { from: request.openedAt, lengthMs: immediateSeconds * 1_000, strict: true };
  const due = request.agreedDueAt ?? request.openedAt + deferredHours * HOUR_MS;
  return { from: request.openedAt, lengthMs: due - request.openedAt, strict: false };
};

/** The pauses that begin before `target` push it back, up to `maxPauseHours` in all; an open pause lasts to that limit. */
const afterPauses = (
  target: Instant,
  from: Instant,
  request: RequestEvidence,
  configuration: Configuration,
): Instant => {
  let left = configuration.service.maxPauseHours * HOUR_MS;
  let instant = target;
  for (const pause of request.pauses) {
    if (pause.from >= instant) break;
    const spent = Math.min(left, Math.max(0, (pause.to ?? Number.POSITIVE_INFINITY) - pause.from));
    left -= spent;
    // What was paused before a reopening is used up, but the new time starts after it.
    const counted = Math.max(0, pause.from + spent - Math.max(from, pause.from));
    instant += counted;
  }
  return instant;
};

/**
 * When `share` (0..1) of the service time has passed on the SLA clock, which stands still while the
 * request waits for the customer (`domain.md §10.3`, §10.4); null while the opening is not known. An
 * open pause is taken to last to its limit, so the answer is never too early.
 */
export const slaShareInstant = (
  request: RequestEvidence,
  share: number,
  configuration: Configuration,
): Instant | null => {
  const time = serviceTime(request, configuration);
  if (time === null) return null;
  return afterPauses(time.from + Math.ceil(share * time.lengthMs), time.from, request, configuration);
};

/**
 * When the request must be solved on the SLA clock (`domain.md §10.1`, §10.4, §10.7): an immediate one
 * 180 s after its opening; a deferred one at the agreed time or 24 h after its opening, plus what was
 * paused; a reopened one 24 h after the reopening. Null while the opening is not known.
 */
export const slaDue = (request: RequestEvidence, configuration: Configuration): Instant | null =>
  slaShareInstant(request, 1, configuration);

/** Resolution of the round that is running: one that precedes the last reopening has been undone. */
export const currentResolution = (request: RequestEvidence): Instant | null =>
  request.resolvedAt === null || (request.reopenedAt !== null && request.resolvedAt < request.reopenedAt)
    ? null
    : request.resolvedAt;

/**
 * The instant at which the service level was broken, null when it is met or may still be met at
 * `asOf`. Exactly due is met for a deferred request and missed for an immediate one (`domain.md §10.2`);
 * what is unsolved at `asOf` ≥ due, after all facts of that instant, can no longer be met.
 */
export const breachAt = (request: RequestEvidence, configuration: Configuration, asOf: Instant): Instant | null => {
  const time = serviceTime(request, configuration);
  const due = slaDue(request, configuration);
  if (time === null || due === null) return null;
  const resolvedAt = currentResolution(request);
  const missed = resolvedAt === null ? asOf >= due : time.strict ? resolvedAt >= due : resolvedAt > due;
  return missed ? due : null;
};
