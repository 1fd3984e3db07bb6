import { setTimeout as wait } from 'node:timers/promises';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { Position, StoredEvent } from '../port';
import { StoreClosedError } from '../store-errors';
import type { ClientDoor } from './client-door';
import type { Connection } from './connection';
import { readAllRequest, readStreamRequest } from './read-request';
import { visibleEvent } from './recorded-event';
import { Replies } from './replies';
import { isPassing, messageOf, SilenceError } from './server-failure';
import { StoreUnreachableError } from './store-unreachable-error';
import { type EventStoreDbTimings, pauseAfter } from './timings';

/** Counts attempts of one piece of work, and ends them when the time is up. Progress starts it anew. */
export class Attempts {
  #failures = 0;
  #since: number;

  /** @param since when the waiting began, in milliseconds since 1970 */
  constructor(
    readonly connection: Connection,
    readonly timings: EventStoreDbTimings,
    since: number,
  ) {
    this.#since = since;
  }

  progress(): void {
    this.#failures = 0;
    this.#since = Date.now();
  }

  /** After a failure: pauses, or throws when the error will not pass, the time is up or the store is closed. */
  async failed(error: unknown, signal?: AbortSignal): Promise<void> {
    const { connection, timings } = this;
    if (connection.closed) throw new StoreClosedError(connection.name);
    if (!isPassing(error)) throw connection.explained(error);
    this.#failures += 1;
    const pause = pauseAfter(timings, this.#failures);
    if (Date.now() + pause - this.#since > timings.giveUpMs)
      throw new StoreUnreachableError(
        `The event store ${connection.name} has not answered for ${timings.giveUpMs / 1_000} s: ${messageOf(error)}`,
      );
    await this.#pause(pause, signal);
    if (connection.closed) throw new StoreClosedError(connection.name);
  }

  /** Whoever closes the store waits for nobody's next attempt, and its process ends at once. */
  async #pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const over = new AbortController();
    const end = (): void => over.abort();
    const withdraw = this.connection.onClose(end);
    signal?.addEventListener('abort', end);
    if (signal?.aborted === true) end();
    await wait(milliseconds, undefined, { signal: over.signal }).catch(() => undefined);
    signal?.removeEventListener('abort', end);
    withdraw();
  }
}

/** Reads of finite length, with a watch on silence. */
export class LogReading {
  constructor(
    readonly connection: Connection,
    readonly timings: EventStoreDbTimings,
  ) {}

  attempts(since: number = Date.now()): Attempts {
    return new Attempts(this.connection, this.timings, since);
  }

  /** Starts one call; the caller cancels it. */
  async open(door: ClientDoor, request: ReadReq): Promise<Replies> {
    const streams = await door.streams();
    const replies = new Replies(streams.read(request, ...door.call(Infinity)));
    replies.call.on('error', (error: Error) => door.failed(streams, error));
    replies.call.on(
      'close',
      door.onDispose(() => replies.cancel()),
    );
    return replies;
  }

  /**
   * The messages of one call, in batches of what is there. Nothing is repeated here: an error or
   * silence ends the iteration with an exception and, when it may be to blame, the client.
   */
  async *once(request: ReadReq): AsyncGenerator<ReadResp, void, void> {
    const { connection, timings } = this;
    const door = connection.door();
    let replies: Replies | null = null;
    try {
      replies = await this.open(door, request);
      for (;;) {
        const message = replies.take();
        if (message !== null) {
          yield message;
          if (connection.closed) throw new StoreClosedError(connection.name);
          continue;
        }
        const state = await replies.wait(timings.silenceMs);
        if (state === 'ended') return;
        if (state === 'silent') throw new SilenceError(`no message for ${timings.silenceMs} ms`);
      }
    } catch (error) {
      connection.failed(door, error);
      throw connection.explained(error);
    } finally {
      replies?.cancel();
    }
  }

  /** A short read as a whole, attempted again while there is hope. */
  async whole(request: ReadReq): Promise<ReadonlyArray<ReadResp>> {
    const attempts = this.attempts();
    for (;;) {
      try {
        const messages: ReadResp[] = [];
        for await (const message of this.once(request)) messages.push(message);
        return messages;
      } catch (error) {
        await attempts.failed(error);
      }
    }
  }

  /** Events of one stream by revision; neighbours are read together. */
  async eventsOf(streamId: string, revisions: ReadonlyArray<number>): Promise<ReadonlyMap<number, StoredEvent>> {
    const found = new Map<number, StoredEvent>();
    const sorted = [...new Set(revisions)].sort((a, b) => a - b);
    for (let index = 0; index < sorted.length;) {
      const first = sorted[index] ?? 0;
      let length = 1;
      while (sorted[index + length] === first + length) length += 1;
      index += length;
      for (const message of await this.whole(readStreamRequest(streamId, 'forwards', first, length))) {
        const event = message.getEvent();
        const visible = event === undefined ? null : visibleEvent(event);
        if (visible !== null) found.set(visible.revision, visible);
      }
    }
    return found;
  }

  /**
   * The last event that the port shows; `null` for an empty log. The server's own events lie behind
   * it: a subscriber would wait for their positions in vain.
   */
  async last(): Promise<StoredEvent | null> {
    let from: Position | 'end' = 'end';
    for (;;) {
      const request = readAllRequest('backwards', from, 1, { by: 'visible', window: 500 });
      let seen: Position | null = null;
      for (const message of await this.whole(request)) {
        const event = message.getEvent();
        if (event === undefined) continue;
        const visible = visibleEvent(event);
        if (visible !== null) return visible;
        seen = BigInt(event.getEvent()?.getCommitPosition() ?? event.getCommitPosition());
      }
      if (seen === null) return null;
      from = seen;
    }
  }

  /** Position of that event; 0n for an empty log. */
  async head(): Promise<Position> {
    return (await this.last())?.position ?? 0n;
  }
}
