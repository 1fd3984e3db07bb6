import { compareFacts, type Fact, type FactOf } from '../facts/envelope';
import { policyAt } from '../policy/fold-regime';
import type { Regime } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { majorityFallacy } from '../value/segments';
import { claimIdOf, type Notification, type NotificationSubject } from './notification';

/** A campaign whose segment the majority rule warns of (`domain.md §6.4`), at the instant of its launch. */
export interface MajorityWarning {
  readonly campaignId: string;
  readonly at: Instant;
  readonly chosen: string;
  readonly betterSegments: ReadonlyArray<string>;
  /** The launch and the review that the rule looked at. */
  readonly causedBy: ReadonlyArray<string>;
  readonly configVersion: number;
}

/**
 * What the rule says of every campaign that was launched, on the segments of the review and the configuration
 * in force at its launch: the same as `LaunchCampaign` said, also of campaigns that were launched elsewhere. Of
 * a campaign that was launched several times the last in fact order counts.
 */
export const majorityWarnings = (globalFacts: ReadonlyArray<Fact>, regime: Regime): ReadonlyArray<MajorityWarning> => {
  const launches = new Map<string, FactOf<'CampaignLaunched'>>();
  for (const fact of globalFacts.toSorted(compareFacts))
    if (fact.type === 'CampaignLaunched') launches.set(fact.data.campaignId, fact);
  return [...launches.values()].flatMap(({ data: { campaignId, segmentId }, eventId, occurredAt }) => {
    const { review, configuration } = policyAt(regime, occurredAt);
    if (review === null) return [];
    const segments = new Set(configuration.segments.map((segment) => segment.segmentId));
    const warning = majorityFallacy(
      review.segmentStats.filter((candidate) => segments.has(candidate.segmentId)),
      segmentId,
    );
    if (warning === null) return [];
    const { chosen, betterSegments } = warning;
    const causedBy = [eventId, review.eventId];
    return [{ campaignId, at: occurredAt, chosen, betterSegments, causedBy, configVersion: configuration.version }];
  });
};

const subjectOf = ({ campaignId, at, chosen, betterSegments }: MajorityWarning): NotificationSubject => ({
  type: 'MajorityFallacyWarned',
  partyId: null,
  key: campaignId,
  at,
  cause: [chosen, ...betterSegments].join('|'),
});

/** That the rule does not warn of it after all. */
const undoneOf = (warning: MajorityWarning): NotificationSubject => ({ ...subjectOf(warning), cause: 'undone' });

/**
 * What subscribers are told when the rule warned of these campaigns before and of those now (`domain.md
 * §14.3`), `facts` of the policy and of campaigns being known, `fresh` their latest. A warning that another
 * fact has undone is told without better segments, in the place of what was told.
 */
export const warningsBetween = (
  before: ReadonlyArray<MajorityWarning>,
  after: ReadonlyArray<MajorityWarning>,
  { facts, fresh }: { readonly facts: number; readonly fresh: ReadonlySet<string> },
): ReadonlyArray<Notification> => {
  const was = new Map(before.map((warning) => [warning.campaignId, warning]));
  const is = new Set(after.map(({ campaignId }) => campaignId));
  const told: Notification[] = [];
  const isFresh = ({ causedBy: [launch = ''] }: MajorityWarning): boolean => fresh.has(launch);
  const tell = (warning: MajorityWarning, replaced: ReadonlyArray<NotificationSubject>, isUndone = false): void => {
    const { campaignId, chosen, betterSegments, causedBy, configVersion } = warning;
    told.push({
      ...(isUndone ? undoneOf(warning) : subjectOf(warning)),
      data: { campaignId, chosen, betterSegments: isUndone ? [] : betterSegments },
      causedBy: isUndone ? [] : causedBy,
      configVersion,
      known: [facts],
      again: !isFresh(warning),
      supersedes: replaced.map(claimIdOf),
    });
  };
  for (const warning of after) {
    const known = was.get(warning.campaignId);
    const replaced = known === undefined ? undoneOf(warning) : subjectOf(known);
    if (known !== undefined && claimIdOf(replaced) === claimIdOf(subjectOf(warning))) continue;
    // Nothing can have been told, or taken back, of a campaign that was launched just now.
    tell(warning, known === undefined && isFresh(warning) ? [] : [replaced]);
  }
  for (const warning of before) if (!is.has(warning.campaignId)) tell(warning, [subjectOf(warning)], true);
  return told;
};
