import { eventReferredTo } from '../facts/attributes';
import type { Fact } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';
import type { Instant } from '../time/calendar';
import { type Area, untouched } from './areas';
import type {
  BarrierEvidence,
  ComplaintEvidence,
  CostEvidence,
  DefectionNoticeEvidence,
  EnquiryEvidence,
  Evidence,
  FailureEvidence,
  InconsistencyEvidence,
  InteractionEvidence,
  Keeping,
  MembershipEvidence,
  OfferEvidence,
  PolicyViolationEvidence,
  OrderEvidence,
  PersonEvidence,
  PromiseEvidence,
  ReferralEvidence,
  RequestEvidence,
  RetentionMeasureEvidence,
  ReversalEvidence,
  Recorded,
  RewardEvidence,
  SurveyEvidence,
  WalletEvidence,
  WordOfMouthEvidence,
  WorkItemEvidence,
} from './evidence';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A reversal as it was reported, before it is capped by what is left of its order. */
export interface ReportedReversal {
  readonly eventId: string;
  /** In the order's currency. */
  readonly amountMinor: number;
  readonly reportingAmountMinor: number | null;
  /** By product line, in the order's currency; null when the fact does not say it of every line. */
  readonly netByProductLine: ReadonlyMap<string, number> | null;
}

export interface MutableOrder extends Writable<OrderEvidence> {
  /** Its currency is not that of the reports, whatever the rate between them. */
  isForeign: boolean;
  /** Reporting minor units for one minor unit of the order's currency; 1 when they are the same. */
  reportingRate: number;
  /** In the order's currency what it comes to, and what of it was reversed so far. */
  totalMinor: number;
  backMinor: number;
  /** What is not reversed yet of `netWithCostMinor` and `costMinor`. */
  leftWithCostMinor: number;
  leftCostMinor: number;
  /** Reversals that came before the order. */
  readonly waiting: ReportedReversal[];
}

export interface MutablePerson extends Writable<PersonEvidence> {
  readonly erasedMembers: Set<string>;
  /** Of which members the name and the year of birth were told; null: none. */
  namedBy: string | null;
  bornBy: string | null;
  readonly keeping: Writable<Keeping>;
  /** Whether the root itself was registered: its own words stand above those of the absorbed. */
  rootRegistered: boolean;
  /** The latest statement of each member about each identifier, in fold order: what is left when one of them is erased. */
  stated: PersonEvidence['identifiers'];
  /** Objections and restrictions by dsrId, with those that were refused. */
  readonly restrictionRequests: Map<string, { kind: 'objection' | 'restriction'; at: Instant } | 'refused'>;
  /** How requests of the data subject ended, by dsrId, also those whose receipt is told later. */
  readonly endsOfRequests: Map<string, { readonly at: Instant; readonly outcome: 'fulfilled' | 'refused' }>;
}

/** The evidence while it is being folded; only the functions `evolve…` of this folder write to it. */
export interface MutableEvidence extends Evidence {
  /** Default for the tenant's days and thresholds when the caller names no other configuration. */
  readonly configuration: Configuration;
  factCount: number;
  changes: number;
  readonly touched: Record<Area, number>;
  lastFactAt: Instant;
  readonly person: MutablePerson;
  readonly orders: Map<string, MutableOrder>;
  readonly placedOrders: MutableOrder[];
  orderDays: Evidence['orderDays'];
  readonly reversals: ReversalEvidence[];
  readonly surveys: SurveyEvidence[];
  readonly wordOfMouth: WordOfMouthEvidence[];
  readonly complaints: Map<string, Writable<ComplaintEvidence>>;
  readonly requests: Map<string, Writable<RequestEvidence>>;
  readonly promises: Map<string, Writable<PromiseEvidence>>;
  readonly failures: FailureEvidence[];
  readonly referralsMade: Writable<ReferralEvidence>[];
  readonly memberships: Map<string, Writable<MembershipEvidence>>;
  readonly rewards: RewardEvidence[];
  bonds: Evidence['bonds'];
  readonly barriers: BarrierEvidence[];
  readonly wallets: WalletEvidence[];
  readonly costs: CostEvidence[];
  readonly defectionNotices: Writable<DefectionNoticeEvidence>[];
  readonly diagnoses: Evidence['diagnoses'][number][];
  readonly retentionMeasures: RetentionMeasureEvidence[];
  readonly interactions: InteractionEvidence[];
  readonly enquiries: Map<string, Writable<EnquiryEvidence>>;
  readonly offers: Map<string, Writable<OfferEvidence>>;
  readonly inconsistencies: InconsistencyEvidence[];
  readonly policyViolations: PolicyViolationEvidence[];
  readonly workItems: Map<string, MutableWorkItem>;
}

export interface MutableWorkItem {
  readonly itemId: string;
  queue: string | null;
  readonly acts: WorkItemEvidence['acts'][number][];
}

/**
 * The evidence of a customer of whom nothing is known. `members` are the root and all parties merged
 * into it; they decide whose facts count. `configuration` gives the tenant's days and the thresholds
 * of facts that are evolved without a configuration of their own.
 */
export const emptyEvidence = (
  partyId: string,
  members: Iterable<string>,
  configuration: Configuration,
): MutableEvidence => ({
  configuration,
  partyId,
  members: new Set(members).add(partyId),
  factCount: 0,
  changes: 0,
  touched: untouched(),
  lastFactAt: Number.NEGATIVE_INFINITY,
  person: {
    registeredAt: null,
    kind: null,
    displayName: null,
    birthYear: null,
    locale: null,
    timeZone: null,
    identifiers: [],
    roles: [],
    preferences: [],
    earlierNeeds: [],
    consents: [],
    rolesTowards: [],
    dataSubjectRequests: [],
    objections: [],
    erasedAt: null,
    erasedMembers: new Set(),
    contentErasedAt: null,
    keeping: { activityAt: null, identity: [], content: [] },
    namedBy: null,
    bornBy: null,
    rootRegistered: false,
    restrictionRequests: new Map(),
    stated: [],
    endsOfRequests: new Map(),
  },
  orders: new Map(),
  placedOrders: [],
  orderDays: [],
  reversals: [],
  surveys: [],
  wordOfMouth: [],
  complaints: new Map(),
  requests: new Map(),
  promises: new Map(),
  failures: [],
  referralsMade: [],
  memberships: new Map(),
  rewards: [],
  bonds: [],
  barriers: [],
  wallets: [],
  costs: [],
  defectionNotices: [],
  diagnoses: [],
  retentionMeasures: [],
  interactions: [],
  enquiries: new Map(),
  offers: new Map(),
  inconsistencies: [],
  policyViolations: [],
  workItems: new Map(),
});

/** The entry of `id`, made first when this is the first fact that mentions it. */
export const entryOf = <T>(entries: Map<string, T>, id: string, make: (id: string) => T): T => {
  const known = entries.get(id);
  if (known !== undefined) return known;
  const made = make(id);
  entries.set(id, made);
  return made;
};

/** The event that a fact says it is about or was caused by, as an event id; null when it says none. */
export const eventIn = ({ source }: Pick<Fact, 'source'>, told: string | undefined): string | null =>
  told === undefined ? null : eventReferredTo(source, told);

export const recordedIn = (fact: Pick<Fact, 'actor' | 'causationId' | 'source'>): Recorded => ({
  by: fact.actor.kind,
  id: fact.actor.id,
  causationId: eventIn(fact, fact.causationId),
});

/** An instant inside a payload that may lie ahead of its fact; `fallback` when it cannot be read. */
export const instantIn = (iso: string, fallback: Instant): Instant => {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? fallback : at;
};

/** The same when the payload may lack it. */
export const optionalInstantIn = (iso: string | undefined): Instant | null => {
  if (iso === undefined) return null;
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at;
};

/**
 * An instant at which something had happened when its fact was told, so never later than the fact:
 * a judgement may not change at an instant that only a misdated payload names.
 */
export const happenedAt = (iso: string, reportedAt: Instant): Instant =>
  Math.min(instantIn(iso, reportedAt), reportedAt);

export const severityOf = (severity: number): 1 | 2 | 3 | 4 =>
  severity >= 4 ? 4 : severity >= 3 ? 3 : severity >= 2 ? 2 : 1;
