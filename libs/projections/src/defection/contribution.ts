import { campaignArm, type Evidence, type Policy } from '@afecto/domain';
import { dayOf } from '../figures/definition';
import { type Contribute, type Count, keyOf } from '../tally/contribute';
import { monthOfDay } from '../tally/months';
import { lossesOf } from './losses';

export const REPORT = 'defection';
/** Where there is none: no tier, no kind. */
export const NONE = 'none';

/** Two days in one bucket: the first order and a day after it. */
const DAYS = 2 ** 17;
export const cohortBucket = (firstDay: number, day: number): number => firstDay * DAYS + day;
export const daysOfCohort = (bucket: number): readonly [firstDay: number, day: number] => [
  Math.floor(bucket / DAYS),
  bucket % DAYS,
];

/**
 * +1 on the day on which the customer becomes active (an order day in the last `activityWindowDays`), −1
 * on the first day on which it is so no more: the sum up to a day is how many are active on it. By the
 * month of the first order, and within it by its day: who is new in a window is told from who is kept.
 */
const contributeActivity = ({ orderDays }: Evidence, policy: Policy, count: Count): void => {
  const [first] = orderDays;
  if (first === undefined) return;
  const { activityWindowDays } = policy.configuration.relationship;
  const firstDay = dayOf(first.lastAt, policy);
  const month = monthOfDay(firstDay);
  const change = (day: number, by: number): void => {
    count(keyOf(REPORT, 'active', month), day, by);
    count(keyOf(REPORT, 'cohort', month), cohortBucket(firstDay, day), by);
  };
  count(keyOf(REPORT, 'new', ''), firstDay);
  let until: number | null = null;
  for (const { lastAt } of orderDays) {
    const day = dayOf(lastAt, policy);
    if (until === null || day >= until) {
      if (until !== null) change(until, -1);
      change(day, 1);
    }
    until = day + activityWindowDays + 1;
  }
  if (until !== null) change(until, -1);
};

/** Losses with reasons, activity, retention measures and what saving and winning back came to (PR16, `domain.md §9.1`, §9.2). */
export const contributeDefection: Contribute = (customer, count) => {
  const { evidence, standing, policy } = customer;
  const tier = standing.value.tier ?? NONE;
  contributeActivity(evidence, policy, count);
  for (const loss of lossesOf(customer)) {
    const day = dayOf(loss.from, policy);
    const tell = (what: string, by = 1): void => {
      if (by !== 0) count(keyOf(REPORT, 'loss', what, tier), day, by);
    };
    tell('lost');
    tell(loss.notice === null ? 'bySilence' : 'byNotice');
    tell('revenueMinor', loss.revenueMinor);
    tell('contributionMinor', loss.contributionMinor);
    if (loss.diagnosedInTime) tell('diagnosedInTime');
    if (loss.attempted) tell('attempted');
    if (loss.attempted && loss.wonBack) tell('wonBackAttempted');
    if (loss.wonBack) tell('wonBack');
    for (const reason of new Set(loss.reasons)) count(keyOf(REPORT, 'reason', reason, loss.origin, tier), day);
  }
  for (const { at, withdrawnAt, competitorId } of evidence.defectionNotices) {
    const day = dayOf(at, policy);
    count(keyOf(REPORT, 'notice', 'received'), day);
    if (withdrawnAt !== null) count(keyOf(REPORT, 'notice', 'withdrawn'), day);
    if (competitorId !== null) count(keyOf(REPORT, 'notice', 'toCompetitor'), day);
  }
  for (const { at, kind, measure, triggerEventId, costMinor } of evidence.retentionMeasures) {
    const day = dayOf(at, policy);
    // A campaign holds customers back by chance: what it sets off has a control arm (`domain.md §13.6`).
    const campaign = policy.launched.find(({ eventId }) => eventId === triggerEventId);
    if (campaign !== undefined) {
      const arm = campaignArm(campaign.campaignId, evidence.partyId, campaign.holdoutPct);
      count(keyOf(REPORT, 'controlled', kind, campaign.campaignId, arm), day);
    }
    count(keyOf(REPORT, 'measure', kind, measure, 'taken'), day);
    if (costMinor > 0) count(keyOf(REPORT, 'measure', kind, measure, 'costMinor'), day, costMinor);
  }
  for (const { queue, closedBy, closedAt, outcome, retentionKind } of standing.items)
    if (queue === 'Q7' && closedBy === 'outcome' && closedAt !== null)
      count(keyOf(REPORT, 'save', retentionKind ?? NONE, outcome ?? ''), dayOf(closedAt, policy));
};
