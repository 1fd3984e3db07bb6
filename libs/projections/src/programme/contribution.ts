import { type Instant, isOutsideBase, NEVER, pointsLedger, type Policy } from '@afecto/domain';
import { dayOf } from '../figures/definition';
import { type Contribute, type Count, type Counted, keyOf } from '../tally/contribute';
import { monthOfDay } from '../tally/months';
import { benefitsOf } from './attitude-after';
import { bondSteps } from './bond-steps';
import { isIdentified, programmesOf } from './members';
import { activePenalties, warnedPeriods } from './pressure';

export const REPORT = 'programme';
export const ATTITUDE_STEPS = 1_000;
/** Programme of points that were granted outside of all. */
export const NO_PROGRAMME = '';

/** The day of what holds already: before every day that can be asked about. */
const BEFORE = 0;

/** The first day that begins at or after an instant. */
const dayFrom = (at: Instant, policy: Policy): number => dayOf(at - 1, policy) + 1;

/**
 * Counts a state with its end, and its beginning when that lies ahead: the sum of all buckets up to a day
 * is how many there are when that day begins.
 */
const during = (
  count: Count,
  key: string,
  policy: Policy,
  { from, until }: { readonly from?: Instant; readonly until: Instant },
  by = 1,
): void => {
  count(key, from === undefined ? BEFORE : dayFrom(from, policy), by);
  if (until !== NEVER) count(key, dayFrom(until, policy), -by);
};

const countMembers = ({ evidence, policy, asOf }: Counted, count: Count): void => {
  if (evidence.orderDays.length > 0) count(keyOf(REPORT, 'customers'), BEFORE);
  if (evidence.memberships.size === 0) return;
  for (const { programId, enrolledAt } of evidence.memberships.values())
    if (programId !== null && enrolledAt !== null)
      count(keyOf(REPORT, 'enrolled', programId), dayOf(enrolledAt, policy));
  let last = Number.NEGATIVE_INFINITY;
  for (const { programId, type, until, activeUntil } of programmesOf(evidence, policy, asOf)) {
    during(count, keyOf(REPORT, 'members', programId, type), policy, { until });
    if (activeUntil !== null && activeUntil > asOf)
      during(count, keyOf(REPORT, 'active', programId), policy, { until: activeUntil });
    last = Math.max(last, until);
  }
  if (last > asOf && evidence.orderDays.length > 0)
    during(count, keyOf(REPORT, 'memberCustomers'), policy, { until: last });
};

const countRewards = ({ evidence, policy }: Counted, count: Count): void => {
  for (const { at, kind, valueMinor } of evidence.rewards) {
    const day = dayOf(at, policy);
    count(keyOf(REPORT, 'reward', kind), day);
    count(keyOf(REPORT, 'rewardMinor', kind), day, valueMinor);
  }
};

/** What a reversal takes back was never earned. */
const countPoints = ({ evidence, policy }: Counted, count: Count): void => {
  for (const { at, membershipId, source, pointsDelta } of pointsLedger(evidence)) {
    const programId =
      (membershipId === null ? null : evidence.memberships.get(membershipId)?.programId) ?? NO_PROGRAMME;
    const isRedeemed = source === 'reward' && pointsDelta < 0;
    count(
      keyOf(REPORT, isRedeemed ? 'redeemed' : 'earned', programId),
      dayOf(at, policy),
      isRedeemed ? -pointsDelta : pointsDelta,
    );
  }
};

const countBenefits = ({ evidence, policy }: Counted, count: Count): void => {
  for (const { benefit, by, at, attitude } of benefitsOf(evidence, policy.configuration)) {
    const day = dayOf(at, policy);
    count(keyOf(REPORT, 'benefit', benefit, by), day);
    if (attitude === null) continue;
    count(keyOf(REPORT, 'attitudes', benefit), day);
    count(keyOf(REPORT, 'attitudeSum', benefit), day, Math.round(attitude * ATTITUDE_STEPS));
  }
};

const countBonds = ({ evidence, policy, asOf }: Counted, count: Count): void => {
  for (const { bondType, automatic, from, until } of bondSteps(evidence, policy, asOf))
    during(count, keyOf(REPORT, 'bond', bondType, automatic ? 'automatic' : 'recorded'), policy, {
      ...(from > asOf ? { from } : {}),
      until,
    });
};

const countPressure = ({ evidence, standing, policy, asOf }: Counted, count: Count): void => {
  if (evidence.barriers.length === 0) return;
  let lastEnd = Number.NEGATIVE_INFINITY;
  for (const { validTo, amountMinor } of activePenalties(evidence, asOf)) {
    const until = validTo ?? NEVER;
    during(count, keyOf(REPORT, 'penaltiesMinor'), policy, { until }, amountMinor);
    lastEnd = Math.max(lastEnd, until);
  }
  if (lastEnd > asOf) during(count, keyOf(REPORT, 'penalised'), policy, { until: lastEnd });
  for (const { from, until } of warnedPeriods(evidence, standing, policy, asOf))
    during(count, keyOf(REPORT, 'warned'), policy, { ...(from > asOf ? { from } : {}), until });
};

const QUARTER_MONTHS = 3;
/** The quarter in which a day of the tenant lies: who became a customer at the same time is compared. */
const quarterOf = (day: number): number => Math.floor(monthOfDay(day) / QUARTER_MONTHS);

/**
 * Members and others who became customers in the same quarter and are of the same kind, by the
 * contribution that the last review froze; only the base of the review (`domain.md §6.5`, §8.2).
 */
const countMatched = ({ evidence, standing, policy, asOf }: Counted, count: Count): void => {
  const { reviewed } = standing.value;
  const first = evidence.orderDays[0];
  if (reviewed === null || first === undefined || reviewed.eventId !== policy.review?.eventId) return;
  if (reviewed.frequency365 === 0 || isOutsideBase(evidence, asOf)) return;
  const cohort = [evidence.person.kind ?? 'unknown', quarterOf(dayOf(first.day, policy))];
  const until = programmesOf(evidence, policy, asOf).reduce(
    (last, member) => Math.max(last, member.until),
    Number.NEGATIVE_INFINITY,
  );
  const put = (side: string, period: { readonly from?: Instant; readonly until: Instant }): void => {
    during(count, keyOf(REPORT, 'matched', ...cohort, side, 'customers'), policy, period);
    during(count, keyOf(REPORT, 'matched', ...cohort, side, 'minor'), policy, period, reviewed.cm365Minor);
  };
  if (until > asOf) put('member', { until });
  if (until !== NEVER) put('other', until > asOf ? { from: until, until: NEVER } : { until: NEVER });
};

/**
 * Bonds, memberships, points, benefits and switching pressure of one customer (`domain.md §8`). States carry
 * the days on which they end, so sums up to a day are right without an evaluation on that day.
 */
export const contributeProgramme: Contribute = (customer, count) => {
  const { evidence } = customer;
  countMembers(customer, count);
  const orders = evidence.placedOrders.reduce((sum, { fullyReversed }) => (fullyReversed ? sum : sum + 1), 0);
  count(keyOf(REPORT, 'orders', isIdentified(evidence) ? 'identified' : 'anonymous'), BEFORE, orders);
  if (evidence.rewards.length > 0) countRewards(customer, count);
  if (evidence.rewards.length > 0 || evidence.memberships.size > 0) countPoints(customer, count);
  countBenefits(customer, count);
  countBonds(customer, count);
  countPressure(customer, count);
  countMatched(customer, count);
};
