import { contactable } from '../consent/contactable';
import type { Evidence } from '../customer/evidence';
import type { WorkItem } from '../customer/standing';
import { assess, currentlySteady } from '../loyalty/assessment';
import { recencyRatio, rhythmOf } from '../loyalty/rhythm';
import { inTrailing, windowExit } from '../relationship/window';
import { DAY_MS, type Instant } from '../time/calendar';
import { permittedChannel } from './channel';
import { quarterOf } from './quarter';
import {
  closes,
  coolDownEnd,
  hasItem,
  hasOpenItem,
  hasOrderedSince,
  nothing,
  plainRule,
  type QueueContext,
  type QueueRule,
} from './rule';
import type { Soonest } from './soonest';

const keyOf = ({ configuration, asOf }: QueueContext): string =>
  `dev:${quarterOf(asOf, configuration.tenant.timeZone).key}`;

/** When the party was last asked for a referral: it made one, or an item of this queue was worked. */
const lastReferralAsk = ({ evidence, items }: QueueContext): Instant => {
  let latest = evidence.referralsMade.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  for (const item of items)
    if (item.queue === 'Q8' && item.closedBy === 'outcome' && item.closedAt !== null)
      latest = Math.max(latest, item.closedAt);
  return latest;
};

const mayAskForReferral = (context: QueueContext): boolean => {
  const { extreme } = context.standing.loyalty;
  return (
    (extreme === 'apostle' || extreme === 'near_apostle') &&
    !inTrailing(lastReferralAsk(context), context.configuration.queues.Q8.referralAskDays, context.asOf)
  );
};

/** Room to grow: a low share of wallet, few lines while the share is unknown, or a referral to ask for. */
const headroomOf = (context: QueueContext): string | null => {
  const { evidence, policy, configuration, asOf } = context;
  const { walletBelow, scopeBelow } = configuration.queues.Q8;
  // Measured for the score already, and the same for as long as it is steady.
  const { wallet, lines } = currentlySteady(evidence, policy, asOf).ties.ties;
  if (wallet.value !== null && wallet.value < walletBelow) return 'Part of the spend in our category goes elsewhere';
  if (wallet.value === null && lines < scopeBelow) return 'Uses few of our product lines';
  return mayAskForReferral(context) ? 'Delighted and not asked for a referral lately' : null;
};

const latestOfferAt = (evidence: Evidence): Instant => {
  let latest = Number.NEGATIVE_INFINITY;
  if (evidence.offers.size === 0) return latest;
  for (const { madeAt } of evidence.offers.values()) if (madeAt !== null && madeAt > latest) latest = madeAt;
  return latest;
};

const isFond = ({ standing, evidence, policy, configuration, asOf }: QueueContext): boolean => {
  const { zone } = standing.loyalty;
  if (zone !== 'indifference') return zone === 'affection';
  const { score } = assess(evidence, policy, asOf);
  return score !== null && score >= configuration.queues.Q8.minScore;
};

/** Conditions that time can only spoil, never bring about. */
const isCandidate = ({ standing, evidence }: QueueContext): boolean => {
  const { zone } = standing.loyalty;
  return (
    evidence.orderDays.length > 0 && (zone === 'affection' || zone === 'indifference') && standing.value.tier !== 'lead'
  );
};

/** A line that no earlier order had, in an order placed after the item opened. */
const boughtNewLine = (item: WorkItem, evidence: Evidence): boolean => {
  if (!hasOrderedSince(item, evidence)) return false;
  const known = new Set<string>();
  for (const { placedAt, netByProductLine } of evidence.placedOrders)
    for (const line of netByProductLine.keys()) {
      if (placedAt !== null && placedAt > item.enteredAt && !known.has(line)) return true;
      known.add(line);
    }
  return false;
};

/** Headroom appears when a wallet report or an order gets too old, or the last ask long enough ago. */
const headroomChanges = (context: QueueContext, soonest: Soonest): void => {
  const { evidence, configuration, asOf } = context;
  const { windowDays } = configuration.relationship;
  for (const { at } of evidence.wallets) soonest.atCrossing(windowExit(at, windowDays, asOf));
  for (let index = evidence.placedOrders.length - 1; index >= 0; index--) {
    const at = evidence.placedOrders[index]?.placedAt ?? null;
    if (at === null || !inTrailing(at, windowDays, asOf)) break;
    soonest.atCrossing(windowExit(at, windowDays, asOf));
  }
  for (const { at } of evidence.reversals) soonest.atCrossing(windowExit(at, windowDays, asOf));
  soonest.atCrossing(windowExit(lastReferralAsk(context), configuration.queues.Q8.referralAskDays, asOf));
};

/**
 * Q8 value development (`domain.md §11.3`). Entry, once a quarter of the tenant's calendar: zone
 * affection, or indifference with score ≥ 60; tier not lead; RR ≤ 2; headroom; contactable for
 * marketing; no offer in 30 d. Due: 30 d. Exit: an order in a new line, zone defection, consent
 * withdrawn. `postponed` returns after 30 d; `declined` keeps quiet for 90 d. An item still open from
 * an earlier quarter holds the place of a new one.
 */
export const valueDevelopment: QueueRule = {
  ...plainRule,
  queue: 'Q8',
  proactive: true,
  outcomes: {
    accepted: () => closes,
    declined: () => closes,
    referral_given: () => closes,
    postponed: ({ queues: { Q8 } }) => ({
      then: 'retries',
      afterMs: Q8.postponedDays * DAY_MS,
      maxAttempts: Number.POSITIVE_INFINITY,
      agreeable: false,
    }),
  },
  openings: (context) => {
    const { evidence, policy, configuration, items, asOf } = context;
    const { maxRecencyRatio, noOfferDays, dueDays } = configuration.queues.Q8;
    if (!isCandidate(context) || hasOpenItem(items, 'Q8')) return nothing;
    const ratio = recencyRatio(rhythmOf(evidence.orderDays, policy.review, configuration), asOf);
    if (ratio === null || ratio > maxRecencyRatio || !contactable(evidence, 'marketing', asOf)) return nothing;
    const triggerKey = keyOf(context);
    if (hasItem(items, 'Q8', triggerKey) || valueDevelopment.quietUntil(context) > asOf) return nothing;
    if (inTrailing(latestOfferAt(evidence), noOfferDays, asOf)) return nothing;
    const why = headroomOf(context);
    if (why === null || !isFond(context)) return nothing;
    return [
      {
        triggerKey,
        dueAt: asOf + dueDays * DAY_MS,
        obligedSince: asOf,
        weight: configuration.queues.priority.weights.Q8,
        skill: null,
        what: mayAskForReferral(context)
          ? 'Recognise the customer and ask for a referral'
          : 'Offer a line or bundle that fits the stated needs',
        how: permittedChannel(evidence, 'marketing'),
        why,
        causedBy: [evidence.orderDays.at(-1)?.lastEventId].filter((id) => id !== undefined),
        retentionKind: null,
      },
    ];
  },
  review: (item, { standing, evidence, asOf }) =>
    standing.loyalty.zone === 'defection' || boughtNewLine(item, evidence) || !contactable(evidence, 'marketing', asOf)
      ? 'exits'
      : 'stays',
  currentHow: ({ how }, { evidence }) => permittedChannel(evidence, 'marketing', { present: how }),
  quietUntil: ({ items, configuration: { queues } }) =>
    coolDownEnd(items, 'Q8', (outcome) => (outcome === 'declined' ? queues.Q8.declinedDays * DAY_MS : 0)),
  nextChange: (context, soonest) => {
    const { evidence, policy, configuration, items, asOf } = context;
    if (!isCandidate(context) || hasOpenItem(items, 'Q8') || !contactable(evidence, 'marketing', asOf)) return;
    const rhythm = rhythmOf(evidence.orderDays, policy.review, configuration);
    // Time alone only raises the recency ratio: past the limit, an order has to come first.
    const ratio = recencyRatio(rhythm, asOf);
    if (ratio === null || ratio > configuration.queues.Q8.maxRecencyRatio) return;
    soonest.atCrossing(quarterOf(asOf, configuration.tenant.timeZone).nextStart);
    if (hasItem(items, 'Q8', keyOf(context))) return;
    soonest.atCrossing(windowExit(latestOfferAt(evidence), configuration.queues.Q8.noOfferDays, asOf));
    headroomChanges(context, soonest);
  },
};
