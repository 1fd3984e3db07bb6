import type { ExpectedRevision } from '../port';

/**
 * What was asked of a store and what it answered, as data. Moments are places in one record (`record.ts`):
 * 0 is its first entry. A call takes effect at some moment between `invoked` and `ended`.
 */
interface Timed {
  /** Unique in its history. */
  readonly call: string;
  /** Who asked: writer, reader, subscriber or projection of one run of a program. */
  readonly process: string;
  readonly invoked: number;
  /** From then on it has no more effect; `null`: nobody knows when. */
  readonly ended: number | null;
}

/** An event as it was asked for; `content` is its data and metadata in one text. */
export interface AskedEvent {
  readonly id: string;
  readonly type: string;
  readonly content: string;
}

/** An event as a reader was shown it. */
export interface ShownEvent extends AskedEvent {
  readonly streamId: string;
  readonly revision: number;
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
}

export type AppendAnswer =
  | {
      readonly kind: 'ok';
      readonly duplicate: boolean;
      readonly places: ReadonlyArray<{ readonly id: string; readonly revision: number; readonly position: number }>;
    }
  | { readonly kind: 'wrongRevision'; readonly actual: number | null }
  | { readonly kind: 'conflict'; readonly eventId: string; readonly position: number }
  /** Nothing was appended: invalid, closed, or the store could not write. */
  | { readonly kind: 'failed'; readonly message: string }
  /** No answer, or one that says so: the events may or may not be in the log. */
  | { readonly kind: 'unknown'; readonly message: string };

export interface AppendOperation {
  readonly kind: 'append';
  readonly streamId: string;
  readonly expected: ExpectedRevision;
  readonly events: ReadonlyArray<AskedEvent>;
}

/** `undefined` parts do not restrict. */
export interface LogFilter {
  readonly types?: ReadonlyArray<string>;
  readonly streamPrefixes?: ReadonlyArray<string>;
}

export interface ReadOperation {
  readonly kind: 'read';
  /** A stream by name, from a revision inclusive; or the whole log through a filter, after a position exclusive. */
  readonly of: { readonly streamId: string } | { readonly filter: LogFilter };
  readonly direction: 'forwards' | 'backwards';
  readonly from: number | null;
  readonly limit: number | null;
}

export interface LookupOperation {
  readonly kind: 'lookup';
  readonly eventId: string;
}

export interface HeadOperation {
  readonly kind: 'head';
}

export interface SubscribeOperation {
  readonly kind: 'subscription';
  readonly filter: LogFilter;
  /** Deliver what lies behind it; 0 for all. */
  readonly after: number;
}

export interface ProjectOperation {
  readonly kind: 'projection';
  readonly name: string;
}

export type Operation =
  AppendOperation | ReadOperation | LookupOperation | HeadOperation | SubscribeOperation | ProjectOperation;

export interface AppendCall extends Timed, AppendOperation {
  readonly answer: AppendAnswer;
}

export interface ReadCall extends Timed, ReadOperation {
  readonly shown: ReadonlyArray<ShownEvent>;
  /** False: it broke off, and what was shown is a part. */
  readonly complete: boolean;
}

export interface LookupCall extends Timed, LookupOperation {
  /** `null`: there is none; `undefined`: no answer. */
  readonly found: ShownEvent | null | undefined;
}

export interface HeadCall extends Timed, HeadOperation {
  /** `undefined`: no answer. */
  readonly position: number | undefined;
}

export interface Message {
  /** Moment at which it came. */
  readonly at: number;
  readonly shown: ReadonlyArray<ShownEvent>;
  /** Everything up to there has been looked at; `null` in a message with events. */
  readonly caughtUp: number | null;
}

export interface SubscriptionCall extends Timed, SubscribeOperation {
  readonly messages: ReadonlyArray<Message>;
  /** It was waited for until it had to have reached this position; `null`: it was ended before. */
  readonly awaited: number | null;
}

/** What a projection holds on its disk after a commit of its own, or when it starts. */
export interface ProjectionState {
  readonly at: number;
  /** Its checkpoint: the last position it has taken in. */
  readonly position: number;
  readonly count: number;
  /** `digestOf` the ids it has taken in, in order. */
  readonly digest: string;
}

export interface ProjectionCall extends Timed, ProjectOperation {
  readonly states: ReadonlyArray<ProjectionState>;
  /** As in a subscription. */
  readonly awaited: number | null;
}

export type Call = AppendCall | ReadCall | LookupCall | HeadCall | SubscriptionCall | ProjectionCall;

/** In the order in which they were invoked. */
export type History = ReadonlyArray<Call>;

export const matchesFilter = (
  { types, streamPrefixes }: LogFilter,
  { type, streamId }: { readonly type: string; readonly streamId: string },
): boolean =>
  (types === undefined || types.includes(type)) &&
  (streamPrefixes === undefined || streamPrefixes.some((prefix) => streamId.startsWith(prefix)));
