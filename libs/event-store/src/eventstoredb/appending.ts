import * as E from 'fp-ts/Either';
import type { AppendError, Appended, AppendRequest, Position, StoreUnavailable } from '../port';
import { prepareAppend } from '../sqlite/prepare-append';
import type { BatchAppends } from './batch-appends';
import type { Connection } from './connection';
import type { KnownStreams } from './known-streams';
import type { Lookups } from './lookups';
import type { LogReading } from './log-reading';
import type { SharedQuestion } from './shared-question';
import { StreamWriter } from './stream-writer';

export type AppendOutcome = E.Either<AppendError | StoreUnavailable, Appended>;

/** What a writer of a stream needs of the store. */
export interface WritingParts {
  readonly connection: Connection;
  readonly reading: LogReading;
  readonly appends: BatchAppends;
  readonly known: KnownStreams;
  readonly lookups: Lookups;
  /** Where the log ends. */
  readonly head: SharedQuestion<Position>;
}

/** Streams written at the same time; more wait for their turn. */
const STREAMS_AT_ONCE = 256;

/** From so many streams at once on, one question for all of them costs less than one for each. */
const CROWD = 4;

/** Appends in the order in which they are asked for each stream, streams side by side. */
export class Appending {
  readonly #writers = new Map<string, StreamWriter>();
  readonly #waiting: StreamWriter[] = [];
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(readonly parts: WritingParts) {}

  /** Settles exactly once. */
  push(request: AppendRequest, settle: (outcome: AppendOutcome) => void): void {
    const prepared = prepareAppend(request);
    if (E.isLeft(prepared)) return settle(prepared);
    const { streamId } = prepared.right;
    if (streamId.startsWith('$'))
      return settle(
        E.left({
          code: 'InvalidEvent',
          path: '/streamId',
          message: 'must not begin with $: such streams are the server’s own',
        }),
      );
    const index = prepared.right.events.findIndex(({ type }) => type.startsWith('$'));
    if (index !== -1)
      return settle(
        E.left({
          code: 'InvalidEvent',
          path: `/events/${index}/type`,
          message: 'must not begin with $: such events are the server’s own',
        }),
      );
    let writer = this.#writers.get(streamId);
    if (writer === undefined) {
      writer = new StreamWriter(streamId, this.parts);
      this.#writers.set(streamId, writer);
      this.#waiting.push(writer);
    }
    writer.push({ ...prepared.right, at: Date.now(), settle });
    this.#start();
  }

  /** Resolves when every append asked so far has been answered. */
  idle(): Promise<void> {
    if (this.#writers.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #start(): void {
    while (this.#running < STREAMS_AT_ONCE) {
      const writer = this.#waiting.shift();
      if (writer === undefined) return;
      this.#running += 1;
      void this.#turn(writer);
    }
  }

  /** One turn of a stream; a stream with more to write goes to the end of the row. */
  async #turn(writer: StreamWriter): Promise<void> {
    await writer.turn(this.#running >= CROWD);
    this.#running -= 1;
    if (writer.isIdle) this.#writers.delete(writer.streamId);
    else this.#waiting.push(writer);
    this.#start();
    if (this.#writers.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
