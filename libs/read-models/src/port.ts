import type { Announced, AnnouncedItem, Instant, NewStoredEvent, QueueFlows, QueueId, WorkItem } from '@afecto/domain';

/** How far the projections have come, committed together with the rows it describes. */
export interface Checkpoint {
  /** Last position of the log whose fact is in the ledger. */
  readonly position: bigint;
  /** Id of the first event of the log: another log has another. Null before the first event. */
  readonly origin: string | null;
  /** The last event of the log that was taken: a log that has another one there is another log. */
  readonly last: { readonly position: bigint; readonly id: string } | null;
  /** Every customer has been evaluated up to this instant, or is due (`nextChangeAt` ≤ it). */
  readonly horizon: Instant;
  /** The version of the projections that wrote the rows; another version means: rebuild. */
  readonly version: string;
  /** Facts in the ledger, over all time. */
  readonly facts: number;
  /** The latest occurredAt in the ledger; it may lie after the horizon. */
  readonly latestFactAt: Instant;
  /** Set while a build from the log is under way: where it goes on after an interruption. */
  readonly building:
    null | { readonly step: 'ledger' } | { readonly step: 'customers'; readonly parts: number; readonly done: number };
}

/** One fact as the ledger keeps it: who it is about and when it happened; the fact itself is in the log. */
export interface LedgerFact {
  readonly position: bigint;
  readonly occurredAt: Instant;
  readonly subjects: ReadonlyArray<string>;
  /** Says something about all customers (policy) or about who is who (links). */
  readonly world: boolean;
}

/** Where a fact lies, and when it happened. */
export interface FactPlace {
  readonly position: bigint;
  readonly occurredAt: Instant;
}

/** What lists and counts are asked of; everything here changes in steps only. */
export interface CustomerRow {
  readonly partyId: string;
  readonly displayName: string | null;
  readonly kind: string | null;
  readonly zone: string;
  readonly zoneSince: Instant | null;
  readonly extreme: string | null;
  readonly quadrant: string | null;
  readonly tier: string | null;
  readonly phase: string;
  readonly phaseSince: Instant | null;
  readonly consumptionClass: string;
  /** Null before a review has measured the customer. */
  readonly heavyUser: boolean | null;
  /** What is announced of it (`domain.md §14.3`). */
  readonly announced: Announced;
  /** When time alone could change this customer; `NEVER` when it cannot. */
  readonly nextChangeAt: Instant;
  /** When the next of its personal data are to go (`domain.md §17.9`); `NEVER` when they are kept. */
  readonly expiresAt: Instant;
}

/** A customer of whom personal data are to go, and when. */
export interface ExpiringCustomer {
  readonly partyId: string;
  readonly expiresAt: Instant;
}

/** An event that waits to be appended to the log: what the engine has to tell others. */
export interface OutgoingEvent {
  readonly streamId: string;
  readonly event: NewStoredEvent;
}

/** A customer as it was stored last, as far as it is announced. */
export interface StoredAnnouncement {
  readonly announced: Announced;
  readonly items: ReadonlyArray<AnnouncedItem>;
  /** Claims that were told and taken back. */
  readonly takenBack: ReadonlyArray<string>;
}

/** Buckets, both ends inclusive; absent: no bound. */
export interface BucketRange {
  readonly from?: number;
  readonly to?: number;
}

/** A customer who has no row yet, and its work items, open and closed, encoded as they are stored. */
export interface NewCustomer {
  readonly customer: EncodedCustomer;
  readonly items: ReadonlyArray<EncodedItem>;
  readonly tally: Tally;
}

/** What becomes of a customer who may have a row. */
export interface CustomerChange extends NewCustomer {
  /** What is announced of it (`domain.md §14.3`). */
  readonly announced: Announced;
  /** Claims that were told and taken back; absent: as they were. It depends on what was told when, and is in no dump. */
  readonly takenBack?: ReadonlyArray<string>;
  /** Items stored before that are no more; `others`: all that are not among `items`. */
  readonly dropped: 'others' | ReadonlyArray<string>;
  /** Its tally as it is stored; absent: not known. Sections that are the same objects are not counted again. */
  readonly tallyBefore?: Tally;
}

/** What a customer adds to the figures of all. */
export interface Tally {
  /** Keys that these counts and those of other customers are under; it only grows. */
  readonly keys: ReadonlyArray<string>;
  /**
   * Three whole numbers for each count: where the key is among `keys`, the bucket (a day, a month,
   * milliseconds, minor units) and how many. The same customer has as many sections every time, or none.
   */
  readonly sections: ReadonlyArray<ReadonlyArray<number>>;
}

/** The ledgers of parties that have none yet, one after another. */
export interface PartyLedgers {
  readonly partyIds: ReadonlyArray<string>;
  /** How many facts each of them has. */
  readonly counts: Uint32Array<ArrayBuffer>;
  /** `occurredAt` and position of each fact; those of a party ascending, and each once. */
  readonly places: Float64Array<ArrayBuffer>;
}

/** Where a closed item stands among others. */
export interface ClosedPlace {
  readonly closedAt: Instant;
  readonly itemId: string;
}

/** Zone of a customer of whom nothing has happened yet: it is in no list and no count. */
export const NOT_YET = '';

/** What is asked of customers, and the whole row as JSON. */
export interface EncodedCustomer extends Pick<
  CustomerRow,
  'partyId' | 'extreme' | 'quadrant' | 'tier' | 'phase' | 'nextChangeAt' | 'expiresAt'
> {
  /** `NOT_YET`: all its facts are dated ahead. */
  readonly zone: string;
  /** What a search for a text looks in (`searchOf`). */
  readonly search: string;
  readonly json: string;
}

/** A text as a search compares it: its case, and how its accents are encoded, make no difference. */
export const soughtText = (text: string): string => text.normalize('NFC').toLowerCase();

/** What a search looks in: id and name, each on a line of its own, so that no text is found across the two. */
export const searchOf = ({ partyId, displayName }: Pick<CustomerRow, 'partyId' | 'displayName'>): string =>
  soughtText(`${partyId}\n${displayName ?? ''}`);

export const encodeCustomer = (row: CustomerRow): EncodedCustomer => ({
  partyId: row.partyId,
  zone: row.phaseSince === null ? NOT_YET : row.zone,
  extreme: row.extreme,
  quadrant: row.quadrant,
  tier: row.tier,
  phase: row.phase,
  nextChangeAt: row.nextChangeAt,
  expiresAt: row.expiresAt,
  search: searchOf(row),
  json: JSON.stringify(row),
});

export interface EncodedItem extends Pick<
  WorkItem,
  'itemId' | 'queue' | 'state' | 'visibility' | 'enteredAt' | 'dueAt' | 'closedAt' | 'closedBy' | 'outcome'
> {
  readonly agentId: string | null;
  readonly firstActionAt: Instant | null;
  /** The customer had an item in this queue that entered earlier. */
  readonly again: boolean;
  readonly json: string;
}

/** `all`: the items of one customer; `wanted`: those of them that are to be written. */
export const encodeItems = (
  all: ReadonlyArray<WorkItem>,
  wanted: ReadonlyArray<WorkItem> = all,
): ReadonlyArray<EncodedItem> => {
  if (wanted.length === 0) return [];
  const first = new Map<QueueId, Instant>();
  for (const { queue, enteredAt } of all) first.set(queue, Math.min(first.get(queue) ?? enteredAt, enteredAt));
  return wanted.map((item) => ({
    itemId: item.itemId,
    queue: item.queue,
    state: item.state,
    visibility: item.visibility,
    enteredAt: item.enteredAt,
    dueAt: item.dueAt,
    closedAt: item.closedAt,
    closedBy: item.closedBy,
    outcome: item.outcome,
    agentId: item.claimedBy?.agentId ?? null,
    firstActionAt: item.firstActionAt,
    again: (first.get(item.queue) ?? item.enteredAt) < item.enteredAt,
    json: JSON.stringify(item),
  }));
};

/**
 * An event that the projections could not take in: it cannot be read as the fact that it says it is, or
 * folding the customer fails with it and not without it.
 */
export interface DeadLetter {
  readonly position: bigint;
  readonly eventId: string;
  readonly type: string;
  /** Whose facts wait from this position on; null: it names nobody who could be held, and it alone is passed over. */
  readonly partyId: string | null;
  readonly reason: 'unreadable' | 'failing';
  /** What went wrong, in words. */
  readonly error: string;
  /** The version of the projections that could not take it in. */
  readonly version: string;
  /** How often it was tried, at least 1. It depends on what was tried when, and is in no dump. */
  readonly attempts: number;
}

export type DeadLetterPlace = Pick<DeadLetter, 'position' | 'partyId'>;

/** Everything one step of the engine changes; committed whole or not at all. */
export interface Batch {
  readonly checkpoint: Checkpoint;
  readonly facts: ReadonlyArray<LedgerFact>;
  /** Of parties that are in no ledger yet, as a build finds them. Absent: none. */
  readonly ledgers?: ReadonlyArray<PartyLedgers>;
  readonly customers: ReadonlyArray<CustomerChange>;
  /** Customers who have no row yet, as a build makes them; the sums over all wait for its end. Absent: none. */
  readonly added?: ReadonlyArray<NewCustomer>;
  /** Party ids that are no longer a root (absorbed) or have no facts. */
  readonly removed: ReadonlyArray<string>;
  readonly identifiers: ReadonlyArray<IdentifierRow>;
  readonly referrals: ReadonlyArray<ReferralRow>;
  /** A policy changed: every customer becomes due at once, in the same transaction. */
  readonly everyoneDue: boolean;
  /** What these changes have to tell, in order; kept until it is in the log. */
  readonly outgoing: ReadonlyArray<OutgoingEvent>;
  /** Claims in these facts, to be added to the count of each queue. */
  readonly claims: ReadonlyMap<QueueId, number>;
  /** Dead letters that are none any more; they go before `deadLetters` come. Absent: none. */
  readonly forgotten?: ReadonlyArray<DeadLetterPlace>;
  /** Dead letters, new ones and those tried again. Absent: none. */
  readonly deadLetters?: ReadonlyArray<DeadLetter>;
  /** Parties whose personal data are erased: nobody finds them by an identifier any more. Absent: none. */
  readonly erased?: ReadonlyArray<string>;
}

export interface IdentifierRow {
  readonly scheme: string;
  /** Normalised (`domain.md §3`). */
  readonly value: string;
  readonly partyId: string;
  readonly verified: boolean;
}

export interface ReferralRow {
  readonly referrerId: string;
  readonly referredId: string;
}

export interface CustomerFilter {
  readonly zone?: string;
  readonly tier?: string;
  readonly phase?: string;
  /** Part of the display name or the party id, case-insensitive. */
  readonly text?: string;
}

export interface ItemRow extends WorkItem {
  readonly partyId: string;
}

export type WorkItemState = WorkItem['state'];

export interface ItemFilter {
  readonly queue?: QueueId;
  readonly partyId?: string;
  readonly agentId?: string;
  readonly states?: ReadonlyArray<WorkItem['state']>;
  readonly visibility?: WorkItem['visibility'];
}

/**
 * Where projections are stored and asked. One writer (the engine); readers see whole batches only.
 * Disposable: everything here can be built again from the log.
 */
export interface ReadModels {
  readonly checkpoint: () => Promise<Checkpoint | null>;
  readonly commit: (batch: Batch) => Promise<void>;
  /**
   * Makes one of the indexes that a build leaves out until all customers are there; false when none is missing.
   * The commit that ends the build makes all that are: who calls this before it leaves turns to others in between.
   */
  readonly makeIndex: () => Promise<boolean>;

  /** Facts with any of these parties as subject up to an instant, each once, in no particular order. */
  readonly factsOf: (partyIds: ReadonlyArray<string>, until: Instant) => Promise<ReadonlyArray<FactPlace>>;
  /** Facts about policy and links, ascending by position. */
  readonly worldFacts: () => Promise<ReadonlyArray<bigint>>;
  /** The newest facts of these parties first, those of one instant by position; both bounds inclusive. */
  readonly newestFacts: (
    partyIds: ReadonlyArray<string>,
    range: { readonly from: Instant; readonly to: Instant; readonly limit: number },
  ) => Promise<ReadonlyArray<FactPlace>>;
  readonly countFacts: (partyIds: ReadonlyArray<string>) => Promise<number>;

  /** Parties that are a subject of any fact, ascending, strictly after `after`. */
  readonly partyIds: (after: string | null, limit: number) => Promise<ReadonlyArray<string>>;
  /** Of these parties those that have no row: absorbed by another, or not folded yet. */
  readonly partiesWithoutRow: (after: string | null, limit: number) => Promise<ReadonlyArray<string>>;
  /** Customers whose nextChangeAt ≤ at, earliest first. */
  readonly dueCustomers: (at: Instant, limit: number) => Promise<ReadonlyArray<string>>;
  /** Customers whose expiresAt ≤ at, earliest first, strictly after `after` in that order. */
  readonly expiringCustomers: (
    at: Instant,
    page: { readonly after?: ExpiringCustomer; readonly limit: number },
  ) => Promise<ReadonlyArray<ExpiringCustomer>>;
  readonly customer: (partyId: string) => Promise<CustomerRow | null>;
  /** Those of these customers that are stored, as they were announced. */
  readonly announcementsOf: (partyIds: ReadonlyArray<string>) => Promise<ReadonlyMap<string, StoredAnnouncement>>;
  /** The first events that wait to be appended, in order. */
  readonly outgoing: (limit: number) => Promise<ReadonlyArray<OutgoingEvent>>;
  /** Takes back events that are in the log now, by their ids. */
  readonly sent: (eventIds: ReadonlyArray<string>) => Promise<void>;
  /** Ascending by party id, strictly after `after`. */
  readonly customers: (
    filter: CustomerFilter,
    page: { readonly after?: string; readonly limit: number },
  ) => Promise<ReadonlyArray<CustomerRow>>;
  readonly countCustomers: (
    groupBy: ReadonlyArray<'zone' | 'quadrant' | 'tier' | 'phase' | 'extreme'>,
  ) => Promise<ReadonlyArray<{ readonly group: Readonly<Record<string, string | null>>; readonly count: number }>>;

  readonly item: (itemId: string) => Promise<ItemRow | null>;
  readonly items: (filter: ItemFilter) => AsyncIterable<ReadonlyArray<ItemRow>>;
  /** Closed items of a queue, of all where none is named: the one closed last first, ties by id; strictly after `after` in that order. */
  readonly closedItems: (
    queue: QueueId | null,
    page: { readonly after?: ClosedPlace; readonly limit: number },
  ) => Promise<ReadonlyArray<ItemRow>>;
  /** By queue what came and went after one instant and up to another; those without anything are left out. */
  readonly queueFlows: (after: Instant, until: Instant) => Promise<ReadonlyMap<QueueId, QueueFlows>>;
  /** Number of claims ever made in each queue. */
  readonly claimCounts: () => Promise<ReadonlyMap<QueueId, number>>;

  readonly ownersOf: (scheme: string, value: string) => Promise<ReadonlyArray<IdentifierRow>>;
  /** Who referred any of these parties. */
  readonly referrersOf: (partyIds: ReadonlyArray<string>) => Promise<ReadonlyArray<string>>;

  /** The sum over these buckets by key, of the keys that begin so, ascending; keys without any are left out. */
  readonly tallySums: (prefix: string, range?: BucketRange) => Promise<ReadonlyArray<readonly [string, number]>>;
  /** The buckets of one key, ascending, with their counts; empty ones are left out. */
  readonly tallyBuckets: (key: string, range?: BucketRange) => Promise<ReadonlyArray<readonly [number, number]>>;

  /** Dead letters by position and then party, strictly after `after`; of these parties only, when any are named. */
  readonly deadLetters: (filter?: {
    readonly partyIds?: ReadonlyArray<string>;
    readonly after?: DeadLetterPlace;
    readonly limit?: number;
  }) => Promise<ReadonlyArray<DeadLetter>>;
  readonly countDeadLetters: () => Promise<number>;

  /**
   * Rows in canonical form and order, a line each, for comparing two read models byte for byte.
   * `decisions` leaves out what depends on the order of arrival (positions, recording times).
   */
  readonly dump: (what: 'everything' | 'decisions') => AsyncIterable<string>;
  /**
   * Leaves nothing of deleted rows in the write-ahead log, nor, when `thorough`, anywhere in the file; that
   * takes as long as writing it anew, during which nobody else is answered. False: a reader holds on to an
   * earlier state, to be tried again.
   */
  readonly shred: (thorough: boolean) => Promise<boolean>;
  readonly close: () => Promise<void>;
}
