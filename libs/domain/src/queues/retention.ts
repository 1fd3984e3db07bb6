import type { Evidence, OrderEvidence } from '../customer/evidence';
import { noticeAhead } from '../defection/notices';
import { trendAt } from '../loyalty/assessment';
import { recencyRatio, rhythmOf } from '../loyalty/rhythm';
import { fitOf } from '../relationship/fit';
import { DAY_MS, HOUR_MS, type Instant, toIso } from '../time/calendar';
import { bestChannel, validChannel } from './channel';
import {
  closes,
  coolDownEnd,
  hasItem,
  hasOpenItem,
  hasOrderedSince,
  nothing,
  type Opening,
  plainRule,
  type QueueContext,
  type QueueRule,
} from './rule';
import type { Soonest } from './soonest';

/** Hard rules that make a fall of the zone a matter of reactive retention (`domain.md §9.2`). */
const reactiveRules = ['H1', 'H2', 'H3', 'H4'];

const isTop = ({ standing }: QueueContext): boolean =>
  standing.value.tier === 'platinum' || standing.value.tier === 'gold';

const recencyLimit = (context: QueueContext): number => {
  const { recencyRatio: limit, recencyRatioTop } = context.configuration.queues.Q7;
  return isTop(context) ? recencyRatioTop : limit;
};

const rhythmKey = (evidence: Evidence): string => `rr:${evidence.orderDays.at(-1)?.lastOrderId ?? ''}`;

const base = (context: QueueContext) => ({
  obligedSince: context.asOf,
  weight: context.configuration.queues.priority.weights.Q7,
  skill: null,
  how: bestChannel(context.evidence),
});

const noticeOpening = (context: QueueContext): Opening | null => {
  const { evidence, configuration, items, asOf } = context;
  const notice = noticeAhead(evidence, asOf);
  if (notice === null || hasItem(items, 'Q7', `notice:${notice.eventId}`)) return null;
  return {
    ...base(context),
    triggerKey: `notice:${notice.eventId}`,
    dueAt: asOf + configuration.queues.Q7.noticeDueHours * HOUR_MS,
    what: 'Save call: hear the reason, compensate or adapt the offer',
    why: 'The customer has announced to leave',
    causedBy: [notice.eventId],
    retentionKind: 'reactive',
  };
};

/** A fall from a better zone; while dissatisfaction is being managed (Q1) its cause is in hands already. */
const zoneOpening = (context: QueueContext): Opening | null => {
  const { standing, configuration, items, asOf } = context;
  const { zone, previousZone, since, rules, history } = standing.loyalty;
  if (zone !== 'defection' || since === null || (previousZone !== 'indifference' && previousZone !== 'affection'))
    return null;
  if (hasOpenItem(items, 'Q1')) return null;
  const triggerKey = `zone:${toIso(since)}`;
  if (hasItem(items, 'Q7', triggerKey)) return null;
  const period = history.at(-1);
  const reactive = (period?.rules ?? rules).some((rule) => reactiveRules.includes(rule));
  return {
    ...base(context),
    triggerKey,
    dueAt: asOf + configuration.queues.Q7.zoneDueHours * HOUR_MS,
    what: 'Diagnostic call: find the reason and agree what would bring the relationship back',
    why: `The loyalty zone fell to defection${reactive ? ' by dissatisfaction' : ''}`,
    causedBy: period?.causedBy ?? [],
    retentionKind: reactive ? 'reactive' : 'proactive',
  };
};

/** Buys later than the own cadence, or less often than before; both hang on the same last order. */
const rhythmOpening = (context: QueueContext): Opening | null => {
  const { evidence, policy, configuration, items, asOf } = context;
  const ratio = recencyRatio(rhythmOf(evidence.orderDays, policy.review, configuration), asOf);
  const late = ratio !== null && ratio >= recencyLimit(context);
  if (!late) {
    const trend = trendAt(evidence, policy, asOf);
    if (trend === null || trend.frequency > configuration.queues.Q7.frequencyDrop) return null;
  }
  const triggerKey = rhythmKey(evidence);
  if (hasItem(items, 'Q7', triggerKey)) return null;
  return {
    ...base(context),
    triggerKey,
    dueAt: asOf + configuration.queues.Q7.rhythmDueDays * DAY_MS,
    what: 'Needs review and tailored offer',
    why: late ? 'The next order is overdue against the own cadence' : 'Orders have become rarer than before',
    causedBy: [evidence.orderDays.at(-1)?.lastEventId].filter((id) => id !== undefined),
    retentionKind: 'proactive',
  };
};

type RenewableOrder = OrderEvidence & { readonly renewalDueAt: Instant; readonly placedAt: Instant };

const isRenewable = (order: OrderEvidence): order is RenewableOrder =>
  order.renewalDueAt !== null && order.placedAt !== null && !order.fullyReversed;

const renewalOpening = (order: RenewableOrder, context: QueueContext): Opening | null => {
  const { evidence, configuration, items, asOf } = context;
  const { renewalAheadDays, renewalLeadDays } = configuration.queues.Q7;
  const windowFrom = order.renewalDueAt - renewalAheadDays * DAY_MS;
  if (asOf < windowFrom || asOf >= order.renewalDueAt) return null;
  const last = evidence.placedOrders.at(-1);
  const renewed = last !== undefined && last !== order && last.placedAt !== null && last.placedAt >= windowFrom;
  if (renewed || hasItem(items, 'Q7', `renew:${order.orderId}`)) return null;
  const leadAt = order.renewalDueAt - renewalLeadDays * DAY_MS;
  return {
    ...base(context),
    triggerKey: `renew:${order.orderId}`,
    // Seen too late for the lead, it is due at the renewal itself.
    dueAt: leadAt > asOf ? leadAt : order.renewalDueAt,
    what: 'Check in and renew',
    why: `Order ${order.orderId} is due for renewal`,
    causedBy: order.eventId === null ? [] : [order.eventId],
    retentionKind: 'preventive',
  };
};

/** When the party left the zone of defection for a better one; null while it has not. */
const healedSince = ({ standing }: QueueContext): Instant | null => {
  const { zone, history } = standing.loyalty;
  if (zone !== 'indifference' && zone !== 'affection') return null;
  return history.findLast((period) => period.zone === 'defection')?.to ?? null;
};

/** Whether retention is worth its cost: a lead only when the fit is right (`domain.md §6.6`). */
const isWorthKeeping = ({ standing, evidence, policy, configuration, asOf }: QueueContext): boolean =>
  standing.value.tier !== 'lead' || (fitOf(evidence, policy, asOf) ?? 0) >= configuration.value.fitThreshold;

const rhythmChanges = (context: QueueContext, soonest: Soonest): void => {
  const { evidence, policy, configuration, items, asOf } = context;
  if (hasItem(items, 'Q7', rhythmKey(evidence))) return;
  const rhythm = rhythmOf(evidence.orderDays, policy.review, configuration);
  if (rhythm.lastAt === null) return;
  const reachedAt = rhythm.lastAt + Math.floor(recencyLimit(context) * rhythm.ipiDays * DAY_MS);
  // The millisecond on either side too: rounding of the ratio may decide earlier or later.
  for (let rounding = -1; rounding <= 1; rounding++) soonest.atCrossing(reachedAt + rounding);
  const { minOrders, minTenureDays, windowDays } = configuration.loyalty.behaviour.trend;
  if (rhythm.orderDays < minOrders || rhythm.firstAt === null) return;
  soonest.atCrossing(rhythm.firstAt + minTenureDays * DAY_MS);
  // The frequency falls only when an order leaves the recent window for the baseline.
  for (let index = evidence.orderDays.length - 1; index >= 0; index--) {
    const leavesAt = (evidence.orderDays[index]?.lastAt ?? 0) + windowDays * DAY_MS;
    if (leavesAt <= asOf) break;
    soonest.atCrossing(leavesAt);
  }
};

/**
 * Q7 retention (`domain.md §11.3`, §9.2). Entry: a customer, not lost, worth keeping, and a pending
 * notice (reactive), a fall to defection (reactive by H1–H4, else proactive), RR ≥ 2 (1.5 for platinum
 * and gold) or orders rarer than before (proactive), or a renewal within 30 d (preventive). Due: 24 h,
 * 72 h, 7 d, 7 d before the renewal. Exit: an order, lost, the notice taken back, out of defection for
 * 14 d (falls of the zone). Every outcome closes the item and keeps the queue quiet for 30 d.
 */
export const retention: QueueRule = {
  ...plainRule,
  queue: 'Q7',
  proactive: true,
  outcomes: {
    saved: () => closes,
    offer_made: () => closes,
    needs_changed: () => closes,
    leaving: () => closes,
    unreachable: () => closes,
  },
  openings: (context) => {
    const { evidence, standing, asOf } = context;
    if (evidence.orderDays.length === 0 || standing.lifecycle.lostSince !== null) return nothing;
    if (retention.quietUntil(context) > asOf || !isWorthKeeping(context)) return nothing;
    let openings: Opening[] | null = null;
    const add = (opening: Opening | null): void => {
      if (opening !== null) (openings ??= []).push(opening);
    };
    add(noticeOpening(context));
    add(zoneOpening(context));
    add(rhythmOpening(context));
    for (const order of evidence.placedOrders) if (isRenewable(order)) add(renewalOpening(order, context));
    return openings ?? nothing;
  },
  review: (item, context) => {
    const { evidence, standing, configuration, asOf } = context;
    if (standing.lifecycle.lostSince !== null || hasOrderedSince(item, evidence)) return 'exits';
    if (item.triggerKey.startsWith('notice:')) {
      const eventId = item.triggerKey.slice('notice:'.length);
      const notice = evidence.defectionNotices.find((candidate) => candidate.eventId === eventId);
      return notice === undefined || notice.withdrawnAt !== null ? 'exits' : 'stays';
    }
    if (!item.triggerKey.startsWith('zone:')) return 'stays';
    const since = healedSince(context);
    return since !== null && asOf >= since + configuration.queues.Q7.zoneHealedDays * DAY_MS ? 'exits' : 'stays';
  },
  currentHow: ({ how }, { evidence }) => validChannel(evidence, how),
  quietUntil: ({ items, configuration: { queues } }) => coolDownEnd(items, 'Q7', () => queues.Q7.coolDownDays * DAY_MS),
  nextChange: (context, soonest) => {
    const { evidence, standing, configuration, items } = context;
    const { renewalAheadDays, zoneHealedDays } = configuration.queues.Q7;
    const healed = healedSince(context);
    if (healed !== null && hasOpenItem(items, 'Q7')) soonest.atCrossing(healed + zoneHealedDays * DAY_MS);
    if (evidence.orderDays.length === 0 || standing.lifecycle.lostSince !== null) return;
    rhythmChanges(context, soonest);
    for (const order of evidence.placedOrders)
      if (isRenewable(order)) soonest.atCrossing(order.renewalDueAt - renewalAheadDays * DAY_MS);
  },
};
