import type { Fact } from '../facts/envelope';
import type { Channel } from '../facts/channels';
import type { WorkItem } from '../customer/standing';
import type { ContactRefusal } from '../consent/contactable';
import type { ConsentPurpose } from '../consent/events';
import type { IdentifierScheme, PartyKind } from '../party/events';
import type { PricedOffer } from '../offer/price-conflict';
import type { PointsMovement } from '../membership/points';
import type { Instant } from '../time/calendar';
import type { SegmentStatistics } from '../value/segments';

/** What a command must know that its own stream does not say. The application loads exactly this. */
export interface Needs {
  /** Parties that must be known and not erased; otherwise PartyNotFound or PartyErased. */
  readonly parties: ReadonlyArray<string>;
  /** Parties that are looked up without being required to exist. */
  readonly possibleParties: ReadonlyArray<string>;
  /** Identifiers, normalised by `normaliseIdentifier`, whose holders matter. */
  readonly identifiers: ReadonlyArray<IdentifierKey>;
  /** The last remote contact on a category (§10.6), or null when it does not matter. */
  readonly remoteContact: RemoteContactQuestion | null;
  /** Whether we may contact the party (§11.3 `contactable`), or null when it does not matter. */
  readonly contact: ContactQuestion | null;
  /** A derived work item, or null. */
  readonly workItemId: string | null;
  /** The agent whose claims under way are counted, or null. */
  readonly agentId: string | null;
  /** Events that the command cites. */
  readonly eventIds: ReadonlyArray<string>;
  /** Parties of which it matters whether they were customers at occurredAt. */
  readonly customers: ReadonlyArray<string>;
  /** The party of which it matters whether a defection notice stands at occurredAt, or null. */
  readonly noticeOf: string | null;
  /** The promise of which it matters when it falls due, of a party that the command's stream is about, or null. */
  readonly promiseId: string | null;
  /** The party whose memberships matter from occurredAt until then, or null. */
  readonly membershipsOf: { readonly partyId: string; readonly until: Instant } | null;
  /** What stands between us and an offer to a party (§15, MakeOffer), or null when it does not matter. */
  readonly offerTo: OfferQuestion | null;
  /** Orders of which it matters whether a party that the command's stream is about placed them. */
  readonly orderIds: ReadonlyArray<string>;
  /** Whether the segments of the last portfolio review matter (§6.4). */
  readonly segmentStats: boolean;
  /** Whether points that orders earned matter, of the parties that the command's stream is about (§8.2). */
  readonly orderPoints: boolean;
  /** The party whose personal data are to be erased (§17.3), or null. */
  readonly erasureOf: string | null;
}

export const noNeeds: Needs = {
  parties: [],
  possibleParties: [],
  identifiers: [],
  remoteContact: null,
  contact: null,
  workItemId: null,
  agentId: null,
  eventIds: [],
  customers: [],
  noticeOf: null,
  promiseId: null,
  membershipsOf: null,
  offerTo: null,
  orderIds: [],
  segmentStats: false,
  orderPoints: false,
  erasureOf: null,
};

export interface IdentifierKey {
  readonly scheme: IdentifierScheme;
  readonly value: string;
}

export interface RemoteContactQuestion {
  readonly partyId: string;
  readonly category: string;
  /** Contacts at or before this instant count. */
  readonly before: Instant;
}

export interface ContactQuestion {
  readonly partyId: string;
  readonly purpose: ConsentPurpose;
  readonly channel: Channel;
  readonly at: Instant;
  /** That the party is a competitor or an employee is set aside for a stated reason (`domain.md §3`). */
  readonly overrides?: 'role';
}

export interface OfferQuestion {
  readonly partyId: string;
  /** The offer would stand from here … */
  readonly at: Instant;
  /** … until just before this. */
  readonly until: Instant;
}

/** Answers to `Needs`. What was not asked stays as in `noKnowledge`. */
export interface Knowledge {
  /**
   * By party id, an entry for every id of `parties`, `possibleParties`, `customers`, of
   * `partiesIn(facts)` and of `workItem`, and for the root of each absorbed one. No entry means
   * `unknown`.
   */
  readonly parties: ReadonlyMap<string, PartyKnowledge>;
  /** Every holder of one of the asked identifiers that is neither erased nor absorbed (`partyId` is a root). */
  readonly identifierHolders: ReadonlyArray<IdentifierHolder>;
  /**
   * Latest instant ≤ `before` of a contact by that party (members included) through a remote channel
   * (all but in_person and field_visit) on the category: an inbound InteractionRecorded whose
   * `topicCode` is the category, or a ServiceRequestOpened with that `category`. Null: none.
   */
  readonly remoteContactAt: Instant | null;
  /** What `contactPermission` of the consent folder answers for the question; null: not asked. */
  readonly contact: ContactPermission | null;
  /**
   * The item and its root party, folded with every fact of the item's stream, as of occurredAt. The id asked may be
   * one from before a merge, under which it was claimed. Null: no such item.
   */
  readonly workItem: { readonly partyId: string; readonly item: WorkItem } | null;
  /** Claims of the agent whose lease has not ended at occurredAt and that are neither released nor completed. */
  readonly agentWip: number;
  /** The cited events that exist, by event id. */
  readonly events: ReadonlyMap<string, Fact>;
  /** Those of the asked parties (by the id asked) that had at least one order not fully reversed at occurredAt. */
  readonly customers: ReadonlySet<string>;
  /** In which currency the orders of occurredAt are reported; null: no configuration was in force then. */
  readonly reportingCurrency: string | null;
  /** Whether a defection notice stood at occurredAt, in effect or ahead; null: not asked. */
  readonly noticeStands: boolean | null;
  /** When the promise falls due, with what was waited for the customer (§10.4); null: not asked, or not known. */
  readonly promiseDueAt: Instant | null;
  /** Memberships of the party and its members that are active at some instant of the time asked about. */
  readonly activeMemberships: ReadonlyArray<{ readonly membershipId: string; readonly programId: string }>;
  /** The party as the receiver of an offer, members included; null: not asked, or no fact of it is known. */
  readonly offerTo: OfferReceiver | null;
  /** The root party that placed each of the asked orders, as far as it is one of `partiesIn(facts)`. */
  readonly orderPayers: ReadonlyMap<string, string>;
  /** Segments at the last portfolio review before occurredAt; empty before the first or when not asked. */
  readonly segmentStats: ReadonlyArray<SegmentStatistics>;
  /** What orders earned for memberships of `partiesIn(facts)`, and what reversals took back; empty when not asked. */
  readonly orderPoints: ReadonlyArray<PointsMovement>;
  /** What stands for and against an erasure; null: not asked, or no fact of the party is known. */
  readonly erasure: ErasureKnowledge | null;
}

export const noKnowledge: Knowledge = {
  parties: new Map(),
  identifierHolders: [],
  remoteContactAt: null,
  contact: null,
  workItem: null,
  agentWip: 0,
  events: new Map(),
  customers: new Set(),
  reportingCurrency: null,
  noticeStands: null,
  promiseDueAt: null,
  activeMemberships: [],
  offerTo: null,
  orderPayers: new Map(),
  segmentStats: [],
  orderPoints: [],
  erasure: null,
};

export type PartyKnowledge =
  /** No fact has this id as a subject. */
  | { readonly status: 'unknown' }
  /** A root with at least one fact, registered or not. */
  | LiveParty
  /** Merged into another party and not separated since. */
  | {
      readonly status: 'absorbed';
      /** End of the chain of links. */
      readonly rootId: string;
      readonly link: MergeLink | null;
      readonly kind: PartyKind | null;
      readonly legalHold: boolean;
    }
  /** PersonalDataErased of this id or of its root. `link`: as of an absorbed party, where it is one. */
  | {
      readonly status: 'erased';
      readonly rootId?: string;
      readonly link?: MergeLink | null;
      readonly legalHold?: boolean;
    };

/** The merge by which a party is no root any more: who was absorbed by whom, and the id of the PartiesMerged event. */
export interface MergeLink {
  readonly survivorId: string;
  /** The party itself, or the one that its whole customer was merged by. */
  readonly absorbedId: string;
  readonly mergedEventId: string;
}

export interface LiveParty {
  readonly status: 'live';
  /** Null while the party was never registered. */
  readonly kind: PartyKind | null;
  /** Of the party, or of one that is the same customer. */
  readonly legalHold: boolean;
  /** The party itself and everything merged into it. */
  readonly members: ReadonlyArray<string>;
}

export interface IdentifierHolder extends IdentifierKey {
  readonly partyId: string;
  readonly verified: boolean;
}

/** A party whose personal data are to be erased, with everything that was merged into it. */
export interface ErasureKnowledge {
  /** Those who are not erased yet, the root first, each with the ids of its keys, which need not exist any more. */
  readonly members: ReadonlyArray<{ readonly partyId: string; readonly keyIds: ReadonlyArray<string> }>;
  /** One of them is under legal hold. */
  readonly legalHold: boolean;
  readonly openObligations: ReadonlyArray<OpenObligation>;
}

/** Something that the two sides still owe each other. */
export interface OpenObligation {
  readonly kind: 'order' | 'service_request' | 'complaint' | 'promise';
  readonly id: string;
}

/** What stands between us and an offer to the party. */
export interface OfferReceiver {
  /** Roles at `at` that keep it out of campaigns and offers (`domain.md §3`). */
  readonly outsideBase: ReadonlyArray<'competitor' | 'employee'>;
  /** Its enquiries that were received by `at` and are not closed. */
  readonly openEnquiryIds: ReadonlyArray<string>;
  /** Its items of Q1 that are open or claimed. */
  readonly dissatisfactionItemIds: ReadonlyArray<string>;
  /** Its other offers that stand somewhere between `at` and `until`, answered or not. */
  readonly offers: ReadonlyArray<PricedOffer>;
}

export type ContactPermission =
  { readonly permitted: true } | { readonly permitted: false; readonly reason: ContactRefusal };

/** The survivor's id for an absorbed party, else the id itself (`domain.md §14.2`). */
export const rootOf = ({ parties }: Pick<Knowledge, 'parties'>, partyId: string): string => {
  const party = parties.get(partyId);
  return (party?.status === 'absorbed' || party?.status === 'erased' ? party.rootId : undefined) ?? partyId;
};

/** The party and everything merged into it; the party alone when nothing is known. */
export const membersOf = (knowledge: Pick<Knowledge, 'parties'>, partyId: string): ReadonlyArray<string> => {
  const root = rootOf(knowledge, partyId);
  const party = knowledge.parties.get(root);
  return party?.status === 'live' ? party.members : [root];
};
