import { type Campaign, DAY_MS, type Evidence, isOutsideBase } from '@afecto/domain';
import { dayOf } from '../figures/definition';
import { type Contribute, type Count, type Counted, keyOf } from '../tally/contribute';
import { contributionBetween } from './contribution-between';
import { armOf } from './population';
import { campaignOfOrder, type CampaignTrace, campaignTraces } from './traces';

export const REPORT = 'campaigns';

/** A customer that a campaign acquired is worth what it brings in its first days (`domain.md §6.6`). */
export const ACQUISITION_DAYS = 180;

/** Sums of squares outgrow a number that counts exactly: each digit to this base is summed by itself. */
export const SQUARE_BASE = 1n << 30n;

/** The square of what is smaller is a whole number that counts exactly. */
const SMALL = 94_906_265;

const countSquare = (key: string, value: number, count: Count): void => {
  if (Math.abs(value) <= SMALL) {
    const base = Number(SQUARE_BASE);
    const square = value * value;
    count(key, 0, square % base);
    if (square >= base) count(key, 1, Math.floor(square / base));
    return;
  }
  let rest = BigInt(value) ** 2n;
  for (let place = 0; rest > 0n; place++, rest /= SQUARE_BASE) count(key, place, Number(rest % SQUARE_BASE));
};

const countTraces = (traces: ReadonlyMap<string, CampaignTrace>, count: Count): void => {
  for (const [campaignId, { contacts, reached, responded, enquiries, orders, revenueMinor }] of traces) {
    const of = (measure: string): string => keyOf(REPORT, campaignId, measure);
    count(of('contacts'), 0, contacts);
    if (reached) count(of('reached'), 0);
    if (responded) count(of('responded'), 0);
    if (reached && responded) count(of('reachedResponded'), 0);
    count(of('enquiries'), 0, enquiries);
    count(of('orders'), 0, orders);
    count(of('revenueMinor'), 0, revenueMinor);
  }
};

const countOffers = ({ evidence, policy }: Counted, count: Count): void => {
  for (const { campaignId, madeAt, validUntil, answer } of evidence.offers.values()) {
    if (campaignId === null || madeAt === null) continue;
    count(keyOf(REPORT, campaignId, 'offers'), 0);
    if (answer !== null) count(keyOf(REPORT, campaignId, answer), 0);
    else count(keyOf(REPORT, campaignId, 'unanswered'), dayOf(validUntil ?? madeAt, policy));
  }
};

/**
 * The campaign that brought a customer: the one that its first order cites that stands; its worth by the day on which
 * it is complete. What was given back of orders before that one, which brought nothing in these days, takes nothing off.
 */
const countAcquisition = ({ evidence, policy }: Counted, count: Count): void => {
  const { placedOrders, costs } = evidence;
  const place = placedOrders.findIndex(({ fullyReversed }) => !fullyReversed);
  const first = placedOrders[place];
  if (first === undefined || first.placedAt === null) return;
  const campaignId = campaignOfOrder(first, evidence);
  if (campaignId === null) return;
  const before = new Set(placedOrders.slice(0, place).map(({ orderId }) => orderId));
  const reversals = evidence.reversals.filter(({ orderId }) => !before.has(orderId));
  const until = first.placedAt + ACQUISITION_DAYS * DAY_MS;
  const day = dayOf(until, policy);
  count(keyOf(REPORT, campaignId, 'acquired'), day);
  count(
    keyOf(REPORT, campaignId, 'acquiredMinor'),
    day,
    contributionBetween({ placedOrders, reversals, costs }, policy, first.placedAt, until + 1),
  );
};

const countArm = (campaign: Campaign, customer: Counted, trace: CampaignTrace | undefined, count: Count): void => {
  const arm = armOf(campaign, customer);
  if (arm === null) return;
  const { campaignId, startsAt, endsAt, holdoutPct } = campaign;
  count(keyOf(REPORT, campaignId, arm), 0);
  if (arm === 'control' && trace !== undefined && trace.contacts > 0)
    count(keyOf(REPORT, campaignId, 'controlContacted'), 0);
  // Without a control arm there is nothing to compare with.
  if (holdoutPct === 0) return;
  const minor = contributionBetween(customer.evidence, customer.policy, startsAt, endsAt);
  if (minor === 0) return;
  count(keyOf(REPORT, campaignId, arm, 'minor'), 0, minor);
  countSquare(keyOf(REPORT, campaignId, arm, 'squares'), minor, count);
};

const citesNothing = ({ interactions, enquiries, offers, placedOrders }: Evidence): boolean =>
  interactions.length === 0 && enquiries.size === 0 && offers.size === 0 && placedOrders.length === 0;

/**
 * What a customer adds to each campaign: contacts, responses, offers and orders that cite it, its own first
 * 180 days if the campaign brought it, and its contribution over the campaign's window in its arm
 * (`domain.md §6.6`, §13.6). Employees and competitors add nothing (§3).
 */
export const contributeCampaigns: Contribute = (customer, count) => {
  const { evidence, policy, asOf } = customer;
  if (isOutsideBase(evidence, asOf)) return;
  const traces = citesNothing(evidence) ? none : campaignTraces(evidence);
  countTraces(traces, count);
  countOffers(customer, count);
  countAcquisition(customer, count);
  for (const campaign of policy.launched) countArm(campaign, customer, traces.get(campaign.campaignId), count);
};

const none: ReadonlyMap<string, CampaignTrace> = new Map();
