import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '@afecto/domain';
import type { EmbeddedEventStore, EventStore, Position } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { SignedCheckpoint } from '../checkpoint/checkpoint';
import {
  type BelievedCheckpoint,
  CHECKPOINT_STREAM,
  keepCheckpoint,
  lastCheckpoint,
} from '../checkpoint/kept-checkpoints';
import type { SigningKey } from '../checkpoint/keys';
import { takeCheckpoint } from '../checkpoint/take-checkpoint';
import { messageOf } from '../failure';
import { type Follower, openFollower } from './follower';

/** When a checkpoint is due, whichever comes first; never without an event that none speaks of. */
export interface CheckpointInterval {
  /** Events since the last one. */
  readonly events: number;
  /** Milliseconds since the last one, by the clock of the system. */
  readonly milliseconds: number;
}

export interface AuditOptions {
  readonly store: EventStore | EmbeddedEventStore;
  readonly treeFile: string;
  readonly key: SigningKey;
  readonly now: () => Instant;
  readonly every: CheckpointInterval;
  /** How long a stop waits for the last checkpoint, in milliseconds; default 5 000. */
  readonly lastMs?: number;
  /** Something failed and is tried again, or is not as it should be; the same words are told once. */
  readonly onFailure?: (message: string) => void;
  /** `position`: where the checkpoint lies in the log as an event. */
  readonly onCheckpoint?: (signed: SignedCheckpoint, position: Position) => void;
}

/** The keeping of a log's tree and checkpoints, unattended. */
export interface Audit {
  /** Takes the last checkpoint, for which it waits some seconds at most, and closes the tree. Never rejects. */
  readonly stop: () => Promise<void>;
}

/** How often the log is looked at, in milliseconds. */
const LOOK_MS = 1_000;
/** After a failure: first wait, doubled up to the last. */
const RETRY_MS = { first: 1_000, last: 60_000 };
/** How long a stop waits for the last checkpoint where nothing else is said. */
const LAST_MS = 5_000;

/**
 * Follows the log with its Merkle tree and keeps signed checkpoints of it in the log itself. It reads
 * committed events only. A failure is told and tried again, and never stops what runs beside it.
 */
export const keepAudit = (options: AuditOptions): Audit => {
  const { lastMs = LAST_MS } = options;
  const keeper = new Keeper(options);
  const ended = new AbortController();
  const { signal } = ended;
  let told = '';
  let isLate = false;
  const failed = (error: unknown): void => {
    const message = messageOf(error);
    if (message !== told) options.onFailure?.(message);
    told = message;
  };
  const rest = (milliseconds: number): Promise<void> =>
    pause(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  const running = (async () => {
    let wait = RETRY_MS.first;
    while (!signal.aborted) {
      try {
        await keeper.step(signal, false);
        [wait, told] = [RETRY_MS.first, ''];
        await rest(LOOK_MS);
      } catch (error) {
        if (signal.aborted) return;
        failed(error);
        await rest(wait);
        wait = Math.min(wait * 2, RETRY_MS.last);
      }
    }
  })();
  const last = async (): Promise<'done'> => {
    await running;
    try {
      await keeper.step(AbortSignal.timeout(lastMs), true);
    } catch (error) {
      if (!isLate) failed(error);
    }
    return 'done';
  };
  let stopping: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    ended.abort();
    const bound = new AbortController();
    // A store that does not answer must not keep the process that closes it.
    const late = pause(lastMs, 'late' as const, { signal: bound.signal }).catch(() => 'done' as const);
    isLate = (await Promise.race([last(), late])) === 'late';
    bound.abort();
    if (isLate) failed(`no last checkpoint was taken: the event store has not answered for ${lastMs / 1_000} s`);
    await keeper.close();
  };
  return { stop: () => (stopping ??= stop()) };
};

class Keeper {
  readonly #started: Instant;
  /** The last event that was passed over and told of. */
  #told = '';
  #follower: Follower | null = null;
  /** Undefined: the log has not been asked yet. */
  #last: BelievedCheckpoint | null | undefined;

  constructor(readonly options: AuditOptions) {
    this.#started = options.now();
  }

  /** Follows the log to its end, and signs what is due. At a stop everything that is not covered yet is due. */
  async step(signal: AbortSignal, isLast: boolean): Promise<void> {
    const { tree, follow } = await this.#opened();
    await follow(signal);
    if (signal.aborted) return;
    if (this.#last === undefined) this.#last = await this.#newest();
    if (!this.#isDue(tree.size, isLast)) return;
    // Another process may have taken one meanwhile.
    this.#last = await this.#newest();
    if (this.#isDue(tree.size, isLast)) await this.#take();
  }

  async close(): Promise<void> {
    await this.#follower?.close();
  }

  #isDue(size: number, isLast: boolean): boolean {
    const { every, now } = this.options;
    const signed = this.#last?.signed.checkpoint ?? null;
    // The last checkpoint is an event of the log itself: alone it is no reason for another one.
    const uncovered = signed === null ? size : size - signed.size - 1;
    if (uncovered <= 0) return false;
    return isLast || uncovered >= every.events || now() - (signed?.at ?? this.#started) >= every.milliseconds;
  }

  async #take(): Promise<void> {
    const { store, key, now, onCheckpoint } = this.options;
    const { tree } = await this.#opened();
    const signed = takeCheckpoint(tree, this.#last ?? null, key, now());
    if (E.isLeft(signed)) throw new Error(signed.left.message);
    const kept = await keepCheckpoint(store, signed.right, key.publicKey);
    if (E.isLeft(kept)) throw new Error(kept.left);
    this.#last = await this.#newest();
    if (this.#last !== null) onCheckpoint?.(signed.right, this.#last.position);
  }

  /** The newest of our own. What others have written behind it neither stops the signing nor goes unsaid. */
  async #newest(): Promise<BelievedCheckpoint | null> {
    const { store, key, onFailure } = this.options;
    const { newest, passedOver } = await lastCheckpoint(store, key.publicKey);
    const [first, ...more] = passedOver;
    if (first !== undefined && first.eventId !== this.#told) {
      const others = more.length === 0 ? 'is' : `and ${more.length} before it are`;
      onFailure?.(
        `event ${first.eventId} at position ${first.position} of ${CHECKPOINT_STREAM} ${others} passed over: no checkpoint signed with the key of this log; see: afecto verify`,
      );
      this.#told = first.eventId;
    }
    return newest;
  }

  async #opened(): Promise<Follower> {
    if (this.#follower !== null) return this.#follower;
    const opened = await openFollower(this.options.store, this.options.treeFile);
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    this.#follower = opened.right;
    return opened.right;
  }
}
