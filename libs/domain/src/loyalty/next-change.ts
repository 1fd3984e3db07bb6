import type { Evidence } from '../customer/evidence';
import type { LoyaltyStanding, NextChange } from '../customer/standing';
import type { Policy } from '../policy/regime';
import { calendarOf, DAY_MS, type Instant, NEVER } from '../time/calendar';
import { assess, currentlySteady, keepProof, type LoyaltyAssessment, provedThrough } from './assessment';
import { isConstant, isDevelopable } from './constancy';
import { nextLoyaltyDeadline } from './deadlines';
import { judgeLoyalty } from './evaluation';

/** Assessments one answer may cost; what is not proved by then is left to the next evaluation. */
const EFFORT = 12;
const FIRST_STRIDE_DAYS = 32;
const STRIDE_GROWTH = 4;
/** Beyond this stride the rest of time is tried at once. */
const LONGEST_STRIDE_DAYS = 512;
/** The last instant a calendar can name. */
const END_OF_TIME: Instant = 8_640_000_000_000_000;

const noFacts: ReadonlyArray<string> = [];

/**
 * The first instant after `asOf` that cannot be proved uneventful, at most `limit`. Goes span by span in
 * which the same counts; in a span, a stride whose two ends prove everything between them is taken and
 * the next one is longer, any other is halved; a stride down to one day boundary is settled by judging
 * that boundary, and so is the first boundary after a span.
 */
const firstUnproved = (
  evidence: Evidence,
  standing: LoyaltyStanding,
  policy: Policy,
  asOf: Instant,
  limit: Instant,
): Instant => {
  const calendar = calendarOf(policy.configuration.tenant.timeZone);
  if (calendar.nextDayStart(asOf) >= limit) return limit;
  if (provedThrough(evidence, standing, policy, asOf) >= limit - 1) return limit;
  let proved = assess(evidence, policy, asOf);
  const developable = isDevelopable(proved, policy);
  const judgesAlike = (next: LoyaltyAssessment): boolean =>
    isDevelopable(next, policy) === developable && judgeLoyalty(next, standing, policy, noFacts) === standing;

  // A whole stride is tried first, also beyond the limit: the proof serves facts to come that do not count here.
  const ahead = Math.min(asOf + FIRST_STRIDE_DAYS * DAY_MS, proved.steady.until - 1);
  if (limit <= ahead) {
    const next = assess(evidence, policy, ahead);
    if (judgesAlike(next) && isConstant(standing, proved, next, policy)) {
      keepProof(evidence, standing, next.steady, asOf, ahead);
      return limit;
    }
  }

  let stride = FIRST_STRIDE_DAYS;
  let doubtful: Instant = NEVER;
  for (let effort = 1; effort < EFFORT; effort++) {
    const boundary = calendar.nextDayStart(proved.asOf);
    if (boundary >= limit) return limit;
    const far = stride > LONGEST_STRIDE_DAYS ? END_OF_TIME : proved.asOf + stride * DAY_MS;
    const reach = far < doubtful ? far : Math.floor((proved.asOf + doubtful) / 2);
    const to = Math.max(boundary, Math.min(reach, limit - 1, proved.steady.until - 1));
    const next = assess(evidence, policy, to);
    if (judgesAlike(next) && (to === boundary || isConstant(standing, proved, next, policy))) {
      if (to === END_OF_TIME) return NEVER;
      proved = next;
      if (to >= doubtful) doubtful = NEVER;
      else if (doubtful === NEVER) stride *= STRIDE_GROWTH;
    } else if (to === boundary) return boundary;
    else {
      doubtful = to;
      stride = FIRST_STRIDE_DAYS;
    }
  }
  return Math.min(proved.asOf + 1, limit);
};

/**
 * When time alone could change the judgement of `standing` (`domain.md §1`): the exact instant of the
 * next deadline, and an instant such that no day boundary after `asOf` and strictly before it changes
 * anything. `NEVER` when nothing can change. `within`: the caller evaluates at that instant anyway, so
 * nothing later need be proved; the answer may then be `within` itself.
 */
export const nextLoyaltyChange = (
  evidence: Evidence,
  standing: LoyaltyStanding,
  policy: Policy,
  asOf: Instant,
  within: Instant = NEVER,
): NextChange => {
  if (standing.since === null) return { deadline: NEVER, crossing: asOf + 1 };
  const { person } = evidence;
  // Of whom nothing is judged a service level is missed all the same when its time is up: the figures count it.
  if (person.erasedAt !== null || person.objections.length > 0)
    return { deadline: nextLoyaltyDeadline(evidence, policy.configuration, asOf), crossing: NEVER };
  const { deadline } = currentlySteady(evidence, policy, asOf);
  return { deadline, crossing: firstUnproved(evidence, standing, policy, asOf, Math.min(deadline, within)) };
};
