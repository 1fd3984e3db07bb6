import type { Either } from 'fp-ts/Either';
import type { EventIdTaken, EventPlace, LogState } from '../encoded-log';
import type { PreparedAppend } from './prepare-append';

/** Events for the end of one stream. */
export type StreamAppend = Pick<PreparedAppend, 'streamId' | 'events'>;

/** The writer's transaction as a decision sees it: what it may know, and how it appends. */
export interface Transaction {
  readonly state: LogState;
  /** All the appends, or none when an id of them is in the log already. */
  readonly append: (appends: ReadonlyArray<StreamAppend>) => Either<EventIdTaken, ReadonlyArray<EventPlace>>;
}

/** An append that is decided when its place in the order has come. It keeps its own verdict. */
export interface PreparedDecision {
  /** About how many events it appends. */
  readonly events: { readonly length: number };
  readonly judge: (transaction: Transaction) => void;
}

/** What waits for a commit. */
export type Submission = PreparedAppend | PreparedDecision;
