import type { Evidence } from '../customer/evidence';
import type { Tier, ValueStanding } from '../customer/standing';
import type { Policy, Review } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { bySpend } from './heavy-users';
import { isLower, tierOf } from './pyramid';
import { rfmScores } from './rfm';
import { reviewRowOf } from './review-row';

type Ranking = Pick<ValueStanding, 'tier' | 'tierSince' | 'pendingDemotion'>;

/**
 * Promotion at once; demotion only when a lower tier is computed at two consecutive reviews, and then
 * to the highest tier that those reviews agree on (`domain.md §6.5`, hysteresis).
 */
export const applyHysteresis = (
  present: Ranking,
  computed: Tier,
  demoteAfterReviews: number,
  asOf: Instant,
): Ranking => {
  const { tier, tierSince, pendingDemotion } = present;
  if (tier === computed) return { tier, tierSince, pendingDemotion: null };
  if (tier === null || !isLower(computed, tier)) return { tier: computed, tierSince: asOf, pendingDemotion: null };
  const reviews = (pendingDemotion?.reviews ?? 0) + 1;
  const agreed = pendingDemotion !== null && isLower(computed, pendingDemotion.tier) ? pendingDemotion.tier : computed;
  if (reviews < demoteAfterReviews) return { tier, tierSince, pendingDemotion: { tier: agreed, reviews } };
  return {
    tier: agreed,
    tierSince: asOf,
    pendingDemotion: isLower(computed, agreed) ? { tier: computed, reviews: 1 } : null,
  };
};

/** The tier of before is forgotten; the same object when there is none. */
export const withoutLastTier = (standing: ValueStanding): ValueStanding => {
  if (standing.lastTier === undefined) return standing;
  const { lastTier: _, ...rest } = standing;
  return rest;
};

/**
 * Judges one customer at a review: the tier and the scores are functions of the customer's own facts
 * as of the review, of the frozen cuts and of the configuration. A customer without an order in the
 * window keeps the tier of before; one outside the base (employee, competitor, erased) has none.
 */
export const judgeAtReview = (
  evidence: Evidence,
  previous: ValueStanding,
  review: Review,
  policy: Policy,
  asOf: Instant,
): ValueStanding => {
  const seen = { ...previous, lastReviewEventId: review.eventId };
  const row = reviewRowOf(evidence, policy, review.asOf);
  if (row.excluded)
    return {
      ...withoutLastTier(seen),
      tier: null,
      tierSince: previous.tier === null ? previous.tierSince : asOf,
      stale: false,
      pendingDemotion: null,
    };
  if (row.recencyDays === null) return { ...seen, pendingDemotion: null };
  const { heavyCut } = review;
  const reviewed = {
    eventId: review.eventId,
    asOf: review.asOf,
    cm365Minor: row.cm365Minor,
    spend365Minor: row.spend365Minor,
    frequency365: row.frequency365,
    rfm: rfmScores({ ...row, recencyDays: row.recencyDays }, review.rfmCuts),
    heavyUser: heavyCut !== null && bySpend(row, { partyId: heavyCut.partyId, spend365Minor: heavyCut.m365Minor }) <= 0,
  };
  if (!row.inBase) return { ...seen, pendingDemotion: null, reviewed };
  const computed = tierOf(row, review, policy.configuration);
  const { demoteAfterReviews } = policy.configuration.value.tiers;
  return { ...withoutLastTier(seen), ...applyHysteresis(previous, computed, demoteAfterReviews, asOf), reviewed };
};
