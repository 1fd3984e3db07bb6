import {
  belongsTo,
  concentrationIndex,
  contactable,
  contribution365,
  evaluateSegments,
  isOutsideBase,
  isOutsidePopulations,
  isProfilingStopped,
  majorityFallacy,
  progressOf,
  segmentProfileOf,
  type SegmentProfile,
  type SegmentStatistics,
} from '@afecto/domain';
import { responseRates } from '../campaigns/figures';
import { type Figures, isAsked } from '../figures/definition';
import { isoOrNull } from '../iso';
import { type Contribute, type Counted, keyOf, partsOf, prefixOf } from '../tally/contribute';
import { contributeToPareto, readPareto } from './pareto';
import { contributePortrait } from './portrait';

const REPORT = 'segments';

/**
 * What the last review counted for a party that it did not rank, minor units: who has not ordered yet may have cost
 * something all the same. 0 of whom it left out.
 */
const unranked = ({ evidence, policy }: Counted): number =>
  policy.review === null || isOutsidePopulations(evidence, policy.review.asOf)
    ? 0
    : contribution365(evidence, policy, policy.review.asOf);

/**
 * The segments that a customer belongs to now. Its contribution of 365 days is the one that the last
 * portfolio review froze: it changes in steps, at reviews, and not with every order that grows old. Who had
 * no order then counts with what it had cost, as in the table of the review. Employees, competitors,
 * the erased and those who object to profiling are in no segment (`domain.md §3`, §6.1, §17.7).
 */
export const contributeSegments: Contribute = (customer, count) => {
  const { evidence, standing, policy, asOf } = customer;
  const { person } = evidence;
  if (person.erasedAt !== null || isOutsideBase(evidence, asOf) || isProfilingStopped(evidence, asOf)) return;
  const { tier, reviewed } = standing.value;
  const isReviewed = reviewed !== null && reviewed.eventId === policy.review?.eventId;
  if (isReviewed && reviewed.frequency365 > 0) contributeToPareto(reviewed.cm365Minor, count);
  const { segments } = policy.configuration;
  if (segments.length === 0) return;
  const minor = isReviewed ? reviewed.cm365Minor : unranked(customer);
  let known: SegmentProfile | null = null;
  const profile = (): SegmentProfile => (known ??= segmentProfileOf(evidence, policy, asOf));
  const facets = { kind: person.kind, phase: standing.lifecycle.phase, tier, zone: standing.loyalty.zone, profile };
  let reachable: boolean | null = null;
  const segmentIds: string[] = [];
  for (const segment of segments) {
    if (!belongsTo(segment, facets)) continue;
    const { segmentId } = segment;
    segmentIds.push(segmentId);
    count(keyOf(REPORT, 'segment', segmentId, 'tier', tier ?? 'none'), 0);
    count(keyOf(REPORT, 'segment', segmentId, 'minor'), 0, minor);
    reachable ??= contactable(evidence, 'marketing', asOf);
    if (reachable) count(keyOf(REPORT, 'segment', segmentId, 'reachable'), 0);
  }
  contributePortrait(customer, segmentIds, profile, count);
};

interface Members {
  readonly tiers: Map<string, number>;
  minor: number;
  reachable: number;
}

const membersOf = (sums: ReadonlyArray<readonly [string, number]>): ReadonlyMap<string, Members> => {
  const bySegment = new Map<string, Members>();
  for (const [key, sum] of sums) {
    const [, segmentId = '', measure, tier = 'none'] = partsOf(key);
    let members = bySegment.get(segmentId);
    if (members === undefined) bySegment.set(segmentId, (members = { tiers: new Map(), minor: 0, reachable: 0 }));
    if (measure === 'tier') members.tiers.set(tier, sum);
    else if (measure === 'minor') members.minor = sum;
    else members.reachable = sum;
  }
  return bySegment;
};

/**
 * PR20: the evaluation table of the tenant's segments, the concentration of contribution on them, the
 * Pareto check over the base of the last review and what the majority rule would warn of (`domain.md §6.4`,
 * §6.5). Money in minor units, of 365 days as the last review measured it. Expected contribution: reachable
 * × response × mean; null while no campaign has reached anyone.
 */
export const segmentFigures: Figures = {
  code: 'PR20',
  name: REPORT,
  title: 'Segments: size, reach, contribution, mix of tiers; concentration, Pareto check, majority rule',
  read: async (question) => {
    const { readModels, policy } = question;
    const [sums, rateOf] = await Promise.all([
      readModels.tallySums(prefixOf(REPORT, 'segment')),
      responseRates(readModels, policy),
    ]);
    const bySegment = membersOf(sums);
    const { segments, value, plan = {} } = policy.configuration;
    const statistics = segments.map(({ segmentId }): SegmentStatistics => {
      const members = bySegment.get(segmentId);
      const size = [...(members?.tiers.values() ?? [])].reduce((sum, many) => sum + many, 0);
      const meanCm365Minor = members === undefined || size === 0 ? 0 : members.minor / size;
      return { segmentId, size, reachable: members?.reachable ?? 0, meanCm365Minor };
    });
    const table = evaluateSegments(statistics, (segmentId) => rateOf(segmentId) ?? 0);
    const hhi = concentrationIndex(segments.map(({ segmentId }) => bySegment.get(segmentId)?.minor ?? 0));
    return {
      reviewedAsOf: isoOrNull(policy.review?.asOf ?? null),
      segments: table.map((row, index) => {
        const members = bySegment.get(row.segmentId);
        const responseRate = rateOf(row.segmentId);
        const measured = {
          size: row.size,
          reachable: row.reachable,
          reachableShare: row.reachableShare,
          totalCm365Minor: members?.minor ?? 0,
          meanCm365Minor: row.meanCm365Minor,
          responseRate,
        };
        return {
          segmentId: row.segmentId,
          name: segments[index]?.name ?? null,
          ...measured,
          expectedContributionMinor: responseRate === null ? null : row.expectedContributionMinor,
          tiers: Object.fromEntries(members?.tiers ?? []),
          plan: (plan.segments ?? [])
            .filter(({ segmentId }) => segmentId === row.segmentId)
            .map((target) => ({ measure: target.measure, ...progressOf(target, measured[target.measure]) })),
        };
      }),
      concentration: { hhi, warnAbove: value.hhiWarning, warning: hhi !== null && hhi > value.hhiWarning },
      ...(isAsked(question, 'pareto') ? { pareto: { ...(await readPareto(readModels)) } } : {}),
      majorityRule: statistics.flatMap(({ segmentId }) => {
        const warning = majorityFallacy(statistics, segmentId);
        return warning === null ? [] : [{ chosen: warning.chosen, betterSegments: [...warning.betterSegments] }];
      }),
    };
  },
};
