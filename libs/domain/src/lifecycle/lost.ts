import type { Evidence } from '../customer/evidence';
import { recencyRatio, rhythmOf } from '../loyalty/rhythm';
import type { Policy } from '../policy/regime';
import { ageInDays, DAY_MS, type Instant, NEVER } from '../time/calendar';
import { aliveUntil, probabilityAlive, purchaseHistory } from '../value/alive';
import { effectiveNotice } from '../defection/notices';

const leastRepeats = 1;

/** Below the limit of P(alive); never judged for one-time buyers or without a fitted model. */
const isProbablyGone = (evidence: Evidence, policy: Policy, asOf: Instant): boolean => {
  const model = policy.review?.bgnbd;
  if (model === undefined) return false;
  const history = purchaseHistory(evidence.orderDays, asOf);
  return (
    history !== null &&
    history.repeats >= leastRepeats &&
    probabilityAlive(history, model) < policy.configuration.lifecycle.lostAliveBelow
  );
};

/**
 * Lost (`domain.md §4.1`): a defection notice in effect; or recency ratio ≥ 6 and at least 90 days
 * since the last order; or, with a fitted model and two order days, P(alive) < 0.10 and 90 days.
 */
export const isLost = (evidence: Evidence, policy: Policy, asOf: Instant): boolean => {
  if (effectiveNotice(evidence, asOf) !== null) return true;
  const { lostDays, lostRecencyRatio } = policy.configuration.lifecycle;
  const rhythm = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  if (rhythm.lastAt === null || ageInDays(rhythm.lastAt, asOf) < lostDays) return false;
  const ratio = recencyRatio(rhythm, asOf);
  return (ratio !== null && ratio >= lostRecencyRatio) || isProbablyGone(evidence, policy, asOf);
};

/**
 * A lower bound of the instant at which silence alone makes the customer lost, later than `asOf`;
 * `NEVER` without orders. For customers that are not lost at `asOf`: silence never ends a loss.
 */
export const lostBySilenceFrom = (evidence: Evidence, policy: Policy, asOf: Instant): Instant => {
  const { lostDays, lostRecencyRatio, lostAliveBelow } = policy.configuration.lifecycle;
  const { lastAt, ipiDays } = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  if (lastAt === null) return NEVER;
  const byRatio = Math.floor(lastAt + lostRecencyRatio * ipiDays * DAY_MS);
  const model = policy.review?.bgnbd;
  const byModel = model === undefined ? NEVER : aliveUntil(evidence.orderDays, model, lostAliveBelow);
  return Math.max(asOf + 1, lastAt + lostDays * DAY_MS, Math.min(byRatio, byModel));
};
