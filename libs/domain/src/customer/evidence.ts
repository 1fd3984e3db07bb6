import type { IdentifierScheme } from '../party/events';
import type { OrderPoints } from '../policy/points-rules';
import type { Instant } from '../time/calendar';
import type { Touched } from './areas';
import type {
  EnquiryEvidence,
  InconsistencyEvidence,
  InteractionEvidence,
  OfferEvidence,
  PolicyViolationEvidence,
  WorkItemEvidence,
} from './contact-evidence';
import type { ComplaintEvidence, FailureEvidence, PromiseEvidence, RequestEvidence } from './service-evidence';

export type * from './contact-evidence';
export type * from './service-evidence';

/**
 * What the facts of one customer say, before any judgement: the result of folding the facts of a
 * root party and of everything merged into it, in fold order. It depends on facts alone, never on
 * time passing. Only `evolve` (customer/evolve.ts) changes it, in place, one fact at a time; every
 * other room reads it. Judgements (zone, phase, tier, work items) live in `Standing`.
 *
 * Facts may come in any order: an entry may exist of which only a follow-up is known
 * (`placedAt`/`openedAt`/`receivedAt` null). Such an entry counts for nothing until its first fact comes.
 */
export interface Evidence {
  /** The root party id. */
  readonly partyId: string;
  /** Root and all parties merged into it at the instant folded to. */
  readonly members: ReadonlySet<string>;
  /** Facts folded so far. */
  readonly factCount: number;
  /** Grows with every change of anything here: what is derived from this evidence may be kept until then. */
  readonly changes: number;
  /** When, in `changes`, each area that loyalty rests on was last touched: what is derived from others may be kept. */
  readonly touched: Touched;
  /** Instant of the last fact folded; -Infinity before the first. */
  readonly lastFactAt: Instant;

  readonly person: PersonEvidence;

  /** By orderId; iteration order is fold order of first mention. */
  readonly orders: ReadonlyMap<string, OrderEvidence>;
  /** Placed orders of which this customer is the payer, by placedAt ascending. */
  readonly placedOrders: ReadonlyArray<OrderEvidence>;
  /**
   * Distinct tenant days with at least one order that is not fully reversed, ascending. A new array
   * whenever it changes, so it can key a cache of what is derived from it.
   */
  readonly orderDays: ReadonlyArray<OrderDay>;
  /** Reversals of placed orders, by `at` ascending. */
  readonly reversals: ReadonlyArray<ReversalEvidence>;

  readonly surveys: ReadonlyArray<SurveyEvidence>;
  readonly wordOfMouth: ReadonlyArray<WordOfMouthEvidence>;
  readonly complaints: ReadonlyMap<string, ComplaintEvidence>;
  readonly requests: ReadonlyMap<string, RequestEvidence>;
  readonly promises: ReadonlyMap<string, PromiseEvidence>;
  readonly failures: ReadonlyArray<FailureEvidence>;

  readonly referralsMade: ReadonlyArray<ReferralEvidence>;
  readonly memberships: ReadonlyMap<string, MembershipEvidence>;
  readonly rewards: ReadonlyArray<RewardEvidence>;
  /** Of one type and subtype with one counterparty no two overlap. */
  readonly bonds: ReadonlyArray<BondEvidence>;
  readonly barriers: ReadonlyArray<BarrierEvidence>;
  readonly wallets: ReadonlyArray<WalletEvidence>;
  /** Cost to serve, compensation and retention measures, by `at` ascending. */
  readonly costs: ReadonlyArray<CostEvidence>;

  /** In fold order; a withdrawal closes the notices before it. */
  readonly defectionNotices: ReadonlyArray<DefectionNoticeEvidence>;
  readonly diagnoses: ReadonlyArray<{
    readonly at: Instant;
    readonly eventId: string;
    readonly reasonCodes: ReadonlyArray<string>;
    readonly competitorId: string | null;
  }>;
  readonly retentionMeasures: ReadonlyArray<RetentionMeasureEvidence>;

  readonly interactions: ReadonlyArray<InteractionEvidence>;
  readonly enquiries: ReadonlyMap<string, EnquiryEvidence>;
  readonly offers: ReadonlyMap<string, OfferEvidence>;
  readonly inconsistencies: ReadonlyArray<InconsistencyEvidence>;
  readonly policyViolations: ReadonlyArray<PolicyViolationEvidence>;
  /** What agents did with work items of this customer, by itemId. */
  readonly workItems: ReadonlyMap<string, WorkItemEvidence>;
}

export interface PersonEvidence {
  readonly registeredAt: Instant | null;
  readonly kind: 'person' | 'organization' | null;
  /** Empty when it was given and nobody can read it any more (`domain.md §17.3`). */
  readonly displayName: string | null;
  /** 0 when it was given and nobody can read it any more. */
  readonly birthYear: number | null;
  readonly locale: string | null;
  readonly timeZone: string | null;
  /** Latest statement per (scheme, value). */
  readonly identifiers: ReadonlyArray<{
    /** The member of whom it was stated. */
    readonly partyId: string;
    readonly scheme: IdentifierScheme;
    readonly value: string;
    readonly verified: boolean;
    readonly preferred: boolean;
    readonly valid: boolean;
    readonly at: Instant;
  }>;
  /** Of one role towards one counterparty no two overlap. */
  readonly roles: ReadonlyArray<{
    readonly role: string;
    readonly counterpartyId: string | null;
    readonly validFrom: Instant;
    readonly validTo: Instant | null;
  }>;
  readonly preferences: ReadonlyArray<{
    /** The member who stated it. */
    readonly partyId: string;
    readonly preferenceId: string;
    readonly kind: 'need' | 'preference' | 'interest' | 'businessGoal';
    readonly key: string;
    readonly value: string;
    readonly origin: 'stated' | 'observed';
    readonly horizon: 'current' | 'future';
    readonly at: Instant;
    /** When this id was first said to be of this kind, key and origin: said again, it is no newer need. */
    readonly since: Instant;
  }>;
  /** What ids of preferences that say something else now said to be needed. */
  readonly earlierNeeds: ReadonlyArray<{
    readonly key: string;
    readonly origin: 'stated' | 'observed';
    readonly since: Instant;
    readonly until: Instant;
  }>;
  /** Latest decision per (purpose, channel); `channel` may be 'all'. */
  readonly consents: ReadonlyArray<{
    readonly purpose: string;
    readonly channel: string;
    readonly granted: boolean;
    readonly at: Instant;
  }>;
  /** Roles of other parties in which this customer is the counterparty, as their facts tell (`domain.md §3`). */
  readonly rolesTowards: ReadonlyArray<{
    readonly partyId: string;
    readonly role: string;
    /** The member towards whom. */
    readonly counterpartyId: string;
    readonly validFrom: Instant;
    readonly validTo: Instant | null;
  }>;
  /** Requests of the data subject (`domain.md §17`), in fold order; one of which only the end is known is not here. */
  readonly dataSubjectRequests: ReadonlyArray<{
    readonly dsrId: string;
    readonly eventId: string;
    readonly kind: string;
    readonly receivedAt: Instant;
    readonly dueAt: Instant;
    readonly closedAt: Instant | null;
    readonly outcome: 'fulfilled' | 'refused' | null;
  }>;
  /** An objection or restriction request stops profiling and queues (§17). */
  readonly objections: ReadonlyArray<{ readonly kind: 'objection' | 'restriction'; readonly at: Instant }>;
  /** When the root was erased: nothing personal of any member is shown from then on. */
  readonly erasedAt: Instant | null;
  /** Members of whom everything personal was erased. */
  readonly erasedMembers: ReadonlySet<string>;
  /** When free text alone was erased last (`domain.md §17.9`). */
  readonly contentErasedAt: Instant | null;
  readonly keeping: Keeping;
}

/** What personal data are kept, and since when nothing was heard (`domain.md §17.9`). */
export interface Keeping {
  /** The last fact of the relationship, or with something personal in it; null before the first. */
  readonly activityAt: Instant | null;
  /** Members of whom there is something of this class that was not erased since; each once. */
  readonly identity: ReadonlyArray<string>;
  readonly content: ReadonlyArray<string>;
}

export interface OrderEvidence {
  readonly orderId: string;
  readonly eventId: string | null;
  /** Null while only a delivery or a reversal of it is known. */
  readonly placedAt: Instant | null;
  /** Tenant day boundary of placedAt. */
  readonly day: Instant;
  /** Whether the money counts here: false when this customer is only the beneficiary. */
  readonly payer: boolean;
  readonly channel: string | null;
  /** Reporting currency, minor units. */
  readonly netMinor: number;
  readonly listMinor: number;
  /** Net of the lines that state a cost, and that cost. */
  readonly netWithCostMinor: number;
  readonly costMinor: number;
  /** Net of the lines that state none. */
  readonly netWithoutCostMinor: number;
  readonly netByProductLine: ReadonlyMap<string, number>;
  readonly reversedMinor: number;
  /** Reversed by its whole total in its own currency: the rate of the day has no say. */
  readonly fullyReversed: boolean;
  /** When the last of it was reversed, not before it was placed; null while something of it stands. */
  readonly fullyReversedAt: Instant | null;
  readonly promisedAt: Instant | null;
  readonly renewalDueAt: Instant | null;
  readonly deliveredAt: Instant | null;
  /** Instant of the fact that reported the delivery. */
  readonly fulfilledAt: Instant | null;
  readonly complete: boolean | null;
  readonly fulfilmentEventId: string | null;
  readonly campaignId: string | null;
  readonly enquiryId: string | null;
  readonly offerId: string | null;
  readonly appliedPreferenceIds: ReadonlyArray<string>;
  /** What the rules in force at its instant give its payer, when that is a member (`domain.md §8.2`). */
  readonly points: ReadonlyArray<OrderPoints>;
}

export interface OrderDay {
  /** Tenant day boundary (00:00) of the day. */
  readonly day: Instant;
  /** Earliest and latest placedAt of that day. */
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  readonly lastOrderId: string;
  readonly lastEventId: string;
}

export interface ReversalEvidence {
  readonly at: Instant;
  readonly eventId: string;
  readonly orderId: string;
  /** Never more than what was left of the order. */
  readonly amountMinor: number;
  /** Share of the order's margin that goes back with it, minor units of known and unknown cost. */
  readonly netWithCostMinor: number;
  readonly costMinor: number;
  readonly netWithoutCostMinor: number;
  readonly netByProductLine: ReadonlyMap<string, number>;
}

export interface SurveyEvidence {
  readonly surveyId: string;
  readonly eventId: string;
  readonly at: Instant;
  readonly instrument: 'csat_transactional' | 'csat_relationship' | 'ces' | 'nps' | 'custom';
  readonly score: number;
  readonly scaleMin: number;
  readonly scaleMax: number;
  readonly aboutEventId: string | null;
  /** The item `empathy`, 1..5 (`domain.md §9.1`). */
  readonly empathy: number | null;
  /** Whether there are words beside the score. */
  readonly verbatim: boolean;
}

export interface WordOfMouthEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly polarity: number;
  readonly verified: boolean;
  readonly reach: 'private' | 'public';
}

export interface ReferralEvidence {
  readonly referralId: string;
  readonly eventId: string;
  readonly at: Instant;
  readonly referredId: string | null;
  /**
   * First order of the referred party at or before the conversion limit, supplied by the fold's
   * caller because it is another party's fact; null while there is none.
   */
  readonly convertedAt: Instant | null;
}

export interface MembershipEvidence {
  readonly membershipId: string;
  readonly eventId: string | null;
  readonly enrolledAt: Instant | null;
  readonly programId: string | null;
  readonly type: 'continuous' | 'discrete' | null;
  readonly validTo: Instant | null;
}

export interface RewardEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly kind: string;
  readonly benefit: string;
  /** Null when it was granted outside a programme. */
  readonly membershipId: string | null;
  readonly valueMinor: number;
  readonly pointsDelta: number;
}

export interface BondEvidence {
  /** The fact that told of it first, and its instant. */
  readonly eventId: string;
  readonly at: Instant;
  readonly bondType: 'reward' | 'social' | 'customization' | 'structural';
  readonly subtype: string;
  readonly counterpartyId: string | null;
  readonly benefit: string | null;
  readonly validFrom: Instant;
  readonly validTo: Instant | null;
}

export interface BarrierEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly kind: string;
  readonly costType: string;
  readonly amountMinor: number;
  readonly disclosedAt: Instant | null;
  readonly validTo: Instant | null;
}

export interface WalletEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly category: string;
  /** Fraction 0..1, reported or by the Wallet Allocation Rule (§5); null when neither can be computed. */
  readonly shareOfWallet: number | null;
  readonly origin: 'reported' | 'estimated';
  readonly competitorIds: ReadonlyArray<string>;
}

export interface CostEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly kind: 'cost_to_serve' | 'compensation' | 'retention' | 'reward';
  readonly amountMinor: number;
}

export interface RetentionMeasureEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly kind: 'proactive' | 'preventive' | 'reactive';
  readonly measure: string;
  readonly triggerEventId: string;
  readonly costMinor: number;
}

export interface DefectionNoticeEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly effectiveAt: Instant;
  readonly reasonCodes: ReadonlyArray<string>;
  readonly competitorId: string | null;
  /** When the customer took it back; null while it stands. */
  readonly withdrawnAt: Instant | null;
}
