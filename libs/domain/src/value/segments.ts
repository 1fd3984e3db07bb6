import type { Evidence } from '../customer/evidence';
import type { SegmentDefinition } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import { needsAt } from '../relationship/needs';
import { shareOfWallet } from '../relationship/share-of-wallet';
import type { Instant } from '../time/calendar';
import type { ReviewRow } from './review-row';

/** A segment's line of the evaluation table; the mean is in minor units and may be fractional. */
export interface SegmentStatistics {
  readonly segmentId: string;
  readonly size: number;
  /** Members that may be contacted for marketing. */
  readonly reachable: number;
  readonly meanCm365Minor: number;
}

const admits = <V>(allowed: ReadonlyArray<V> | undefined, value: V): boolean =>
  allowed === undefined || allowed.includes(value);

/** What a customer needs and how much of its spend it gives us: segments by needs (`domain.md §12.1`, differentiate). */
export interface SegmentProfile {
  /** Keys, stated or observed, of now or later. */
  readonly needs: ReadonlySet<string>;
  /** 0..1; null when it is not known. */
  readonly shareOfWallet: number | null;
}

export const segmentProfileOf = (evidence: Evidence, policy: Policy, at: Instant): SegmentProfile => ({
  needs: needsAt(evidence, at),
  shareOfWallet: shareOfWallet(evidence, policy, at).value,
});

const fits = ({ needs, wallet }: SegmentDefinition, profile: SegmentProfile): boolean =>
  (needs === undefined || needs.some((need) => profile.needs.has(need))) &&
  (wallet === undefined ||
    (profile.shareOfWallet !== null &&
      profile.shareOfWallet >= (wallet.atLeast ?? 0) &&
      profile.shareOfWallet < (wallet.below ?? Number.POSITIVE_INFINITY)));

/** Whether a customer belongs to a segment; an absent list means any (`domain.md §6.4`). `profile` is asked only where a segment looks at it. */
export const belongsTo = (
  segment: SegmentDefinition,
  customer: {
    readonly kind: 'person' | 'organization' | null;
    readonly phase: string;
    readonly tier: string | null;
    readonly zone: string;
    readonly profile: () => SegmentProfile;
  },
): boolean =>
  admits(segment.phases, customer.phase) &&
  admits(segment.zones, customer.zone) &&
  (segment.kinds === undefined || (customer.kind !== null && segment.kinds.includes(customer.kind))) &&
  (segment.tiers === undefined || (customer.tier !== null && segment.tiers.includes(customer.tier))) &&
  ((segment.needs === undefined && segment.wallet === undefined) || fits(segment, customer.profile()));

/** Collects the segment evaluation table row by row (`domain.md §6.4`). */
export const segmentTable = (segments: ReadonlyArray<SegmentDefinition>) => {
  const totals = segments.map((segment) => ({ segment, size: 0, reachable: 0, cm365Minor: 0 }));
  return {
    add: (row: ReviewRow): void => {
      if (row.segment === null) return;
      const { profile } = row.segment;
      const customer = { ...row.segment, kind: row.kind, profile: () => profile };
      for (const total of totals) {
        if (!belongsTo(total.segment, customer)) continue;
        total.size += 1;
        total.reachable += row.segment.reachable ? 1 : 0;
        total.cm365Minor += row.cm365Minor;
      }
    },
    rows: (): SegmentStatistics[] =>
      totals.map(({ segment, size, reachable, cm365Minor }) => ({
        segmentId: segment.segmentId,
        size,
        reachable,
        meanCm365Minor: size === 0 ? 0 : cm365Minor / size,
      })),
  };
};

export interface SegmentEvaluation extends SegmentStatistics {
  /** reachable / size, 0 for an empty segment. */
  readonly reachableShare: number;
  readonly totalCm365Minor: number;
  /** reachable × response rate × mean contribution, minor units. */
  readonly expectedContributionMinor: number;
}

/** The evaluation table with the expected contribution at a response rate 0..1 (`domain.md §6.4`). */
export const evaluateSegments = (
  segments: ReadonlyArray<SegmentStatistics>,
  responseRateOf: (segmentId: string) => number,
): ReadonlyArray<SegmentEvaluation> =>
  segments.map((segment) => ({
    ...segment,
    reachableShare: segment.size === 0 ? 0 : segment.reachable / segment.size,
    totalCm365Minor: segment.meanCm365Minor * segment.size,
    expectedContributionMinor: segment.reachable * responseRateOf(segment.segmentId) * segment.meanCm365Minor,
  }));

export interface MajorityFallacyWarning {
  readonly chosen: string;
  /** At most three, the most profitable mean first. */
  readonly betterSegments: ReadonlyArray<string>;
}

const betterShown = 3;

/**
 * The majority fallacy: the chosen segment is the largest or the best reachable and its mean
 * contribution lies below the median of the segments (`domain.md §6.4`). Null when there is nothing
 * to warn of, also for an unknown segment. Empty segments do not count.
 */
export const majorityFallacy = (
  segments: ReadonlyArray<SegmentStatistics>,
  chosenId: string,
): MajorityFallacyWarning | null => {
  const peopled = evaluateSegments(
    segments.filter(({ size }) => size > 0),
    () => 1,
  );
  const chosen = peopled.find(({ segmentId }) => segmentId === chosenId);
  if (chosen === undefined) return null;
  const isLargest = peopled.every(({ size }) => size <= chosen.size);
  const isBestReached = peopled.every(({ reachableShare }) => reachableShare <= chosen.reachableShare);
  const means = peopled.map(({ meanCm365Minor }) => meanCm365Minor).sort((one, other) => one - other);
  const lower = means[Math.ceil(means.length / 2) - 1] ?? 0;
  const upper = means[Math.floor(means.length / 2)] ?? 0;
  if (!(isLargest || isBestReached) || chosen.meanCm365Minor >= (lower + upper) / 2) return null;
  const betterSegments = peopled
    .filter(({ meanCm365Minor }) => meanCm365Minor > chosen.meanCm365Minor)
    .sort((one, other) => other.meanCm365Minor - one.meanCm365Minor || (one.segmentId < other.segmentId ? -1 : 1))
    .slice(0, betterShown)
    .map(({ segmentId }) => segmentId);
  return { chosen: chosenId, betterSegments };
};
