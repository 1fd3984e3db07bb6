import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { EncodedLog, Position } from '@afecto/event-store';
import { allPage } from './all-pages';
import { PageSize } from './page-size';
import type { RecordSource } from './record-source';
import {
  type ResolvedRecord,
  type SubscribeAllQuery,
  type SubscribeStreamQuery,
  type SubscriptionStep,
  TOMBSTONE,
  type WireRecord,
} from './wire-log';

type Resolve = (records: ReadonlyArray<WireRecord>, resolveLinks: boolean) => ReadonlyArray<ResolvedRecord>;
type Steps = AsyncGenerator<SubscriptionStep, void, void>;

/** A live subscriber that is further behind is catching up again (`eventstoredb-protocol` 3.5). */
const LIVE_BUFFER = 32;

/** How often links that are being computed are looked for, in milliseconds. */
const COMPUTING_MS = 20;

const CLOSED: SubscriptionStep = {
  kind: 'failed',
  error: { code: 'Unavailable', message: 'The event store is closed.' },
};

/** Resolves at the next commit, when the store closes, or when the subscriber withdraws. */
const nextCommit = (encoded: EncodedLog, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const wake = (): void => {
      withdraw();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const withdraw = encoded.onNextCommit(wake);
    signal.addEventListener('abort', wake);
    if (signal.aborted || encoded.closed()) wake();
  });

/**
 * History from place `start`, then live. Without a seam: always the committed events behind the last
 * one delivered are read, a commit only says when looking is worth while. A tombstone is delivered
 * and ends the subscription.
 */
export async function* streamSteps(
  encoded: EncodedLog,
  source: RecordSource,
  resolve: Resolve,
  { streamId, resolveLinks, signal }: SubscribeStreamQuery,
  start: number,
): Steps {
  const ended = (): boolean => signal.aborted || encoded.closed();
  const isTombstone = (record: WireRecord): boolean => record.eventNumber === TOMBSTONE && record.streamId === streamId;
  const size = new PageSize();
  let next = start;
  let looked = -1;
  let isLive = false;
  while (!ended()) {
    const last = source.last();
    if (isLive && last - next >= LIVE_BUFFER) isLive = false;
    if (next <= last || looked < last) {
      // Of a start beyond the end no place is reached, but a tombstone, whose number is behind all others.
      const records =
        next <= last
          ? source.read('forwards', next, last, size.get())
          : source.read('forwards', last, last, 1).filter(isTombstone);
      size.read(records);
      if (next <= last) next += records.length;
      looked = Math.min(last, next - 1);
      if (records.length > 0) yield { kind: 'events', events: resolve(records, resolveLinks) };
      if (records.some(isTombstone)) {
        yield { kind: 'failed', error: { code: 'StreamDeleted', streamId } };
        return;
      }
    }
    if (ended()) break;
    if (next <= last) {
      await nextTurn();
      continue;
    }
    if (!source.isSettled()) {
      await delay(COMPUTING_MS);
      continue;
    }
    if (!isLive) {
      isLive = true;
      yield { kind: 'caughtUp' };
    }
    if (!ended() && source.last() <= looked && source.isSettled()) await nextCommit(encoded, signal);
  }
  if (!signal.aborted) yield CLOSED;
}

/** Tells a filtered subscriber how far the filter has looked (`eventstoredb-protocol` 3.5). */
class Checkpoints {
  constructor(
    readonly every: bigint,
    private last: Position,
  ) {}

  /** The next position at which one is due. */
  get next(): Position {
    return this.last + this.every;
  }

  /** One at this position, unless it has been told already. */
  at(position: Position): ReadonlyArray<SubscriptionStep> {
    if (position <= this.last) return [];
    this.last = position;
    return [{ kind: 'checkpoint', position }];
  }
}

/**
 * The whole log after `start`, then live. Checkpoints come every `checkpointEvery` positions, and one
 * when the catch-up ends; they increase strictly and never run ahead of what has been delivered.
 */
export async function* allSteps(
  encoded: EncodedLog,
  resolve: Resolve,
  { filter, resolveLinks, checkpointEvery, signal }: SubscribeAllQuery,
  start: Position,
): Steps {
  const ended = (): boolean => signal.aborted || encoded.closed();
  const size = new PageSize();
  const checkpoints = filter === null ? null : new Checkpoints(BigInt(Math.max(1, Math.floor(checkpointEvery))), start);
  let looked = start;
  let isLive = false;

  const stepsOf = function* (records: ReadonlyArray<WireRecord>, upTo: Position): Generator<SubscriptionStep> {
    let rest = records;
    while (checkpoints !== null && checkpoints.next <= upTo) {
      const boundary = checkpoints.next;
      const first = rest.findIndex(({ position }) => position > boundary);
      const before = first === -1 ? rest : rest.slice(0, first);
      rest = first === -1 ? [] : rest.slice(first);
      if (before.length > 0) yield { kind: 'events', events: resolve(before, resolveLinks) };
      yield* checkpoints.at(boundary);
    }
    if (rest.length > 0) yield { kind: 'events', events: resolve(rest, resolveLinks) };
  };

  while (!ended()) {
    const head = encoded.state.head();
    if (isLive && head - looked > LIVE_BUFFER) isLive = false;
    if (looked < head) {
      const page = allPage(encoded, 'forwards', looked, size.get(), filter);
      looked = page.looked;
      size.read(page.records);
      for (const step of stepsOf(page.records, looked)) {
        yield step;
        if (ended()) break;
      }
    }
    if (ended()) break;
    if (looked < head) {
      await nextTurn();
      continue;
    }
    if (!isLive) {
      isLive = true;
      if (checkpoints !== null) yield* checkpoints.at(looked);
      yield { kind: 'caughtUp' };
    }
    if (!ended() && encoded.state.head() <= looked) await nextCommit(encoded, signal);
  }
  if (!signal.aborted) yield CLOSED;
}
