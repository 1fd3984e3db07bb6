import { campaignArm, type Evidence, isOutsideBase, type Policy } from '@afecto/domain';
import { dayOf } from '../figures/definition';
import { type Contribute, type Count, keyOf } from '../tally/contribute';
import { monthOfDay } from '../tally/months';
import { lossesOf } from './losses';
import { relationalChanges } from './relational';

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

/** Days of order days, as [first, first after): those on which the customer is active (`domain.md §13.4`). */
const activeDays = (
  days: ReadonlyArray<number>,
  { configuration }: Policy,
): ReadonlyArray<readonly [from: number, until: number]> => {
  const { activityWindowDays } = configuration.relationship;
  const spans: (readonly [number, number])[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    const until = day + activityWindowDays + 1;
    if (last !== undefined && day < last[1]) spans[spans.length - 1] = [last[0], until];
    else spans.push([day, until]);
  }
  return spans;
};

/**
 * +1 on the day on which the customer becomes active (an order day in the last `activityWindowDays`), −1
 * on the first day on which it is so no more: the sum up to a day is how many are active on it. By the
 * month of the first order, and within it by its day: who is new in a window is told from who is kept. So
 * too whose relationship is more than purchases.
 */
const contributeActivity = (evidence: Evidence, policy: Policy, count: Count): void => {
  const { orderDays } = evidence;
  const [first] = orderDays;
  if (first === undefined) return;
  const firstDay = dayOf(first.lastAt, policy);
  const month = monthOfDay(firstDay);
  const change = (day: number, by: number): void => {
    count(keyOf(REPORT, 'active', month), day, by);
    count(keyOf(REPORT, 'cohort', month), cohortBucket(firstDay, day), by);
  };
  count(keyOf(REPORT, 'new', ''), firstDay);
  const days = orderDays.map(({ lastAt }) => dayOf(lastAt, policy));
  const active = activeDays(days, policy);
  for (const [from, until] of active) {
    change(from, 1);
    change(until, -1);
  }
  for (const [day, by] of relationalChanges(evidence, active, policy)) count(keyOf(REPORT, 'relational', ''), day, by);
};

/**
 * Losses with reasons, activity, retention measures and what saving and winning back came to (PR16, `domain.md §9.1`,
 * §9.2). Employees and competitors add nothing (§3): rates have the scorecard's money of customers below the line.
 */
export const contributeDefection: Contribute = (customer, count) => {
  const { evidence, standing, policy, asOf } = customer;
  if (isOutsideBase(evidence, asOf)) return;
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
