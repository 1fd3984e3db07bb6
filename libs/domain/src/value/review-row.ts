import type { Evidence, PersonEvidence } from '../customer/evidence';
import type { Phase, Tier, Zone } from '../customer/standing';
import { rhythmOf } from '../loyalty/rhythm';
import type { Policy } from '../policy/regime';
import { longevityDays } from '../relationship/longevity';
import { orderDaysAt } from '../relationship/order-days';
import { isProfilingStopped } from '../relationship/profiling';
import { isOutsideBase } from '../relationship/roles';
import { ageInDays, type Instant } from '../time/calendar';
import { segmentProfileOf, type SegmentProfile } from './segments';
import { contribution365, discountShare365, frequency365, spend365 } from './money';

/** What decides which segments a customer belongs to (`domain.md §6.4`). */
export interface SegmentFacets {
  readonly phase: Phase;
  readonly tier: Tier | null;
  readonly zone: Zone;
  /** Contactable for marketing on at least one channel. */
  readonly reachable: boolean;
}

/** One customer in the population of a review. Amounts in minor units. */
export interface ReviewRow {
  readonly partyId: string;
  readonly kind: PersonEvidence['kind'];
  /** Employee, competitor, erased or objecting: no part of any population (`domain.md §3`, §6.1, §17.7). */
  readonly excluded: boolean;
  /** At least one order day in the trailing 365 days: ranked for the tiers (`domain.md §6.5`). */
  readonly inBase: boolean;
  /** Days since the last order; null while there is none: then no part of the RFM population. */
  readonly recencyDays: number | null;
  readonly cm365Minor: number;
  readonly spend365Minor: number;
  readonly frequency365: number;
  readonly longevityDays: number;
  readonly discountShare: number;
  /** Own cadence in days, null without orders. */
  readonly ipiDays: number | null;
  /** Gaps that the cadence rests on. */
  readonly keptGaps: number;
  /** Null: left out of the segment table. */
  readonly segment: (SegmentFacets & { readonly profile: SegmentProfile }) | null;
}

/** Outside every population: staff and rivals, the erased, and those who object to profiling. */
export const isOutsidePopulations = (evidence: Evidence, asOf: Instant): boolean =>
  isOutsideBase(evidence, asOf) ||
  (evidence.person.erasedAt !== null && evidence.person.erasedAt <= asOf) ||
  isProfilingStopped(evidence, asOf);

/** One customer's line of the portfolio as of an instant, from own facts only (`domain.md §6`). */
export const reviewRowOf = (
  evidence: Evidence,
  policy: Policy,
  asOf: Instant,
  segment: SegmentFacets | null = null,
): ReviewRow => {
  const days = orderDaysAt(evidence, asOf);
  const last = days.at(-1);
  const frequency = frequency365(evidence, policy, asOf);
  const excluded = isOutsidePopulations(evidence, asOf);
  // The median cadence must not feed on the median of the review before, so the default is used.
  const rhythm = last === undefined ? null : rhythmOf(days, null, policy.configuration);
  return {
    partyId: evidence.partyId,
    kind: evidence.person.kind,
    excluded,
    inBase: !excluded && frequency > 0,
    recencyDays: last === undefined ? null : ageInDays(last.lastAt, asOf),
    cm365Minor: contribution365(evidence, policy, asOf),
    spend365Minor: spend365(evidence, policy, asOf),
    frequency365: frequency,
    longevityDays: longevityDays(evidence, policy, asOf),
    discountShare: discountShare365(evidence, policy, asOf),
    ipiDays: rhythm?.ipiDays ?? null,
    keptGaps: rhythm?.keptGapsDays.length ?? 0,
    segment: segment === null ? null : { ...segment, profile: segmentProfileOf(evidence, policy, asOf) },
  };
};
