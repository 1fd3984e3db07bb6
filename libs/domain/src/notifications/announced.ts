import type { Evidence, InconsistencyEvidence } from '../customer/evidence';
import type { LoyaltyStanding, Phase, Standing, Tier, WorkItem, Zone } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import { breachesOf } from '../service-request/clock';
import type { Instant } from '../time/calendar';

/**
 * What has been decided about a customer as far as it is announced to others: enough to tell, when it
 * is decided anew, which announcements are new and which were wrong. Kept with the customer's row.
 */
export interface Announced {
  /** Zones in order of entry: zone, when, and the first fact at that instant. */
  readonly zones: ReadonlyArray<readonly [zone: Zone, from: Instant, cause: string | null]>;
  readonly phases: ReadonlyArray<readonly [phase: Phase, from: Instant]>;
  readonly tier: readonly [tier: Tier, since: Instant] | null;
  /** Tiers in order of entry, null for none. Absent in what was announced before they were all kept: `tier` alone was. */
  readonly tiers?: ReadonlyArray<readonly [tier: Tier | null, at: Instant]>;
  /** Service levels broken: the request and the exact instant. */
  readonly breaches: ReadonlyArray<readonly [requestId: string, at: Instant]>;
  /** Quadrants in order of entry. Absent in what was announced before quadrants were: it told none and denied none. */
  readonly quadrants?: ReadonlyArray<
    readonly [quadrant: LoyaltyStanding['quadrant'], at: Instant, cause: string | null]
  >;
  /** Absent in what was announced before they were. */
  readonly inconsistencies?: ReadonlyArray<InconsistencyEvidence>;
}

/** Work items as far as they are announced. */
export type AnnouncedItem = Pick<WorkItem, 'itemId' | 'enteredAt' | 'closedAt' | 'closedBy' | 'outcome'>;

const none: Announced['breaches'] = [];
const consistent: ReadonlyArray<InconsistencyEvidence> = [];

const allBreaches = (evidence: Evidence, configuration: Configuration, asOf: Instant): Announced['breaches'] => {
  if (evidence.requests.size === 0) return none;
  const breaches: [string, Instant][] = [];
  for (const request of evidence.requests.values()) {
    if (request.openedAt === null) continue;
    for (const { at } of breachesOf(request, configuration, asOf)) breaches.push([request.requestId, at]);
  }
  return breaches;
};

export const announcedOf = (
  evidence: Evidence,
  { loyalty, lifecycle, value }: Standing,
  configuration: Configuration,
  asOf: Instant,
): Announced => ({
  zones: loyalty.history.map(({ zone, from, causedBy }) => [zone, from, causedBy[0] ?? null] as const),
  phases: lifecycle.history.map(({ phase, from }) => [phase, from] as const),
  tier: value.tier === null || value.tierSince === null ? null : [value.tier, value.tierSince],
  tiers: value.tiers.map(({ tier, at }) => [tier, at] as const),
  breaches: allBreaches(evidence, configuration, asOf),
  quadrants: loyalty.quadrants.map(({ quadrant, at, causedBy }) => [quadrant, at, causedBy[0] ?? null] as const),
  // A copy: the fold goes on adding to its own.
  inconsistencies: evidence.inconsistencies.length === 0 ? consistent : [...evidence.inconsistencies],
});
