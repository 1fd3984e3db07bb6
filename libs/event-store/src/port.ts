import type { Either } from 'fp-ts/Either';
import type { EncodedRecord } from './encoded-log';

/** Place in the one order of the whole log; strictly increasing, never reused. Strings on the wire. */
export type Position = bigint;

/** Place in one stream: 0 is the first event, without gaps. */
export type Revision = number;

/**
 * What the writer believes about the stream. A number is the exact revision of its last event.
 * Checked atomically with the append.
 */
export type ExpectedRevision = 'any' | 'noStream' | 'streamExists' | Revision;

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** An event to append. */
export interface NewEvent {
  /** UUID in canonical lower-case form; makes repeats harmless. */
  readonly id: string;
  /** 1..255 characters. */
  readonly type: string;
  readonly data: Json;
  readonly metadata: JsonObject;
}

/** An event as it lies in the log. */
export interface StoredEvent {
  readonly id: string;
  readonly type: string;
  readonly streamId: string;
  readonly revision: Revision;
  readonly position: Position;
  /** Milliseconds since 1970, set by the store; never decreases along the log. */
  readonly recordedAt: number;
  readonly data: Json;
  readonly metadata: JsonObject;
}

/** An event whose content is still JSON text: for a reader that looks into parts of it, or lays it aside. */
export interface EventText extends Omit<StoredEvent, 'data' | 'metadata'> {
  readonly data: string;
  readonly metadata: string;
}

/** Where each event of one append lies. `duplicate`: it was there before, with these ids. */
export interface Appended {
  readonly streamId: string;
  readonly events: ReadonlyArray<{ readonly id: string; readonly revision: Revision; readonly position: Position }>;
  readonly duplicate: boolean;
}

export type AppendError =
  | {
      readonly code: 'WrongExpectedRevision';
      readonly streamId: string;
      readonly expected: ExpectedRevision;
      /** `null`: the stream does not exist. */
      readonly actual: Revision | null;
    }
  /** An id of this append is in the log with another type, data, metadata or stream. */
  | {
      readonly code: 'EventIdConflict';
      readonly streamId: string;
      readonly eventId: string;
      readonly position: Position;
    }
  | { readonly code: 'InvalidEvent'; readonly path: string; readonly message: string }
  /** A client of the log has deleted the stream for ever: it takes nothing more (`eventstoredb-protocol` 3.3). */
  | { readonly code: 'StreamDeleted'; readonly streamId: string; readonly message: string };

export type StoreUnavailable =
  | { readonly code: 'StoreClosed'; readonly message: string }
  /** Disk full, file read-only, I/O error. Nothing of the call is in the log. */
  | { readonly code: 'StoreFailed'; readonly message: string };

export interface AppendRequest {
  readonly streamId: string;
  readonly expectedRevision: ExpectedRevision;
  readonly events: ReadonlyArray<NewEvent>;
}

export interface ReadStreamOptions {
  /** Default `forwards`. */
  readonly direction?: 'forwards' | 'backwards';
  /** First revision delivered, inclusive. Default: the first (forwards) or the last (backwards). */
  readonly from?: Revision;
  /** Last revision delivered, inclusive. */
  readonly to?: Revision;
  /** At most this many events; default all. */
  readonly limit?: number;
}

export interface Filter {
  /** Deliver only these event types. */
  readonly types?: ReadonlyArray<string>;
  /** Deliver only streams whose name starts with one of these. */
  readonly streamPrefixes?: ReadonlyArray<string>;
}

export interface ReadAllOptions extends Filter {
  readonly direction?: 'forwards' | 'backwards';
  /** Deliver events strictly after (forwards) or before (backwards) this position. Default: all. */
  readonly after?: Position;
  /** Last position delivered, inclusive. */
  readonly to?: Position;
  readonly limit?: number;
  /** Events held in memory at once; default 1 000. */
  readonly pageSize?: number;
}

export interface SubscribeOptions extends Filter {
  /** Deliver events strictly after this position; default from the start. */
  readonly after?: Position;
  readonly pageSize?: number;
  /** Ends the subscription; the iteration then completes normally. */
  readonly signal?: AbortSignal;
}

/**
 * What a subscriber receives. `events` is a page in order (never empty); `caughtUp` says that every event
 * that was in the log a moment ago has been delivered, and carries the position up to which the
 * filter has looked (a safe checkpoint).
 */
export type SubscriptionMessage =
  | { readonly kind: 'events'; readonly events: ReadonlyArray<StoredEvent> }
  | { readonly kind: 'caughtUp'; readonly position: Position };

/**
 * The port. Promises of every adapter: one total order; an append is all or nothing and durable
 * when it is acknowledged; the same ids again answer with the original revisions and positions,
 * whatever the expected revision, for ever; a reader sees only committed events, in order, without
 * gap or double; a slow consumer is held back and never skipped.
 */
export interface EventStore {
  readonly append: (request: AppendRequest) => Promise<Either<AppendError | StoreUnavailable, Appended>>;
  /** Many appends, each with its own outcome, in the order given; they may share one commit. */
  readonly appendMany: (
    requests: ReadonlyArray<AppendRequest>,
  ) => Promise<ReadonlyArray<Either<AppendError | StoreUnavailable, Appended>>>;
  /** Pages in order; an absent stream has none. */
  readonly readStream: (streamId: string, options?: ReadStreamOptions) => AsyncIterable<ReadonlyArray<StoredEvent>>;
  readonly readAll: (options?: ReadAllOptions) => AsyncIterable<ReadonlyArray<StoredEvent>>;
  /** The whole log forwards, as `readAll` gives it, with the content of each event as it was written. */
  readonly readTexts: (
    options?: Pick<ReadAllOptions, 'after' | 'to' | 'pageSize'>,
  ) => AsyncIterable<ReadonlyArray<EventText>>;
  /**
   * The whole log forwards as the bytes that were written, which are the same on every store: what hashes
   * are taken over. Events whose type or stream begins with `$` are a server's own and left out.
   */
  readonly readRecords: (
    options?: Pick<ReadAllOptions, 'after' | 'to' | 'pageSize'>,
  ) => AsyncIterable<ReadonlyArray<EncodedRecord>>;
  readonly subscribe: (options?: SubscribeOptions) => AsyncIterable<SubscriptionMessage>;
  /**
   * The events at these positions, in the order asked: for a reader that keeps an index of its own.
   * Rejects when one is missing, because positions are never reused or removed.
   */
  readonly eventsAt: (positions: ReadonlyArray<Position>) => Promise<ReadonlyArray<StoredEvent>>;
  /** The event with this id, wherever it lies. */
  readonly findById: (eventId: string) => Promise<StoredEvent | null>;
  /** Position of the last event; 0n for an empty log. */
  readonly head: () => Promise<Position>;
  /** Waits for appends under way, then releases the files or the connection. Safe to call twice. */
  readonly close: () => Promise<void>;
}
