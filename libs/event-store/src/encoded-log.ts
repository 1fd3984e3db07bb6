import type { Either } from 'fp-ts/Either';
import type { EventStore, Filter, Position, Revision, StoreUnavailable } from './port';

/** An event as bytes, the way a client of another protocol wrote it. */
export interface EncodedEvent {
  /** UUID in canonical lower-case form. */
  readonly id: string;
  /** 1..255 characters. */
  readonly type: string;
  /** `application/json`, else `application/octet-stream`. */
  readonly isJson: boolean;
  readonly data: Uint8Array;
  /** May be empty. */
  readonly metadata: Uint8Array;
}

/** The same event in the log; reading it decodes and encodes nothing. */
export interface EncodedRecord extends EncodedEvent {
  readonly streamId: string;
  readonly revision: Revision;
  readonly position: Position;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
}

/** Where an event stands, without its content. */
export interface EventPlace {
  readonly id: string;
  readonly streamId: string;
  readonly revision: Revision;
  readonly position: Position;
}

/** An event without its content. */
export interface EventOutline extends EventPlace {
  readonly type: string;
}

/** The log as it stands at the moment an append is decided: all earlier appends in it, no later one. */
export interface LogState {
  readonly head: () => Position;
  /** −1: never written. */
  readonly lastRevision: (streamId: string) => number;
  /** Type of the last event; null: never written. */
  readonly lastType: (streamId: string) => string | null;
  /** Whether an event of the stream from one revision to another, both inclusive, has one of these types. */
  readonly hasType: (streamId: string, types: ReadonlyArray<string>, from: Revision, to: Revision) => boolean;
  readonly at: (streamId: string, revision: Revision) => EncodedRecord | null;
  readonly findById: (eventId: string) => EventPlace | null;
}

export interface EncodedAppend {
  readonly streamId: string;
  /** Go to the end of the stream, in this order. */
  readonly events: ReadonlyArray<EncodedEvent>;
}

/** Appends that go in together or not at all, and the answer to give once they are durable. */
export interface Decision<A> {
  readonly appends: ReadonlyArray<EncodedAppend>;
  /** Called with the places of all appended events, in order. */
  readonly answer: (places: ReadonlyArray<EventPlace>) => A;
}

/** An id of the decision is in the log already: ids are unique over the whole log. */
export interface EventIdTaken {
  readonly code: 'EventIdTaken';
  readonly eventId: string;
  readonly place: EventPlace;
}

/**
 * A second door to the embedded store for protocols that carry bytes: the same file, the same one
 * writer and the same group commit as the port, so both doors see one order.
 */
export interface EncodedLog {
  /** Path of the log: what is derived from it lies beside it. */
  readonly file: string;
  /**
   * What the log is a part of, in the words of whoever restored it; null: it is a whole log. Nothing is
   * appended to a part: its next event would stand where another one stands in the log.
   */
  readonly part: string | null;
  /**
   * Decides an append against the log's state at its place in the one order, and commits it durably.
   * `decide` runs inside the writer's transaction: it must be synchronous and pure. What it throws
   * rejects the promise and leaves its neighbours in the commit alone.
   *
   * @param weight about how many events the decision appends (bounds a commit); default 1
   */
  readonly append: <E, A>(
    decide: (state: LogState) => Either<E, Decision<A>>,
    weight?: number,
  ) => Promise<Either<E | EventIdTaken | StoreUnavailable, A>>;
  /** Committed state, outside any append. */
  readonly state: LogState;
  /** Events of one stream by revision, at most `limit`, both bounds inclusive; `from` > `to` is empty. */
  readonly stream: (
    streamId: string,
    direction: 'forwards' | 'backwards',
    from: Revision,
    to: Revision,
    limit: number,
  ) => ReadonlyArray<EncodedRecord>;
  /**
   * One page of the whole log strictly after (forwards) or before (backwards) `after`. `looked`: how
   * far the filter has looked; less than the head when the page or the look was full.
   */
  readonly page: (query: {
    readonly direction: 'forwards' | 'backwards';
    readonly after: Position;
    /** Events delivered at most. */
    readonly limit: number;
    readonly filter?: Filter;
  }) => { readonly events: ReadonlyArray<EncodedRecord>; readonly looked: Position };
  /** Events at these positions, in the order asked; throws `StoreDamagedError` when one is missing. */
  readonly at: (positions: ReadonlyArray<Position>) => ReadonlyArray<EncodedRecord>;
  /** Events strictly after a position in order, at most `limit`, without content: for an index of one's own. */
  readonly outlines: (after: Position, limit: number) => ReadonlyArray<EventOutline>;
  /** Every event type that has been written, for a filter that names types by a pattern. */
  readonly eventTypes: () => ReadonlyArray<string>;
  /** Calls the listener once, after the next commit or when the store closes; returns how to withdraw it. */
  readonly onNextCommit: (listener: () => void) => () => void;
  readonly closed: () => boolean;
}

/** The embedded store: the port, and the door for bytes beside it. */
export interface EmbeddedEventStore extends EventStore {
  readonly encoded: EncodedLog;
}
