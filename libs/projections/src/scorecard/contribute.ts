import { calendarOf, type Evidence, hasRole, type Instant, linesOf, type OrderEvidence } from '@afecto/domain';
import { resolutionsOf } from '../confirmations/resolutions';
import { dayOf } from '../figures/definition';
import { monthOfDay } from '../tally/months';
import { type Contribute, type Count, type Counted, keyOf } from '../tally/contribute';
import { countMonthly } from '../tally/percentiles';

export const REPORT = 'scorecard';

/** The months with an order, by the month of the first one. */
const cohort = (orderDays: ReadonlyArray<number>, count: Count): void => {
  const months = new Set(orderDays.map(monthOfDay));
  const [first] = months;
  if (first !== undefined) for (const month of months) count(keyOf(REPORT, 'cohort', first), month);
};

const isKept = ({ fullyReversed, placedAt }: OrderEvidence): boolean => !fullyReversed && placedAt !== null;

const money = ({ evidence, policy }: Counted, count: Count): void => {
  const rate = policy.configuration.value.defaultMarginRate;
  for (const {
    placedAt,
    netMinor,
    netWithCostMinor,
    costMinor,
    netWithoutCostMinor,
    appliedPreferenceIds,
  } of evidence.placedOrders) {
    if (placedAt === null) continue;
    const day = dayOf(placedAt, policy);
    count(keyOf(REPORT, 'orders'), day);
    count(keyOf(REPORT, 'revenue'), day, Math.round(netMinor));
    count(keyOf(REPORT, 'margin'), day, Math.round(netWithCostMinor - costMinor + netWithoutCostMinor * rate));
    if (appliedPreferenceIds.length > 0) count(keyOf(REPORT, 'personalised'), day);
  }
  for (const { at, amountMinor, netWithCostMinor, costMinor, netWithoutCostMinor } of evidence.reversals) {
    const day = dayOf(at, policy);
    count(keyOf(REPORT, 'revenue'), day, -Math.round(amountMinor));
    count(keyOf(REPORT, 'margin'), day, -Math.round(netWithCostMinor - costMinor + netWithoutCostMinor * rate));
  }
  for (const { kind, at, amountMinor } of evidence.costs)
    count(keyOf(REPORT, 'cost', kind), dayOf(at, policy), Math.round(amountMinor));
};

const buying = ({ evidence, policy }: Counted, orderDays: ReadonlyArray<number>, count: Count): void => {
  const [first] = orderDays;
  if (first === undefined) return;
  const orders = evidence.placedOrders.filter(isKept);
  const lines = linesOf(orders, evidence.reversals);
  count(keyOf(REPORT, 'buyers'), orderDays.length);
  count(keyOf(REPORT, 'lines'), lines.size);
  if (evidence.referralsMade.length > 0) count(keyOf(REPORT, 'referrers'), 0);
  const onFirstDay = orders.filter(({ placedAt }) => placedAt !== null && dayOf(placedAt, policy) === first);
  if (lines.size > linesOf(onFirstDay, evidence.reversals).size) count(keyOf(REPORT, 'scopeGrew'), 0);
  const firstAt = evidence.orderDays[0]?.firstAt ?? Number.NEGATIVE_INFINITY;
  const asked = [...evidence.enquiries.values()].flatMap(({ receivedAt }) =>
    // To the instant: what is asked after the order, on its own day, led to no order.
    receivedAt === null || receivedAt > firstAt ? [] : [dayOf(receivedAt, policy)],
  );
  const enquired = asked.sort((a, b) => a - b)[0];
  if (enquired !== undefined) countMonthly(count, monthOfDay(first), first - enquired, REPORT, 'salesCycle');
};

/** Of each product line, in lower case, when it was last ordered by an order that stands. */
const lastOrdered = (orders: ReadonlyArray<OrderEvidence>): ReadonlyMap<string, Instant> => {
  const last = new Map<string, Instant>();
  for (const order of orders) {
    const { placedAt } = order;
    if (placedAt === null || !isKept(order)) continue;
    for (const line of order.netByProductLine.keys()) {
      const name = line.toLowerCase();
      if (placedAt > (last.get(name) ?? Number.NEGATIVE_INFINITY)) last.set(name, placedAt);
    }
  }
  return last;
};

/**
 * A need is met when an order of that line follows it, or a confirmed resolution of that category (`domain.md §18`,
 * 147): of the line that its key names, as capabilities and segments read it, or that its value does. Told again it is
 * the need of before.
 */
const needs = ({ evidence, policy }: Counted, count: Count): void => {
  const stated = evidence.person.preferences.filter(({ kind }) => kind === 'need');
  if (stated.length === 0) return;
  const ordered = lastOrdered(evidence.placedOrders);
  const confirmed = resolutionsOf(evidence, policy.configuration).filter(
    ({ confirmation }) => confirmation === 'confirmed',
  );
  for (const { key, value, horizon, since } of stated) {
    const names = [key.toLowerCase(), value.toLowerCase()];
    const isOrdered = names.some((name) => (ordered.get(name) ?? since) > since);
    const isMet =
      isOrdered ||
      confirmed.some(({ at, category }) => at > since && category !== null && names.includes(category.toLowerCase()));
    count(keyOf(REPORT, 'needs', horizon), 0);
    if (isMet) count(keyOf(REPORT, 'needsMet', horizon), 0);
  }
};

const work = ({ evidence, standing, policy }: Counted, count: Count): void => {
  for (const { queue, enteredAt, dueAt, closedAt, closedBy, outcome } of standing.items) {
    count(keyOf(REPORT, 'itemsEntered', queue), dayOf(enteredAt, policy));
    if (closedAt === null) {
      // Open is what is so now, whenever it began: a sum of its own, of few, saves reading all that ever began.
      count(keyOf(REPORT, 'itemsOpen', queue), 0);
      continue;
    }
    const inTime = closedAt <= dueAt ? 'in_time' : 'late';
    count(keyOf(REPORT, 'itemsClosed', queue, outcome ?? '', closedBy ?? '', inTime), dayOf(closedAt, policy));
  }
  for (const { acts } of evidence.workItems.values())
    for (const act of acts)
      if (act.act === 'completed') count(keyOf(REPORT, 'completed', act.agentId, act.outcome), dayOf(act.at, policy));
};

/** No report speaks of what was done for staff and competitors; their items were in the queues all the same. */
const workApart = ({ standing }: Counted, count: Count): void => {
  for (const { queue, closedAt } of standing.items)
    if (closedAt !== null) count(keyOf(REPORT, 'itemsClosedApart', queue), 0);
};

const contacts = ({ evidence, policy }: Counted, count: Count): void => {
  const calendar = calendarOf(policy.configuration.tenant.timeZone);
  for (const { at, channel, direction } of evidence.interactions) {
    const day = calendar.dayNumber(at);
    count(keyOf(REPORT, 'contacts'), day);
    if (direction === 'inbound') count(keyOf(REPORT, 'load', channel, Math.floor(calendar.hourOfDay(at))), day);
  }
  for (const { closedAt, outcome } of evidence.enquiries.values())
    if (closedAt !== null && outcome !== null) count(keyOf(REPORT, 'enquiries', outcome), dayOf(closedAt, policy));
  for (const { at, convertedAt } of evidence.referralsMade) {
    count(keyOf(REPORT, 'referrals'), dayOf(at, policy));
    if (convertedAt !== null) count(keyOf(REPORT, 'referralsConverted'), dayOf(convertedAt, policy));
  }
};

/** How good what we know is: parties by what is known of them. */
const knowledge = ({ person, members }: Evidence, count: Count): void => {
  count(keyOf(REPORT, 'parties'), 0);
  count(keyOf(REPORT, 'duplicates'), 0, members.size - 1);
  if (person.displayName !== null) count(keyOf(REPORT, 'named'), 0);
  if (person.identifiers.some(({ verified }) => verified)) count(keyOf(REPORT, 'verified'), 0);
  if (person.identifiers.some(({ valid }) => valid)) count(keyOf(REPORT, 'reachable'), 0);
  for (const { valid } of person.identifiers) count(keyOf(REPORT, 'identifiers', valid ? 'valid' : 'invalid'), 0);
};

/** What a customer adds to the scorecard (PR18); staff and competitors add nothing (`domain.md §3`). */
export const contributeScorecard: Contribute = (customer, count) => {
  const { evidence, policy, asOf } = customer;
  if (hasRole(evidence, 'employee', asOf) || hasRole(evidence, 'competitor', asOf)) {
    workApart(customer, count);
    return;
  }
  const orderDays = evidence.orderDays.map(({ lastAt }) => dayOf(lastAt, policy));
  cohort(orderDays, count);
  money(customer, count);
  buying(customer, orderDays, count);
  needs(customer, count);
  work(customer, count);
  contacts(customer, count);
  knowledge(evidence, count);
};
