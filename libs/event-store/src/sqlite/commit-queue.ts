import * as E from 'fp-ts/Either';
import type { AppendError, Appended, StoreUnavailable } from '../port';
import type { Submission } from './decision';
import type { Judgement } from './log-writer';
import { messageOf } from './sqlite-failure';

export type AppendOutcome = E.Either<AppendError | StoreUnavailable, Appended>;

interface Waiting {
  readonly request: Submission;
  readonly settle: (outcome: AppendOutcome) => void;
}

/** Bounds how long one transaction keeps the event loop; a larger append still commits as one. */
const EVENTS_A_COMMIT = 5_000;

/** Commits that may follow each other before the event loop has a turn. */
const COMMITS_A_TURN = 8;

/**
 * Group commit: appends that arrive in one turn of the event loop, or while a commit is under way,
 * share the next transaction and its one wait for the disk. Order is kept; an append is answered only
 * after its commit, and after the subscribers have been told.
 */
export class CommitQueue {
  #waiting: Waiting[] = [];
  #scheduled = false;
  #onIdle: (() => void)[] = [];
  /** The callers of the last commit have been answered and may be coming back with the next append. */
  #answering = false;
  #commitsThisTurn = 0;
  #commits = 0;

  /**
   * @param write judges and commits a batch; throws when the transaction fails
   * @param committed called after each commit that may have moved the head
   */
  constructor(
    readonly write: (batch: ReadonlyArray<Submission>) => ReadonlyArray<Judgement>,
    readonly committed: () => void,
  ) {}

  push(request: Submission, settle: (outcome: AppendOutcome) => void): void {
    this.#waiting.push({ request, settle });
    this.#schedule();
  }

  /** Resolves when every append pushed so far has been answered. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * An append that comes from outside waits for the end of the event loop's turn, so that all requests
   * of the turn share its commit. Callers who come back because they have just been answered need no
   * turn, which costs a tenth of a commit: the next tick is after all promises that are due, so they
   * meet there. Every ninth commit takes a turn all the same, for the others' sake.
   */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#answering && this.#commitsThisTurn < COMMITS_A_TURN) process.nextTick(() => this.#drain());
    else
      setImmediate(() => {
        this.#commitsThisTurn = 0;
        this.#drain();
      });
  }

  #drain(): void {
    this.#scheduled = false;
    this.#commitsThisTurn += 1;
    const batch = this.#takeBatch();
    const outcomes = this.#outcomesOf(batch);
    if (this.#waiting.length > 0) this.#schedule();
    const commit = (this.#commits += 1);
    this.#answering = true;
    for (const [index, { settle }] of batch.entries()) {
      // fault point: an append is about to be answered
      const outcome = outcomes[index];
      if (outcome !== undefined) settle(outcome);
    }
    // From a promise, because ticks come before promises: when this tick runs, none is due any more.
    queueMicrotask(() =>
      process.nextTick(() => {
        if (commit === this.#commits) this.#answering = false;
      }),
    );
    if (this.#waiting.length === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  #takeBatch(): ReadonlyArray<Waiting> {
    let events = 0;
    let count = 0;
    for (const { request } of this.#waiting) {
      events += request.events.length;
      if (count > 0 && events > EVENTS_A_COMMIT) break;
      count += 1;
    }
    if (count < this.#waiting.length) return this.#waiting.splice(0, count);
    const batch = this.#waiting;
    this.#waiting = [];
    return batch;
  }

  #outcomesOf(batch: ReadonlyArray<Waiting>): ReadonlyArray<AppendOutcome> {
    try {
      const judgements = this.write(batch.map(({ request }) => request));
      // fault point: subscribers are about to be told of a commit
      this.committed();
      return judgements;
    } catch (error) {
      const failed: AppendOutcome = E.left({
        code: 'StoreFailed',
        message: `Nothing was appended: the event store could not write (${messageOf(error)}).`,
      });
      return batch.map(() => failed);
    }
  }
}
