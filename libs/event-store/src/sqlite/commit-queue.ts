import * as E from 'fp-ts/Either';
import type { AppendError, Appended, StoreUnavailable } from '../port';
import type { Judgement } from './log-writer';
import type { PreparedAppend } from './prepare-append';
import { messageOf } from './sqlite-failure';

export type AppendOutcome = E.Either<AppendError | StoreUnavailable, Appended>;

interface Waiting {
  readonly request: PreparedAppend;
  readonly settle: (outcome: AppendOutcome) => void;
}

/** Bounds how long one transaction keeps the event loop; a larger append still commits as one. */
const EVENTS_A_COMMIT = 5_000;

/** Commits of one append each that may follow each other before the event loop has a turn. */
const LONE_COMMITS_A_TURN = 8;

/**
 * Group commit: appends that arrive in one turn of the event loop, or while a commit is under way,
 * share the next transaction and its one wait for the disk. Order is kept; an append is answered only
 * after its commit, and after the subscribers have been told.
 */
export class CommitQueue {
  #waiting: Waiting[] = [];
  #scheduled = false;
  #onIdle: (() => void)[] = [];
  #loneCommits = 0;

  /**
   * @param write judges and commits a batch; throws when the transaction fails
   * @param committed called after each commit that may have moved the head
   */
  constructor(
    readonly write: (batch: ReadonlyArray<PreparedAppend>) => ReadonlyArray<Judgement>,
    readonly committed: () => void,
  ) {}

  push(request: PreparedAppend, settle: (outcome: AppendOutcome) => void): void {
    this.#waiting.push({ request, settle });
    this.#schedule();
  }

  /** Resolves when every append pushed so far has been answered. */
  idle(): Promise<void> {
    if (this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * With company, the commit waits for the end of the event loop's turn, so that all requests that
   * the turn brings share it. A caller who appends alone, one after the other, does not wait: a turn
   * costs a tenth of a commit. Every ninth commit waits all the same and so finds out about company.
   */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const alone = this.#loneCommits > 0 && this.#loneCommits <= LONE_COMMITS_A_TURN;
    // The next tick comes after all promises that are due: those answered together come back together.
    if (alone) process.nextTick(() => this.#drain());
    else setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    const batch = this.#takeBatch();
    const alone = batch.length === 1 && this.#waiting.length === 0;
    this.#loneCommits = alone ? (this.#loneCommits % (LONE_COMMITS_A_TURN + 1)) + 1 : 0;
    if (this.#waiting.length > 0) this.#schedule();
    const outcomes = this.#outcomesOf(batch);
    for (const [index, { settle }] of batch.entries()) {
      const outcome = outcomes[index];
      if (outcome !== undefined) settle(outcome);
    }
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
