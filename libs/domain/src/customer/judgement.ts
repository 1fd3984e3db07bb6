import { evaluateLifecycle, initialLifecycle, nextLifecycleChange } from '../lifecycle/standing';
import { evaluateLoyalty, initialLoyalty } from '../loyalty/evaluation';
import { nextLoyaltyChange } from '../loyalty/next-change';
import { nextPolicyChange } from '../policy/fold-regime';
import type { Policy, Regime } from '../policy/regime';
import { evaluateQueues, nextQueueChange } from '../queues/evaluate';
import { calendarOf, DAY_MS, type Instant, NEVER } from '../time/calendar';
import { evaluateValue, initialValue, nextValueChange } from '../value/standing';
import type { Evidence } from './evidence';
import type { Standing } from './standing';

/** What is decided about a customer of whom nothing is known. */
export const initialStanding: Standing = {
  value: initialValue,
  loyalty: initialLoyalty,
  lifecycle: initialLifecycle,
  items: [],
};

/**
 * One evaluation (`domain.md §1`): value, loyalty, lifecycle, queues, each on the outcome of those
 * before it. `causedBy`: the facts at `asOf`, empty when time alone calls. Returns `previous` itself
 * when nothing changed.
 */
export const evaluate = (
  evidence: Evidence,
  previous: Standing,
  policy: Policy,
  asOf: Instant,
  causedBy: ReadonlyArray<string>,
): Standing => {
  const value = evaluateValue(evidence, previous.value, policy, asOf, causedBy);
  const loyalty = evaluateLoyalty(evidence, previous.loyalty, policy, asOf, causedBy);
  const lifecycle = evaluateLifecycle(evidence, { value, loyalty }, previous.lifecycle, policy, asOf, causedBy);
  const isSame = value === previous.value && loyalty === previous.loyalty && lifecycle === previous.lifecycle;
  const judged = isSame ? previous : { value, loyalty, lifecycle, items: previous.items };
  const items = evaluateQueues(evidence, judged, policy, asOf, causedBy);
  return items === judged.items ? judged : { value, loyalty, lifecycle, items };
};

/** The last instant of which a calendar can name the day, with room for the next boundary. */
const LAST_DAY: Instant = 8_640_000_000_000_000 - 2 * DAY_MS;

const latterOf = (at: Instant, next: Instant): Instant => {
  if (next > at) return next;
  throw new Error(`a judgement made at ${at} names ${next} as the next instant at which it could change`);
};

/**
 * When a standing must be judged again if no fact comes: not before `deadline` and not before
 * `crossing`. Loyalty, whose proof costs most, is asked last and only as far as the others reach.
 */
export const nextChangeOf = (
  evidence: Evidence,
  standing: Standing,
  policy: Policy,
  at: Instant,
  within: Instant = NEVER,
): { readonly deadline: Instant; readonly crossing: Instant } => {
  const value = nextValueChange(evidence, standing.value, policy, at);
  const lifecycle = nextLifecycleChange(evidence, standing, policy, at);
  const queues = nextQueueChange(evidence, standing, policy, at);
  const nearest = Math.min(value.deadline, lifecycle.deadline, queues.deadline);
  const crossing = Math.min(value.crossing, lifecycle.crossing, queues.crossing);
  const loyalty = nextLoyaltyChange(
    evidence,
    standing.loyalty,
    policy,
    at,
    Math.min(within, nearest, boundaryFrom(crossing, policy)),
  );
  return {
    deadline: latterOf(at, Math.min(nearest, loyalty.deadline)),
    crossing: latterOf(at, Math.min(crossing, loyalty.crossing)),
  };
};

/** The first tenant day boundary at or after a crossing. */
const boundaryFrom = (crossing: Instant, policy: Policy): Instant =>
  crossing < LAST_DAY ? calendarOf(policy.configuration.tenant.timeZone).ceilDay(crossing) : NEVER;

/**
 * The next instant, strictly later than `at`, at which a customer standing so at `at` is evaluated if
 * no fact comes before: the nearest deadline, the first tenant day boundary at or after the nearest
 * crossing, or the next policy (`domain.md §1`); `NEVER` when nothing can change any more. Any answer
 * at or after `within` says only that nothing changes before `within`.
 */
export const nextEvaluation = (
  evidence: Evidence,
  standing: Standing,
  policy: Policy,
  regime: Regime,
  at: Instant,
  within: Instant = NEVER,
): Instant => {
  const policyAt = nextPolicyChange(regime, at);
  const { deadline, crossing } = nextChangeOf(evidence, standing, policy, at, Math.min(within, policyAt));
  return Math.min(deadline, boundaryFrom(crossing, policy), policyAt);
};
