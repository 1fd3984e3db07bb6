import { actsOn } from './acts';
import { itemIdOf } from './item-id';
import type { Evidence, OrderEvidence } from '../customer/evidence';
import type { WorkItem } from '../customer/standing';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { completenessShare } from '../relationship/completeness';
import { DAY_MS, HOUR_MS, type Instant } from '../time/calendar';
import { bestChannel, validChannel } from './channel';
import { closes, continues, hasItem, type Opening, plainRule, type QueueContext, type QueueRule } from './rule';

type PlacedOrder = OrderEvidence & { readonly placedAt: Instant };

const isPlaced = (order: OrderEvidence | undefined): order is PlacedOrder =>
  order !== undefined && order.placedAt !== null && !order.fullyReversed;

const expiryOf = (order: PlacedOrder, { queues }: Configuration): Instant =>
  order.placedAt + queues.Q5.expiresAfterDays * DAY_MS;

/** The first order that stands, and the order that ended the last lost period. */
const welcomeOrders = ({ evidence, standing }: QueueContext): ReadonlyArray<PlacedOrder> => {
  const first = evidence.placedOrders.find(isPlaced);
  if (first === undefined) return [];
  const { wonBack } = standing.lifecycle;
  const returned = wonBack === null ? undefined : evidence.orders.get(wonBack.orderId);
  return isPlaced(returned) && returned !== first ? [first, returned] : [first];
};

/** The first interaction with this purpose since the order that satisfies the condition. */
const contactedSince = (
  { interactions }: Evidence,
  since: Instant,
  purpose: string,
  outcomes: ReadonlyArray<string> | null,
): boolean => {
  for (let index = interactions.length - 1; index >= 0; index--) {
    const interaction = interactions[index];
    if (interaction === undefined || interaction.at < since) return false;
    if (interaction.direction !== 'outbound' || interaction.purpose !== purpose) continue;
    if (outcomes === null || outcomes.includes(interaction.outcome)) return true;
  }
  return false;
};

const isWelcomed = (triggerKey: string | null, order: PlacedOrder, evidence: Evidence): boolean =>
  contactedSince(evidence, order.placedAt, 'welcome', ['answered', 'completed']) ||
  (triggerKey !== null &&
    evidence.workItems.size > 0 &&
    actsOn(evidence, { itemId: itemIdOf('Q5', evidence.partyId, triggerKey), queue: 'Q5', triggerKey }).some(
      (act) => act.act === 'completed' && act.outcome === 'welcomed',
    ));

/** Asked, or answered without an interaction that says that it was asked. */
const isAskedForSatisfaction = (order: PlacedOrder, evidence: Evidence): boolean => {
  if (contactedSince(evidence, order.placedAt, 'survey', null)) return true;
  for (let index = evidence.surveys.length - 1; index >= 0; index--) {
    const survey = evidence.surveys[index];
    if (survey === undefined || survey.at < order.placedAt) return false;
    if (survey.instrument === 'csat_transactional' || survey.instrument === 'csat_relationship') return true;
  }
  return false;
};

/** Welcome 72 h after the fulfilment and 7 d after the order at the latest; then the profile after 30 d. */
const dueOf = (
  triggerKey: string | null,
  order: PlacedOrder,
  evidence: Evidence,
  configuration: Configuration,
): Instant => {
  const { queues } = termsAt(configuration, order.placedAt);
  const { welcomeHoursAfterFulfilment, welcomeMaxDaysAfterOrder, profilingDays } = queues.Q5;
  if (isWelcomed(triggerKey, order, evidence)) return order.placedAt + profilingDays * DAY_MS;
  const latest = order.placedAt + welcomeMaxDaysAfterOrder * DAY_MS;
  // Delivered before it was placed, as misdated facts can say, it is welcomed as if delivered at once.
  return order.fulfilledAt === null
    ? latest
    : Math.min(latest, Math.max(order.fulfilledAt, order.placedAt) + welcomeHoursAfterFulfilment * HOUR_MS);
};

/** The customer wants no contact of this queue, said of whichever of its items: those to come are not reviewed yet. */
const hasRefused = ({ items, evidence }: Pick<QueueContext, 'items' | 'evidence'>): boolean =>
  evidence.workItems.size > 0 &&
  items.some(
    (item) =>
      item.queue === 'Q5' &&
      actsOn(evidence, item).some((act) => act.act === 'completed' && act.outcome === 'refused_contact'),
  );

const orderOf = (item: WorkItem, evidence: Evidence): PlacedOrder | null => {
  const order = evidence.orders.get(item.triggerKey);
  return isPlaced(order) ? order : null;
};

/**
 * Q5 welcome and get to know (`domain.md §11.3`). Entry: the first order, or the order that ended a lost
 * period. Due: welcome contact, then profiling. Exit: welcomed, profile 60 % complete, order delivered
 * and satisfaction asked; expired 90 d after the order; the order reversed. `welcomed` is the first of
 * the two steps and keeps the item open for the second; `unreachable` tries again after 72 h, three
 * times in all; `refused_contact` ends this queue for the party.
 */
export const welcome: QueueRule = {
  ...plainRule,
  queue: 'Q5',
  proactive: true,
  outcomes: {
    welcomed: () => continues,
    profiled: () => closes,
    refused_contact: () => closes,
    unreachable: ({ queues: { Q5 } }) => ({
      then: 'retries',
      afterMs: Q5.retryHours * HOUR_MS,
      maxAttempts: Q5.maxAttempts,
      agreeable: false,
    }),
  },
  openings: (context) => {
    const { evidence, configuration, items, asOf } = context;
    const openings: Opening[] = [];
    for (const order of welcomeOrders(context)) {
      if (asOf >= expiryOf(order, configuration) || hasItem(items, 'Q5', order.orderId)) continue;
      if (welcome.quietUntil(context) > asOf) continue;
      openings.push({
        triggerKey: order.orderId,
        dueAt: dueOf(null, order, evidence, configuration),
        obligedSince: order.placedAt,
        weight: configuration.queues.priority.weights.Q5,
        skill: null,
        what: 'Welcome the customer, confirm the delivery, complete the profile and ask for satisfaction',
        how: bestChannel(evidence),
        why: `Order ${order.orderId} begins the relationship or begins it again`,
        causedBy: order.eventId === null ? [] : [order.eventId],
        retentionKind: 'preventive',
      });
    }
    return openings;
  },
  review: (item, context) => {
    const { evidence, policy, configuration, asOf } = context;
    const order = orderOf(item, evidence);
    if (order === null || hasRefused(context)) return 'exits';
    const done =
      order.fulfilledAt !== null &&
      isWelcomed(item.triggerKey, order, evidence) &&
      isAskedForSatisfaction(order, evidence) &&
      completenessShare(evidence, policy, asOf) >= configuration.queues.Q5.minCompleteness;
    if (done) return 'exits';
    return asOf >= expiryOf(order, configuration) ? 'expired' : 'stays';
  },
  currentDue: (item, { evidence, configuration }) => {
    const order = orderOf(item, evidence);
    return order === null ? null : dueOf(item.triggerKey, order, evidence, configuration);
  },
  currentHow: ({ how }, { evidence }) => validChannel(evidence, how),
  quietUntil: (context) => (hasRefused(context) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY),
  nextChange: ({ items, evidence, configuration }, soonest) => {
    for (const item of items) {
      if (item.queue !== 'Q5' || item.state === 'closed') continue;
      const order = orderOf(item, evidence);
      if (order !== null) soonest.atCrossing(expiryOf(order, configuration));
    }
  },
};
