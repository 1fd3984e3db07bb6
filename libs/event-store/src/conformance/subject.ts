import type { EventStore } from '../port';

/** Where two stores differ by nature; a case that depends on one of these asks for it or judges by it. */
export interface Capabilities {
  /**
   * `log`: an id is taken for every stream once it is in the log, so the same id in another stream is
   * an `EventIdConflict`. `stream`: only within its stream; elsewhere it may be accepted as a new event.
   */
  readonly idsUniqueWithin: 'log' | 'stream';
  /** The log can be let go of and opened again by the same subject. */
  readonly reopens: boolean;
  /** `recordedAt` never decreases along the log; a cluster whose leader changes promises less. */
  readonly recordedAtNeverDecreases: boolean;
  /** Bytes of data that one append may carry; cases stay below. */
  readonly maximumAppendBytes: number;
}

/**
 * A store under test. The log may hold anything already: cases write to streams with unique names and
 * compare only what lies there. Nobody else may write while the suite runs.
 */
export interface Subject {
  /** For the report. */
  readonly name: string;
  readonly capabilities: Capabilities;
  /** The open store; the same one until `reopen`. */
  readonly store: () => Promise<EventStore>;
  /** Closes the store, when it is not closed yet, and opens the same log again. */
  readonly reopen: () => Promise<EventStore>;
}

export type Verdict =
  | { readonly kind: 'held' }
  /** The texts are for a person: what the port promises, and what came. */
  | { readonly kind: 'differs'; readonly expected: string; readonly came: string }
  /** The subject says that it lacks what the case is about; `capability` names it. */
  | { readonly kind: 'notOffered'; readonly capability: keyof Capabilities };

/** One promise of the port. `run` never rejects for a broken promise, only for a broken suite. */
export interface ConformanceCase {
  readonly area: string;
  readonly name: string;
  readonly run: (subject: Subject) => Promise<Verdict>;
}
