import type { RequestEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { type OpenTime, openTimeOf } from '../time/business-hours';
import { HOUR_MS, type Instant } from '../time/calendar';

/** The stretch of service time that is being measured: from where to where, on which scale, and whose limit is strict. */
interface ServiceTime {
  readonly from: Instant;
  /** Without pauses. */
  readonly due: Instant;
  readonly openTime: OpenTime;
  /** An immediate request must be solved before its limit; a deferred one at the limit at the latest. */
  readonly strict: boolean;
}

/** Who is on the line is served while the line is open: the three minutes know no business hours. */
const lineTime = openTimeOf(undefined);

/** Whether the three minutes apply: escalated, an immediate request becomes a deferred one with its original opening (§10.3). */
export const isImmediateRequest = ({ requestClass, escalations }: RequestEvidence): boolean =>
  requestClass === 'immediate' && escalations.length === 0;

const serviceTime = (request: RequestEvidence, configuration: Configuration): ServiceTime | null => {
  if (request.openedAt === null) return null;
  const { immediateSeconds, deferredHours, calendar } = termsAt(configuration, request.openedAt).service;
  const openTime = openTimeOf(calendar);
  if (request.reopenedAt !== null) {
    const from = request.reopenedAt;
    return { from, due: openTime.after(from, deferredHours * HOUR_MS), openTime, strict: false };
  }
  const from = request.openedAt;
  if (isImmediateRequest(request))
    return { from, due: from + immediateSeconds * 1_000, openTime: lineTime, strict: true };
  // The time agreed with the customer is an instant: business hours do not move it.
  const due = request.agreedDueAt ?? openTime.after(from, deferredHours * HOUR_MS);
  return { from, due, openTime, strict: false };
};

/**
 * The pauses that begin before `target` push it back by the service time that passed in them, up to
 * `maxPauseHours` of pause in all; an open pause lasts to that limit. The three minutes cannot be paused
 * (`domain.md §15`): whoever told a pause of them stopped no clock.
 */
const afterPauses = (
  target: Instant,
  { from, openTime, strict }: ServiceTime,
  request: RequestEvidence,
  configuration: Configuration,
): Instant => {
  if (strict) return target;
  let left = termsAt(configuration, request.openedAt).service.maxPauseHours * HOUR_MS;
  let instant = target;
  for (const pause of request.pauses) {
    if (pause.from >= instant) break;
    const spent = Math.min(left, Math.max(0, (pause.to ?? Number.POSITIVE_INFINITY) - pause.from));
    left -= spent;
    // What was paused before a reopening is used up, but the new time starts after it.
    instant = openTime.after(instant, Math.max(0, openTime.between(Math.max(from, pause.from), pause.from + spent)));
  }
  return instant;
};

/**
 * When `share` (0..1) of the service time has passed on the SLA clock, which stands still while the
 * request waits for the customer and outside the business hours, if there are any (`domain.md §10.3`,
 * §10.4); null while the opening is not known. An open pause is taken to last to its limit, so the
 * answer is never too early.
 */
export const slaShareInstant = (
  request: RequestEvidence,
  share: number,
  configuration: Configuration,
): Instant | null => {
  const time = serviceTime(request, configuration);
  if (time === null) return null;
  const { from, due, openTime } = time;
  const target = share === 1 ? due : openTime.after(from, Math.ceil(share * openTime.between(from, due)));
  return afterPauses(target, time, request, configuration);
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

/** A request in one of its rounds: as it stood when a reopening ended that, or as it stands. */
export interface Round {
  readonly request: RequestEvidence;
  /** When it ended; null: it is the one that runs. */
  readonly until: Instant | null;
}

type EarlierRound = RequestEvidence['earlier'][number];

const inRound = (request: RequestEvidence, { until, ...round }: EarlierRound): Round => ({
  request: {
    ...request,
    ...round,
    escalations: request.escalations.filter(({ at }) => at < until),
    pauses: request.pauses.filter(({ from }) => from < until),
  },
  until,
});

/** The rounds of a request in order: each has a service time of its own, and what one missed the next does not mend (`domain.md §10.7`). */
export const roundsOf = (request: RequestEvidence): ReadonlyArray<Round> => [
  ...request.earlier.map((round) => inRound(request, round)),
  { request, until: null },
];

/** What an earlier round is judged by, besides itself. */
interface JudgedBy extends Pick<RequestEvidence, 'openedAt' | 'requestClass' | 'agreedDueAt'> {
  readonly configuration: Configuration;
}
const judged = new WeakMap<EarlierRound, JudgedBy & { readonly at: Instant | null }>();

/** When a round that is over broke its service level: what comes later changes it only by telling of the opening. */
const earlierBreachAt = (
  request: RequestEvidence,
  round: EarlierRound,
  configuration: Configuration,
): Instant | null => {
  const { openedAt, requestClass, agreedDueAt } = request;
  const known = judged.get(round);
  if (
    known?.configuration === configuration &&
    known.openedAt === openedAt &&
    known.requestClass === requestClass &&
    known.agreedDueAt === agreedDueAt
  )
    return known.at;
  const at = breachAt(inRound(request, round).request, configuration, round.until);
  judged.set(round, { configuration, openedAt, requestClass, agreedDueAt, at });
  return at;
};

/** Every round of a request that broke its service level by `asOf`, and when. */
export const breachesOf = (
  request: RequestEvidence,
  configuration: Configuration,
  asOf: Instant,
): ReadonlyArray<Round & { readonly at: Instant }> => {
  const breaches: (Round & { readonly at: Instant })[] = [];
  for (const round of request.earlier) {
    const at = earlierBreachAt(request, round, configuration);
    if (at !== null) breaches.push({ ...inRound(request, round), at });
  }
  const at = breachAt(request, configuration, asOf);
  if (at !== null) breaches.push({ request, until: null, at });
  return breaches;
};

/**
 * The instant at which the service level of the running round was broken, null when it is met or may still be met
 * at `asOf`. Exactly due is met for a deferred request and missed for an immediate one (`domain.md §10.2`);
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

/** Who must know of an unsolved request when a share of its service time has passed (`domain.md §10.3`). */
export const escalationSteps = ['reminder', 'supervisor', 'manager'] as const;
export type EscalationStep = (typeof escalationSteps)[number];

/** When each step of escalation is due: at 50, 75 and 100 % of the service time; null while the opening is not known. */
export const escalationInstants = (
  request: RequestEvidence,
  configuration: Configuration,
): Readonly<Record<EscalationStep, Instant>> | null => {
  const { escalationShares } = termsAt(configuration, request.openedAt).service;
  const [reminder, supervisor, manager] = escalationSteps.map((step) =>
    slaShareInstant(request, escalationShares[step], configuration),
  );
  return reminder == null || supervisor == null || manager == null ? null : { reminder, supervisor, manager };
};

/** The highest step of escalation that is due at `asOf`; null when none is, or the request is solved. */
export const escalationDue = (
  request: RequestEvidence,
  configuration: Configuration,
  asOf: Instant,
): EscalationStep | null => {
  if (currentResolution(request) !== null) return null;
  const instants = escalationInstants(request, configuration);
  return instants === null ? null : (escalationSteps.findLast((step) => instants[step] <= asOf) ?? null);
};

/**
 * Wall time from the original opening to the solution, or to `asOf` while there is none; never paused
 * (`domain.md §10.4`, §10.7). In milliseconds; null while the opening is not known.
 */
export const customerClock = (request: RequestEvidence, asOf: Instant): number | null =>
  request.openedAt === null ? null : Math.max(0, (currentResolution(request) ?? asOf) - request.openedAt);

/**
 * Service time used in the running round, without what was paused and what lies outside the business
 * hours; to the solution, or to `asOf` while there is none. In milliseconds; null while the opening is
 * not known. It has reached the service time exactly at `slaDue`.
 */
export const slaClock = (request: RequestEvidence, configuration: Configuration, asOf: Instant): number | null => {
  const time = serviceTime(request, configuration);
  if (time === null) return null;
  const { from, openTime, strict } = time;
  const until = Math.max(from, currentResolution(request) ?? asOf);
  let left = termsAt(configuration, request.openedAt).service.maxPauseHours * HOUR_MS;
  let used = openTime.between(from, until);
  if (strict) return used;
  for (const pause of request.pauses) {
    if (pause.from >= until) break;
    const spent = Math.min(left, Math.max(0, (pause.to ?? until) - pause.from));
    left -= spent;
    used -= Math.max(0, openTime.between(Math.max(from, pause.from), Math.min(until, pause.from + spent)));
  }
  return used;
};
