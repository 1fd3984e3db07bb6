import type { Evidence, InteractionEvidence, OrderDay, OrderEvidence, ReversalEvidence } from '../customer/evidence';
import { onDay } from '../customer/fact-builder';
import { emptyEvidence } from '../customer/mutable-evidence';
import { defaultConfiguration, type Configuration } from '../policy/configuration';
import type { Policy, Review } from '../policy/regime';

export { onDay };

export interface OrderDraft {
  readonly day: number;
  readonly netMinor?: number;
  readonly listMinor?: number;
  /** Absent: no line states a cost. */
  readonly costMinor?: number;
  readonly line?: string;
  readonly applied?: ReadonlyArray<string>;
}

/** What tests say about one customer; everything that is left out did not happen. */
export interface Drafts {
  readonly partyId?: string;
  readonly orders?: ReadonlyArray<OrderDraft>;
  /** `order`: index into the orders by day. */
  readonly reversals?: ReadonlyArray<{ readonly day: number; readonly order: number; readonly amountMinor: number }>;
  readonly rest?: Partial<Evidence>;
}

const share = (part: number, amount: number, whole: number) => (whole === 0 ? 0 : Math.round((part * amount) / whole));

const orderOf = (
  draft: OrderDraft,
  index: number,
  back: ReadonlyArray<{ readonly day: number; readonly amountMinor: number }>,
): OrderEvidence => {
  const reversedMinor = back.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const netMinor = draft.netMinor ?? 100;
  const placedAt = onDay(draft.day);
  const fullyReversed = reversedMinor > 0 && reversedMinor >= netMinor;
  return {
    orderId: `order-${index}`,
    eventId: `placed-${index}`,
    placedAt,
    day: onDay(Math.floor(draft.day)),
    payer: true,
    channel: 'web',
    netMinor,
    listMinor: draft.listMinor ?? netMinor,
    netWithCostMinor: draft.costMinor === undefined ? 0 : netMinor,
    costMinor: draft.costMinor ?? 0,
    netWithoutCostMinor: draft.costMinor === undefined ? netMinor : 0,
    netByProductLine: new Map([[draft.line ?? 'line', netMinor]]),
    reversedMinor,
    fullyReversed,
    fullyReversedAt: fullyReversed ? onDay(back.at(-1)?.day ?? draft.day) : null,
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
    appliedPreferenceIds: draft.applied ?? [],
  };
};

const daysOf = (orders: ReadonlyArray<OrderEvidence>): ReadonlyArray<OrderDay> => {
  const days: OrderDay[] = [];
  for (const { day, placedAt, orderId, eventId, fullyReversed } of orders) {
    if (fullyReversed || placedAt === null) continue;
    const before = days.at(-1);
    const isSameDay = before?.day === day;
    const firstAt = isSameDay ? before.firstAt : placedAt;
    const entry = { day, firstAt, lastAt: placedAt, lastOrderId: orderId, lastEventId: eventId ?? orderId };
    if (isSameDay) days[days.length - 1] = entry;
    else days.push(entry);
  }
  return days;
};

/** The evidence of the drafts that happened up to day `until`; `rest` is taken as it is. */
export const evidenceOf = (
  { partyId = 'party-1', orders = [], reversals = [], rest = {} }: Drafts,
  until = Infinity,
): Evidence => {
  const drafts = orders.toSorted((one, other) => one.day - other.day);
  const happened = reversals.filter(({ day }) => day <= until).toSorted((one, other) => one.day - other.day);
  const placed = drafts
    .map((draft, index) =>
      orderOf(
        draft,
        index,
        happened.filter(({ order }) => order === index),
      ),
    )
    .filter((_, index) => (drafts[index]?.day ?? Infinity) <= until);
  const back: ReversalEvidence[] = happened.flatMap(({ day, order, amountMinor }, index) => {
    const of = placed[order];
    return of === undefined
      ? []
      : [
          {
            at: onDay(day),
            eventId: `reversed-${index}`,
            orderId: of.orderId,
            amountMinor,
            netWithCostMinor: share(of.netWithCostMinor, amountMinor, of.netMinor),
            costMinor: share(of.costMinor, amountMinor, of.netMinor),
            netWithoutCostMinor: share(of.netWithoutCostMinor, amountMinor, of.netMinor),
            netByProductLine: new Map([...of.netByProductLine.keys()].map((line) => [line, amountMinor])),
          },
        ];
  });
  return {
    ...emptyEvidence(partyId, [], defaultConfiguration),
    person: personWith({}),
    factCount: placed.length + back.length,
    lastFactAt: Math.max(placed.at(-1)?.placedAt ?? -Infinity, back.at(-1)?.at ?? -Infinity),
    orders: new Map(placed.map((order) => [order.orderId, order])),
    placedOrders: placed,
    orderDays: daysOf(placed),
    reversals: back,
    ...rest,
  };
};

export const personWith = (person: Partial<Evidence['person']>): Evidence['person'] => ({
  ...emptyEvidence('', [], defaultConfiguration).person,
  kind: 'person',
  ...person,
});

export const contact = (day: number, draft: Partial<InteractionEvidence> = {}): InteractionEvidence => ({
  interactionId: `contact-${day}`,
  eventId: `contacted-${day}`,
  at: onDay(day),
  direction: 'inbound',
  channel: 'phone',
  purpose: 'service',
  topicCode: null,
  outcome: 'answered',
  momentCode: null,
  waitSeconds: null,
  answerCode: null,
  previousChannel: null,
  instrument: null,
  agentId: null,
  recordedBy: 'agent',
  orderId: null,
  requestId: null,
  complaintId: null,
  campaignId: null,
  surveyId: null,
  ...draft,
});

export const reportedWallet = (day: number, shareOfWallet: number | null) => ({
  eventId: `wallet-${day}`,
  at: onDay(day),
  category: 'groceries',
  shareOfWallet,
  origin: 'reported' as const,
  competitorIds: [],
});

export const notice = (day: number, effectiveDay: number, withdrawnDay: number | null = null) => ({
  eventId: `notice-${day}`,
  at: onDay(day),
  effectiveAt: onDay(effectiveDay),
  reasonCodes: [],
  competitorId: null,
  withdrawnAt: withdrawnDay === null ? null : onDay(withdrawnDay),
});

export const policyWith = (
  review: Review | null = null,
  configuration: Configuration = defaultConfiguration,
): Policy => ({
  configuration,
  review,
  campaigns: [],
  launched: [],
  initiatives: [],
  since: Number.NEGATIVE_INFINITY,
});
