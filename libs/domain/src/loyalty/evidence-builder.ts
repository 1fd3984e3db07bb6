import type {
  BarrierEvidence,
  BondEvidence,
  ComplaintEvidence,
  DefectionNoticeEvidence,
  Evidence,
  FailureEvidence,
  MembershipEvidence,
  OrderDay,
  OrderEvidence,
  PromiseEvidence,
  ReferralEvidence,
  RequestEvidence,
  ReversalEvidence,
  RewardEvidence,
  SurveyEvidence,
  WalletEvidence,
  WordOfMouthEvidence,
} from '../customer/evidence';
import { emptyEvidence } from '../customer/mutable-evidence';
import { defaultConfiguration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import { DAY_MS, type Instant } from '../time/calendar';

/** Midnight UTC; days of the specifications count from here. */
export const ORIGIN: Instant = Date.UTC(2025, 0, 1);
export const day = (days: number): Instant => Math.round(ORIGIN + days * DAY_MS);

/** The default configuration, before any review, campaign or initiative. */
export const plainPolicy: Policy = {
  configuration: defaultConfiguration,
  review: null,
  campaigns: [],
  launched: [],
  initiatives: [],
  since: -Infinity,
};

/** What a specification states; days count from `ORIGIN`, everything unsaid has a plain default. */
export interface Given {
  readonly orders?: ReadonlyArray<Partial<OrderEvidence> & { readonly placedAt: Instant }>;
  readonly surveys?: ReadonlyArray<Partial<SurveyEvidence> & { readonly at: Instant; readonly score: number }>;
  readonly wordOfMouth?: ReadonlyArray<
    Partial<WordOfMouthEvidence> & { readonly at: Instant; readonly polarity: number }
  >;
  readonly complaints?: ReadonlyArray<
    Partial<ComplaintEvidence> & { readonly receivedAt: Instant | null; readonly severity: 1 | 2 | 3 | 4 }
  >;
  readonly requests?: ReadonlyArray<Partial<RequestEvidence> & { readonly openedAt: Instant }>;
  readonly promises?: ReadonlyArray<Partial<PromiseEvidence> & { readonly dueAt: Instant }>;
  readonly failures?: ReadonlyArray<
    Partial<FailureEvidence> & { readonly at: Instant; readonly severity: 1 | 2 | 3 | 4 }
  >;
  readonly referrals?: ReadonlyArray<Partial<ReferralEvidence> & { readonly at: Instant }>;
  readonly memberships?: ReadonlyArray<Partial<MembershipEvidence> & { readonly enrolledAt: Instant }>;
  readonly rewards?: ReadonlyArray<Partial<RewardEvidence> & { readonly at: Instant }>;
  readonly bonds?: ReadonlyArray<
    Partial<BondEvidence> & { readonly bondType: BondEvidence['bondType']; readonly validFrom: Instant }
  >;
  readonly barriers?: ReadonlyArray<Partial<BarrierEvidence> & { readonly at: Instant }>;
  readonly wallets?: ReadonlyArray<Partial<WalletEvidence> & { readonly at: Instant }>;
  readonly reversals?: ReadonlyArray<Partial<ReversalEvidence> & { readonly at: Instant; readonly orderId: string }>;
  readonly defectionNotices?: ReadonlyArray<
    Partial<DefectionNoticeEvidence> & { readonly at: Instant; readonly effectiveAt: Instant }
  >;
  readonly objections?: Evidence['person']['objections'];
  readonly erasedAt?: Instant;
}

/** Orders every `step` days, the last one at day `last`, 100.00 each, one product line. */
export const rhythmic = (count: number, step: number, last: number): ReadonlyArray<{ placedAt: Instant }> =>
  Array.from({ length: count }, (_, index) => ({ placedAt: day(last - (count - 1 - index) * step) }));

const orderOf = (given: Partial<OrderEvidence> & { placedAt: Instant }, index: number): OrderEvidence => ({
  orderId: `order-${index}`,
  eventId: `order-placed-${index}`,
  day: ORIGIN + Math.floor((given.placedAt - ORIGIN) / DAY_MS) * DAY_MS,
  payer: true,
  channel: 'web',
  netMinor: 10_000,
  listMinor: 10_000,
  netWithCostMinor: 0,
  costMinor: 0,
  netWithoutCostMinor: 10_000,
  netByProductLine: new Map([['line', 10_000]]),
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
  points: [],
  appliedPreferenceIds: [],
  ...given,
});

/** When the reversals given had taken back the whole of an order that is given as fully reversed. */
const endedAt = ({ orderId, netMinor }: OrderEvidence, { reversals = [] }: Given): Instant | null => {
  let left = netMinor;
  for (const { at, amountMinor = 0 } of reversals.filter((reversal) => reversal.orderId === orderId))
    if ((left -= amountMinor) <= 0) return at;
  return null;
};

const orderDaysOf = (orders: ReadonlyArray<OrderEvidence>): ReadonlyArray<OrderDay> => {
  const days: OrderDay[] = [];
  for (const order of orders) {
    if (order.fullyReversed) continue;
    const before = days.at(-1);
    const isSameDay = before?.day === order.day;
    const entry: OrderDay = {
      day: order.day,
      firstAt: isSameDay ? before.firstAt : (order.placedAt ?? order.day),
      lastAt: order.placedAt ?? order.day,
      lastOrderId: order.orderId,
      lastEventId: order.eventId ?? order.orderId,
    };
    if (isSameDay) days[days.length - 1] = entry;
    else days.push(entry);
  }
  return days;
};

const complaintOf = (
  given: Partial<ComplaintEvidence> & { receivedAt: Instant | null; severity: 1 | 2 | 3 | 4 },
  index: number,
): ComplaintEvidence => ({
  complaintId: `complaint-${index}`,
  eventId: `complaint-received-${index}`,
  channel: 'phone',
  category: 'delivery',
  aboutEventId: null,
  requestId: null,
  acknowledgedAt: null,
  responsibleAgentId: null,
  resolveBy: null,
  resolvedAt: null,
  resolvedEventId: given.resolvedAt === undefined ? null : `complaint-resolved-${index}`,
  decision: null,
  rootCause: null,
  verdict: null,
  verdictAt: null,
  verdictEventId: given.verdict === undefined ? null : `complaint-followed-up-${index}`,
  unreachableAttempts: 0,
  recorded: null,
  followUps: [],
  reopenedAt: null,
  earlier: [],
  compensations: [],
  ...given,
});

const requestOf = (given: Partial<RequestEvidence> & { openedAt: Instant }, index: number): RequestEvidence => ({
  requestId: `request-${index}`,
  eventId: `request-opened-${index}`,
  channel: 'phone',
  category: 'delivery',
  requestClass: 'deferred',
  agreedDueAt: null,
  escalations: [],
  pauses: [],
  resolvedAt: null,
  resolvedEventId: given.resolvedAt === undefined ? null : `request-resolved-${index}`,
  byTier: null,
  reopenedAt: null,
  earlier: [],
  firstResolvedAt: given.resolvedAt ?? null,
  openedBy: 'agent-1',
  avoidableInPerson: null,
  recorded: null,
  confirmed: null,
  ...given,
});

const promiseOf = (given: Partial<PromiseEvidence> & { dueAt: Instant }, index: number): PromiseEvidence => ({
  promiseId: `promise-${index}`,
  eventId: `promise-made-${index}`,
  madeAt: given.dueAt - DAY_MS,
  madeBy: 'agent-1',
  recorded: null,
  relatedTo: null,
  channel: null,
  settledAt: null,
  settledEventId: given.settledAt === undefined ? null : `promise-settled-${index}`,
  fulfilledAt: null,
  released: false,
  ...given,
});

const byId = <E>(entries: ReadonlyArray<E>, idOf: (entry: E) => string): ReadonlyMap<string, E> =>
  new Map(entries.map((entry) => [idOf(entry), entry]));

const ascending = <E>(entries: ReadonlyArray<E>, atOf: (entry: E) => Instant): ReadonlyArray<E> =>
  [...entries].sort((a, b) => atOf(a) - atOf(b));

/** Evidence of one customer that states what is given and nothing else. */
export const evidenceOf = (given: Given): Evidence => {
  const orders = ascending((given.orders ?? []).map(orderOf), ({ placedAt }) => placedAt ?? 0).map((order) =>
    order.fullyReversed ? { ...order, fullyReversedAt: endedAt(order, given) } : order,
  );
  const surveys = (given.surveys ?? []).map<SurveyEvidence>((entry, index) => {
    const instrument = entry.instrument ?? 'nps';
    const [scaleMin, scaleMax] = instrument === 'nps' ? [0, 10] : instrument === 'ces' ? [1, 7] : [1, 5];
    const [surveyId, eventId] = [`survey-${index}`, `survey-answered-${index}`];
    return {
      surveyId,
      eventId,
      instrument,
      scaleMin,
      scaleMax,
      aboutEventId: null,
      empathy: null,
      verbatim: false,
      ...entry,
    };
  });
  const wordOfMouth = (given.wordOfMouth ?? []).map<WordOfMouthEvidence>((entry, index) => ({
    eventId: `word-of-mouth-${index}`,
    verified: true,
    reach: 'public',
    ...entry,
  }));
  const nothing = emptyEvidence('party-1', [], defaultConfiguration);
  return {
    ...nothing,
    person: { ...nothing.person, objections: given.objections ?? [], erasedAt: given.erasedAt ?? null },
    orders: byId(orders, ({ orderId }) => orderId),
    placedOrders: orders.filter(({ payer }) => payer),
    orderDays: orderDaysOf(orders.filter(({ payer }) => payer)),
    reversals: ascending(
      (given.reversals ?? []).map<ReversalEvidence>((entry, index) => ({
        eventId: `order-reversed-${index}`,
        amountMinor: 10_000,
        netWithCostMinor: 0,
        costMinor: 0,
        netWithoutCostMinor: 10_000,
        netByProductLine: new Map([['line', 10_000]]),
        ...entry,
      })),
      ({ at }) => at,
    ),
    surveys: ascending(surveys, ({ at }) => at),
    wordOfMouth: ascending(wordOfMouth, ({ at }) => at),
    complaints: byId((given.complaints ?? []).map(complaintOf), ({ complaintId }) => complaintId),
    requests: byId((given.requests ?? []).map(requestOf), ({ requestId }) => requestId),
    promises: byId((given.promises ?? []).map(promiseOf), ({ promiseId }) => promiseId),
    failures: ascending(
      (given.failures ?? []).map<FailureEvidence>((entry, index) => ({
        failureId: `failure-${index}`,
        eventId: `failure-detected-${index}`,
        kind: 'delivery',
        causationId: null,
        ...entry,
      })),
      ({ at }) => at,
    ),
    referralsMade: ascending(
      (given.referrals ?? []).map<ReferralEvidence>((entry, index) => ({
        referralId: `referral-${index}`,
        eventId: `referral-made-${index}`,
        referredId: null,
        convertedAt: null,
        ...entry,
      })),
      ({ at }) => at,
    ),
    memberships: byId(
      (given.memberships ?? []).map<MembershipEvidence>((entry, index) => ({
        membershipId: `membership-${index}`,
        eventId: `membership-enrolled-${index}`,
        programId: 'programme',
        type: 'continuous',
        validTo: null,
        ...entry,
      })),
      ({ membershipId }) => membershipId,
    ),
    rewards: ascending(
      (given.rewards ?? []).map<RewardEvidence>((entry, index) => ({
        eventId: `reward-granted-${index}`,
        kind: 'economic',
        benefit: 'value',
        membershipId: null,
        valueMinor: 100,
        pointsDelta: 0,
        ...entry,
      })),
      ({ at }) => at,
    ),
    bonds: ascending(
      (given.bonds ?? []).map<BondEvidence>((entry, index) => ({
        eventId: `bond-established-${index}`,
        at: entry.validFrom,
        subtype: `subtype-${index}`,
        counterpartyId: null,
        benefit: null,
        validTo: null,
        ...entry,
      })),
      ({ at }) => at,
    ),
    barriers: (given.barriers ?? []).map<BarrierEvidence>((entry, index) => ({
      eventId: `barrier-set-${index}`,
      kind: 'barrier',
      costType: 'financial',
      amountMinor: 0,
      disclosedAt: null,
      validTo: null,
      ...entry,
    })),
    wallets: ascending(
      (given.wallets ?? []).map<WalletEvidence>((entry, index) => ({
        eventId: `wallet-reported-${index}`,
        category: 'all',
        shareOfWallet: null,
        origin: 'reported',
        competitorIds: [],
        ...entry,
      })),
      ({ at }) => at,
    ),
    defectionNotices: ascending(
      (given.defectionNotices ?? []).map<DefectionNoticeEvidence>((entry, index) => ({
        eventId: `defection-notice-${index}`,
        reasonCodes: [],
        competitorId: null,
        withdrawnAt: null,
        ...entry,
      })),
      ({ at }) => at,
    ),
  };
};
