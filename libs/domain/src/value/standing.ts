import type { Evidence } from '../customer/evidence';
import type { NextChange, ValueStanding } from '../customer/standing';
import { rhythmOf } from '../loyalty/rhythm';
import type { Policy } from '../policy/regime';
import { isProfilingStopped } from '../relationship/profiling';
import { shareOfWallet } from '../relationship/share-of-wallet';
import { windowExit } from '../relationship/window';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';
import { consumptionClass } from './consumption-class';
import { judgeAtReview, withoutLastTier } from './tier-review';

export const initialValue: ValueStanding = {
  consumptionClass: 'none',
  tier: null,
  tierSince: null,
  tiers: [],
  stale: false,
  pendingDemotion: null,
  lastReviewEventId: null,
  reviewed: null,
};

/** The customer has no tier from `asOf` on. */
const withoutTier = (standing: ValueStanding, asOf: Instant): ValueStanding =>
  standing.tier === null ? standing : { ...standing, tier: null, tierSince: asOf, stale: false, pendingDemotion: null };

/** The same, when it has become too old: which one it was decides whether a win-back is worth it (`domain.md §11.3 Q2`). */
const outOfTier = (standing: ValueStanding, asOf: Instant): ValueStanding =>
  standing.tier === null ? standing : { ...withoutTier(standing, asOf), lastTier: standing.tier };

/** Who objects to profiling has no tier and no scores, at once (`domain.md §17.7`). */
const withoutProfile = (standing: ValueStanding, asOf: Instant): ValueStanding => {
  const untiered = withoutLastTier(withoutTier(standing, asOf));
  return untiered.reviewed === null ? untiered : { ...untiered, reviewed: null };
};

/** First instants at which the last order is too old for a fresh tier and for any tier (`domain.md §6.5`). */
const staleness = (evidence: Evidence, policy: Policy): { readonly from: Instant; readonly until: Instant } | null => {
  const last = evidence.orderDays.at(-1);
  if (last === undefined) return null;
  const { windowDays, tiers } = policy.configuration.value;
  return {
    from: last.lastAt + windowDays * DAY_MS + 1,
    until: last.lastAt + (windowDays + tiers.staleDays) * DAY_MS + 1,
  };
};

/** Without an order in 365 days the last tier stays, marked stale, for 365 days more (`domain.md §6.5`). */
const withStaleness = (standing: ValueStanding, evidence: Evidence, policy: Policy, asOf: Instant): ValueStanding => {
  if (standing.tier === null) return standing;
  const limits = staleness(evidence, policy);
  if (limits === null) return withoutTier(standing, asOf);
  if (asOf >= limits.until) return outOfTier(standing, asOf);
  const stale = asOf >= limits.from;
  return stale === standing.stale ? standing : { ...standing, stale };
};

const judgedValue = (evidence: Evidence, previous: ValueStanding, policy: Policy, asOf: Instant): ValueStanding => {
  const consumption = consumptionClass(evidence, policy, asOf);
  const classified =
    consumption === previous.consumptionClass ? previous : { ...previous, consumptionClass: consumption };
  if (isProfilingStopped(evidence, asOf)) return withoutProfile(classified, asOf);
  const { review } = policy;
  const judged =
    review === null || review.eventId === classified.lastReviewEventId
      ? classified
      : judgeAtReview(evidence, classified, review, policy, asOf);
  return withStaleness(judged, evidence, policy, asOf);
};

/**
 * The value standing at `asOf` (`domain.md §6.2`, §6.5): class from own consumption; tier judged once
 * for each review that comes into force, as of that review. Returns `previous` itself when nothing
 * changed. Call it at every evaluation instant of `domain.md §1`. `causedBy`: facts of this very
 * instant, empty when time alone calls.
 */
export const evaluateValue = (
  evidence: Evidence,
  previous: ValueStanding,
  policy: Policy,
  asOf: Instant,
  causedBy: ReadonlyArray<string> = [],
): ValueStanding => {
  const judged = judgedValue(evidence, previous, policy, asOf);
  const { tier, lastReviewEventId } = judged;
  if (tier === previous.tier) return judged;
  const isReviewed = lastReviewEventId !== null && lastReviewEventId !== previous.lastReviewEventId;
  const causes = isReviewed ? [lastReviewEventId, ...causedBy] : causedBy;
  return { ...judged, tiers: [...previous.tiers, { tier, at: asOf, causedBy: causes }] };
};

/** Ratio and wallet can end the class `loyal` or, when a poor wallet report grows old, begin it. */
const nextClassChange = (evidence: Evidence, policy: Policy, asOf: Instant): Instant => {
  const { orderDays, recencyRatio } = policy.configuration.value.loyalClass;
  if (evidence.orderDays.length < Math.max(2, orderDays)) return NEVER;
  const { ipiDays, lastAt } = rhythmOf(evidence.orderDays, policy.review, policy.configuration);
  if (lastAt === null) return NEVER;
  const outOfRhythm = Math.floor(lastAt + recencyRatio * ipiDays * DAY_MS);
  // Rounding may still find the ratio at its limit where the computed instant lies behind: look again next.
  if (asOf > outOfRhythm + 1) return NEVER;
  const wallet = shareOfWallet(evidence, policy, asOf);
  const report =
    wallet.eventId === null ? undefined : evidence.wallets.findLast((one) => one.eventId === wallet.eventId);
  const reportGone =
    report === undefined ? NEVER : windowExit(report.at, policy.configuration.relationship.windowDays, asOf);
  return Math.min(Math.max(outOfRhythm, asOf + 1), reportGone);
};

/**
 * When time alone could change the value standing next: the class at its recency ratio or when a
 * wallet report expires, the tier when it becomes stale or ends. Reviews are instants of the regime.
 */
export const nextValueChange = (
  evidence: Evidence,
  standing: ValueStanding,
  policy: Policy,
  asOf: Instant,
): NextChange => {
  let crossing = nextClassChange(evidence, policy, asOf);
  if (standing.tier !== null) {
    const limits = staleness(evidence, policy);
    const bound = limits === null ? NEVER : standing.stale ? limits.until : limits.from;
    if (bound > asOf) crossing = Math.min(crossing, bound);
  }
  return { deadline: NEVER, crossing };
};
