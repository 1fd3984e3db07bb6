import type { Either } from 'fp-ts/Either';
import type { EncodedEvent, EncodedRecord, Position } from '@afecto/event-store';

/** What the protocol calls an event number: a revision, or `TOMBSTONE` for `$streamDeleted`. */
export type EventNumber = bigint;

/** Event number of the event that says a stream is gone for ever: 2^63 − 1. */
export const TOMBSTONE: EventNumber = 9_223_372_036_854_775_807n;

/** Position of the end, on the wire 2^64 − 1 for commit and prepare. */
export const END: Position = 18_446_744_073_709_551_615n;

/** A record as the protocol names it. Commit and prepare position are both `position`. */
export interface WireRecord extends Omit<EncodedRecord, 'revision'> {
  readonly eventNumber: EventNumber;
}

/** A record, and the link that led to it. `event` null: the target is gone. */
export interface ResolvedRecord {
  readonly event: WireRecord | null;
  /** Null when the record read is not a link, or links are not resolved. */
  readonly link: WireRecord | null;
}

/** What a writer believes about a stream; a number is the event number of its last event. */
export type Expected = 'any' | 'noStream' | 'streamExists' | EventNumber;

export interface WireAppend {
  readonly streamId: string;
  readonly expected: Expected;
  readonly events: ReadonlyArray<EncodedEvent>;
}

export interface WireAppended {
  /** Of the last event; for an idempotent repeat, of the original write. −1n: nothing has been written. */
  readonly eventNumber: EventNumber;
  readonly position: Position | null;
}

/** Errors as values; the service maps each to its status and trailers. */
export type WireError =
  | {
      readonly code: 'WrongExpectedVersion';
      readonly streamId: string;
      readonly expected: Expected;
      /** Null: the stream does not exist. */
      readonly actual: EventNumber | null;
    }
  | { readonly code: 'StreamDeleted'; readonly streamId: string }
  | { readonly code: 'StreamNotFound'; readonly streamId: string }
  | { readonly code: 'AccessDenied'; readonly message: string }
  | { readonly code: 'MaximumAppendSizeExceeded'; readonly maximum: number }
  /** Not a fact though it says so, an empty type, an id used elsewhere: names field, value, what is allowed. */
  | { readonly code: 'InvalidArgument'; readonly message: string }
  | { readonly code: 'Unavailable'; readonly message: string };

/** A filter on `$all`; `regex` wins over `prefixes`, prefixes are OR-ed. */
export interface WireFilter {
  readonly by: 'streamName' | 'eventType';
  readonly regex: RegExp | null;
  readonly prefixes: ReadonlyArray<string>;
}

export interface ReadStreamQuery {
  readonly streamId: string;
  readonly direction: 'forwards' | 'backwards';
  readonly from: EventNumber | 'start' | 'end';
  /** At most this many events. */
  readonly limit: number;
  readonly resolveLinks: boolean;
}

export interface ReadAllQuery {
  readonly direction: 'forwards' | 'backwards';
  /** Forwards inclusive, backwards exclusive (`eventstoredb-protocol` 3.4). */
  readonly from: Position | 'start' | 'end';
  readonly limit: number;
  readonly resolveLinks: boolean;
  readonly filter: WireFilter | null;
}

/** Pages in order; the consumer asks for the next one, so a slow consumer holds the reading back. */
export type Pages = AsyncIterable<ReadonlyArray<ResolvedRecord>>;

export type SubscriptionStep =
  | { readonly kind: 'events'; readonly events: ReadonlyArray<ResolvedRecord> }
  /** Everything up to here has been looked at (filtered subscriptions to $all only). */
  | { readonly kind: 'checkpoint'; readonly position: Position }
  | { readonly kind: 'caughtUp' }
  /** Ends the subscription. */
  | { readonly kind: 'failed'; readonly error: WireError };

export interface SubscribeStreamQuery {
  readonly streamId: string;
  /** Exclusive: the first event delivered is the one after; `start`: from event 0. */
  readonly after: EventNumber | 'start' | 'end';
  readonly resolveLinks: boolean;
  readonly signal: AbortSignal;
}

export interface SubscribeAllQuery {
  readonly after: Position | 'start' | 'end';
  readonly resolveLinks: boolean;
  readonly filter: WireFilter | null;
  /** Considered events between checkpoints; ignored without a filter. */
  readonly checkpointEvery: number;
  readonly signal: AbortSignal;
}

/** What `$$stream` says; unknown keys are the users' own. */
export interface StreamMetadata {
  readonly maxCount: number | null;
  /** Seconds. */
  readonly maxAge: number | null;
  readonly truncateBefore: EventNumber | null;
  readonly acl: AccessControl;
}

/** Null: the default applies. Role or user names; `$all` is everybody. */
export interface AccessControl {
  readonly read: ReadonlyArray<string> | null;
  readonly write: ReadonlyArray<string> | null;
  readonly delete: ReadonlyArray<string> | null;
  readonly metaRead: ReadonlyArray<string> | null;
  readonly metaWrite: ReadonlyArray<string> | null;
}

export interface StreamStatus {
  /** −1n: never written. */
  readonly lastEventNumber: EventNumber;
  readonly deleted: 'no' | 'soft' | 'tombstone';
  readonly metadata: StreamMetadata;
}

/**
 * The embedded log with the meaning that EventStoreDB gives to it: expected revisions, idempotency,
 * metadata, deletion, links, virtual `$ce-` and `$et-` streams. Knows nothing of gRPC and of users:
 * who may do what is asked by the services before they call (`mayAccess` in `access.ts`).
 */
export interface WireLog {
  readonly append: (request: WireAppend) => Promise<Either<WireError, WireAppended>>;
  /** Soft delete; `expected` is checked against the last event. */
  readonly deleteStream: (streamId: string, expected: Expected) => Promise<Either<WireError, Position>>;
  readonly tombstoneStream: (streamId: string, expected: Expected) => Promise<Either<WireError, Position>>;
  readonly status: (streamId: string) => StreamStatus;
  readonly readStream: (query: ReadStreamQuery) => Either<WireError, Pages>;
  readonly readAll: (query: ReadAllQuery) => Pages;
  /** First step that matters is history; `confirmation` is the service's business. */
  readonly subscribeStream: (query: SubscribeStreamQuery) => Either<WireError, AsyncIterable<SubscriptionStep>>;
  readonly subscribeAll: (query: SubscribeAllQuery) => AsyncIterable<SubscriptionStep>;
  readonly head: () => Position;
  /** One event of a stream, whatever its metadata hides; null when there is none. */
  readonly eventAt: (streamId: string, eventNumber: EventNumber) => WireRecord | null;
}
