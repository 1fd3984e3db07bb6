import type { FactData } from '../facts/catalogue';
import type { FactOf } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';
import { pointsFor } from '../policy/points-rules';
import { calendarOf, type Instant } from '../time/calendar';
import {
  entryOf,
  happenedAt,
  type MutableEvidence,
  type MutableOrder,
  optionalInstantIn,
  type ReportedReversal,
} from './mutable-evidence';

type Placed = FactData['OrderPlaced'];

const noPoints: MutableOrder['points'] = [];

const unplaced =
  (day: Instant) =>
  (orderId: string): MutableOrder => ({
    orderId,
    eventId: null,
    placedAt: null,
    day,
    payer: false,
    channel: null,
    netMinor: 0,
    listMinor: 0,
    netWithCostMinor: 0,
    costMinor: 0,
    netWithoutCostMinor: 0,
    netByProductLine: new Map(),
    reversedMinor: 0,
    fullyReversed: false,
    fullyReversedAt: null,
    promisedAt: null,
    renewalDueAt: null,
    deliveredAt: null,
    fulfilledAt: null,
    complete: null,
    fulfilmentEventId: null,
    campaignId: null,
    enquiryId: null,
    offerId: null,
    appliedPreferenceIds: [],
    points: noPoints,
    isForeign: false,
    reportingRate: 1,
    totalMinor: 0,
    backMinor: 0,
    leftWithCostMinor: 0,
    leftCostMinor: 0,
    waiting: [],
  });

const dayOf = (at: Instant, configuration: Configuration): Instant =>
  calendarOf(configuration.tenant.timeZone).dayStart(at);

/**
 * Amounts of the lines in the reporting currency. The order's total is what was paid: when the lines
 * do not add up to it (an order-level discount), their net amounts are scaled to it. Before the first configuration
 * nobody has said in which currency is reported: whoever states an amount in it has one of his own.
 */
const money = (order: MutableOrder, data: Placed, { version, tenant }: Configuration): void => {
  order.isForeign =
    data.currency !== tenant.reportingCurrency || (version === 0 && data.reportingAmountMinor !== undefined);
  order.netMinor = order.isForeign ? (data.reportingAmountMinor ?? data.totalNetMinor) : data.totalNetMinor;
  order.totalMinor = data.totalNetMinor;
  order.reportingRate = data.totalNetMinor > 0 ? order.netMinor / data.totalNetMinor : 1;
  let linesNet = 0;
  for (const line of data.lines) linesNet += line.netMinor;
  const scale = linesNet > 0 ? order.netMinor / linesNet : 0;
  const netByProductLine = new Map<string, number>();
  let list = 0;
  let cost = 0;
  let netBefore = 0;
  let roundedBefore = 0;
  for (const line of data.lines) {
    // Rounding the running total keeps the parts adding up to the whole.
    netBefore += line.netMinor;
    const rounded = Math.round(netBefore * scale);
    const net = rounded - roundedBefore;
    roundedBefore = rounded;
    list += line.listMinor * order.reportingRate;
    if (line.costMinor !== undefined) {
      cost += line.costMinor * order.reportingRate;
      order.netWithCostMinor += net;
    }
    netByProductLine.set(line.productLine, (netByProductLine.get(line.productLine) ?? 0) + net);
  }
  order.netByProductLine = netByProductLine;
  order.listMinor = Math.round(list);
  order.costMinor = Math.round(cost);
  order.netWithoutCostMinor = order.netMinor - order.netWithCostMinor;
  order.leftWithCostMinor = order.netWithCostMinor;
  order.leftCostMinor = order.costMinor;
};

/**
 * The first placement of an id in fold order wins. Money and order days count for the payer; a
 * customer who is only the beneficiary remembers the order without them (`domain.md §3`).
 */
export const evolveOrderPlaced = (
  evidence: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'OrderPlaced'>,
  configuration: Configuration,
): void => {
  const payer = evidence.members.has(data.partyId);
  if (!payer && !(data.beneficiaryId !== undefined && evidence.members.has(data.beneficiaryId))) return;
  const day = dayOf(occurredAt, configuration);
  const order = entryOf(evidence.orders, data.orderId, unplaced(day));
  if (order.eventId !== null) return;
  order.eventId = eventId;
  order.placedAt = occurredAt;
  order.day = day;
  order.payer = payer;
  order.channel = data.channel;
  order.promisedAt = optionalInstantIn(data.promisedAt);
  order.renewalDueAt = optionalInstantIn(data.renewalDueAt);
  order.campaignId = data.campaignId ?? null;
  order.enquiryId = data.enquiryId ?? null;
  order.offerId = data.offerId ?? null;
  order.appliedPreferenceIds = data.appliedPreferenceIds;
  money(order, data, configuration);
  if (payer) {
    order.points = pointsFor(configuration.pointsRules, order.netMinor);
    evidence.placedOrders.push(order);
    refreshOrderDay(evidence, day);
  }
  const { waiting } = order;
  for (const reversal of waiting) reverse(evidence, order, reversal, occurredAt);
  waiting.length = 0;
};

/** The first delivery report wins. */
export const evolveOrderFulfilled = (
  evidence: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'OrderFulfilled'>,
  configuration: Configuration,
): void => {
  const order = entryOf(evidence.orders, data.orderId, unplaced(dayOf(occurredAt, configuration)));
  if (order.fulfilmentEventId !== null) return;
  order.deliveredAt = happenedAt(data.deliveredAt, occurredAt);
  order.fulfilledAt = occurredAt;
  order.complete = data.complete;
  order.fulfilmentEventId = eventId;
};

export const evolveOrderReversed = (
  evidence: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'OrderReversed'>,
  configuration: Configuration,
): void => {
  const order = entryOf(evidence.orders, data.orderId, unplaced(dayOf(occurredAt, configuration)));
  const reversal: ReportedReversal = {
    eventId,
    amountMinor: data.amountMinor,
    reportingAmountMinor: data.reportingAmountMinor ?? null,
    netByProductLine: linesOf(data),
  };
  if (order.eventId === null) order.waiting.push(reversal);
  else reverse(evidence, order, reversal, occurredAt);
};

const linesOf = ({ lines }: FactData['OrderReversed']): ReadonlyMap<string, number> | null => {
  if (lines === undefined) return null;
  const net = new Map<string, number>();
  for (const { productLine, netMinor } of lines) {
    if (productLine === undefined || netMinor === undefined) return null;
    net.set(productLine, (net.get(productLine) ?? 0) + netMinor);
  }
  return net;
};

/** Splits `amount` over product lines like `parts`; the rounded parts add up to it. */
const split = (parts: ReadonlyMap<string, number>, amount: number): ReadonlyMap<string, number> => {
  let whole = 0;
  for (const part of parts.values()) whole += part;
  const shares = new Map<string, number>();
  if (whole <= 0) return shares;
  let before = 0;
  let roundedBefore = 0;
  for (const [productLine, part] of parts) {
    before += part;
    const rounded = Math.round((before / whole) * amount);
    shares.set(productLine, rounded - roundedBefore);
    roundedBefore = rounded;
  }
  return shares;
};

/** What is left of each product line of an order after what was taken back of it. */
const leftOf = (
  { orderId, netByProductLine }: MutableOrder,
  reversals: MutableEvidence['reversals'],
): ReadonlyMap<string, number> => {
  const left = new Map(netByProductLine);
  for (const reversal of reversals)
    if (reversal.orderId === orderId)
      for (const [line, net] of reversal.netByProductLine) left.set(line, (left.get(line) ?? 0) - net);
  return left;
};

const positive = (parts: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
  new Map([...parts].filter(([, part]) => part > 0));

/**
 * Takes back at most what is left of the order, with the same share of its margin. Of a product line goes what was
 * told, else its part of what is left; when nothing is left of the order, nothing is of any line. Whether something is
 * left is said by the order's own currency: at another rate the whole is worth more or less than it was.
 */
const reverse = (
  evidence: MutableEvidence,
  order: MutableOrder,
  { eventId, amountMinor, reportingAmountMinor, netByProductLine }: ReportedReversal,
  at: Instant,
): void => {
  const left = Math.max(0, order.netMinor - order.reversedMinor);
  const claimed = order.isForeign
    ? (reportingAmountMinor ?? Math.round(amountMinor * order.reportingRate))
    : amountMinor;
  order.backMinor += amountMinor;
  const fullyReversed = order.backMinor >= order.totalMinor;
  const amount = fullyReversed ? left : Math.min(left, Math.max(0, claimed));
  const share = left > 0 ? amount / left : 1;
  const cost = Math.round(order.leftCostMinor * share);
  const netWithCost = Math.round(order.leftWithCostMinor * share);
  order.leftCostMinor -= cost;
  order.leftWithCostMinor -= netWithCost;
  order.reversedMinor += amount;
  const ends = fullyReversed && !order.fullyReversed;
  order.fullyReversed = fullyReversed;
  if (ends) order.fullyReversedAt = at;
  if (!order.payer) return;
  const remaining = leftOf(order, evidence.reversals);
  evidence.reversals.push({
    at,
    eventId,
    orderId: order.orderId,
    amountMinor: amount,
    netWithCostMinor: netWithCost,
    costMinor: cost,
    netWithoutCostMinor: amount - netWithCost,
    netByProductLine: amount === left ? remaining : split(netByProductLine ?? positive(remaining), amount),
  });
  if (ends) refreshOrderDay(evidence, order.day);
};

/** When the first order of a day that is not fully reversed was placed. */
const firstAtOf = ({ placedOrders }: MutableEvidence, day: Instant): Instant | null => {
  let firstAt: Instant | null = null;
  for (let index = placedOrders.length - 1; index >= 0; index--) {
    const order = placedOrders[index];
    if (order === undefined || order.day < day) break;
    if (order.day === day && !order.fullyReversed) firstAt = order.placedAt;
  }
  return firstAt;
};

/** Writes the entry of one day anew from the orders of that day that are not fully reversed. */
const refreshOrderDay = (evidence: MutableEvidence, day: Instant): void => {
  // Placements come in order of time, so the first one found from the end is the latest of its day.
  const latest = evidence.placedOrders.findLast((order) => order.day === day && !order.fullyReversed);
  const { orderDays } = evidence;
  let place = orderDays.length;
  while (place > 0 && (orderDays[place - 1]?.day ?? 0) > day) place -= 1;
  const known = place > 0 && orderDays[place - 1]?.day === day;
  const next = orderDays.slice(0, known ? place - 1 : place);
  if (latest !== undefined && latest.placedAt !== null && latest.eventId !== null)
    next.push({
      day,
      firstAt: firstAtOf(evidence, day) ?? latest.placedAt,
      lastAt: latest.placedAt,
      lastOrderId: latest.orderId,
      lastEventId: latest.eventId,
    });
  for (let index = place; index < orderDays.length; index++) {
    const later = orderDays[index];
    if (later !== undefined) next.push(later);
  }
  if (latest === undefined && !known) return;
  evidence.orderDays = next;
};
