import { setTimeout as wait } from 'node:timers/promises';
import type { Position, StoredEvent, SubscribeOptions, SubscriptionMessage } from '../port';
import type { ClientDoor } from './client-door';
import type { LogReading } from './log-reading';
import { DEFAULT_PAGE_SIZE, readAllPages } from './read-pages';
import { matches, NOTHING, serverFilterOf, subscribeRequest, type ServerFilter } from './read-request';
import { positionOf, visibleEvent } from './recorded-event';
import type { Replies } from './replies';
import { isPassing, SilenceError } from './server-failure';
import { StoreUnreachableError } from './store-unreachable-error';
import { pauseAfter } from './timings';

/** The end of the log as some servers send it as checkpoint: to go on from there would skip history. */
const END: Position = 18_446_744_073_709_551_615n;

/**
 * Considered events between two checkpoints of a filtered live subscription: each, so that its
 * position never lags behind the head because nothing matches.
 */
const LIVE_WINDOW = 1;

/** A consumer that keeps a page for longer may have fallen behind without a word from the server. */
const SLOW_MS = 50;

/** For so long events are gathered into a page while they come one upon another. */
const GATHER_MS = 10;

/** Where a subscription stands; it outlives the calls. */
interface Standing {
  /** `null`: nothing has been looked at. */
  looked: Position | null;
  announced: Position | null;
  failures: number;
}

/**
 * Catch-up, then live, for ever: a call that dies, with an error or in silence, is followed by another
 * from the last position looked at, so that nothing is lost or doubled. The consumer asks for the next
 * page and so holds the server back. Closing the store or aborting ends it normally; a refusal by the
 * server rejects.
 */
export async function* subscription(
  reading: LogReading,
  options: SubscribeOptions,
): AsyncGenerator<SubscriptionMessage, void, void> {
  const { after, signal, pageSize = DEFAULT_PAGE_SIZE, ...filter } = options;
  const { connection, timings } = reading;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const withdraw = connection.onClose(end);
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  const pushed = serverFilterOf(filter, LIVE_WINDOW);
  const standing: Standing = { looked: after ?? null, announced: null, failures: 0 };
  try {
    while (!ended.signal.aborted) {
      try {
        if (pushed !== null) yield* history(reading, standing, options, ended.signal);
        const live: ServerFilter | null =
          pushed === 'nothing' ? { by: 'eventType', prefixes: NOTHING, window: LIVE_WINDOW } : pushed;
        yield* follow(reading, standing, { ...filter, pageSize: Math.max(1, pageSize) }, live, ended.signal);
      } catch (error) {
        if (ended.signal.aborted) return;
        if (!isPassing(error) && !isUnreachable(error)) throw error;
        // fault point: the adapter's subscription has lost its call
        standing.failures += 1;
        await wait(pauseAfter(timings, standing.failures), undefined, { signal: ended.signal }).catch(() => undefined);
      }
    }
  } finally {
    withdraw();
    signal?.removeEventListener('abort', end);
  }
}

/** A subscription waits for its server however long it takes. */
const isUnreachable = (error: unknown): boolean => error instanceof StoreUnreachableError;

/**
 * The past of a filtered subscription as reads: a subscription with a checkpoint for each event would
 * look at one event at a time.
 */
async function* history(
  reading: LogReading,
  standing: Standing,
  { types, streamPrefixes, pageSize }: SubscribeOptions,
  ended: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, void> {
  const head = await reading.head();
  const pages = readAllPages(reading, {
    to: head,
    ...(standing.looked === null ? {} : { after: standing.looked }),
    ...(types === undefined ? {} : { types }),
    ...(streamPrefixes === undefined ? {} : { streamPrefixes }),
    ...(pageSize === undefined ? {} : { pageSize }),
  });
  for await (const events of pages) {
    if (ended.aborted) return;
    standing.looked = events.at(-1)?.position ?? standing.looked;
    yield { kind: 'events', events };
  }
  if (head > (standing.looked ?? 0n)) standing.looked = head;
}

interface Following {
  readonly types?: ReadonlyArray<string>;
  readonly streamPrefixes?: ReadonlyArray<string>;
  readonly pageSize: number;
}

/** Takes what is here into a page, until that is full. `messages`: how many that were not known yet. */
const take = (
  replies: Replies,
  standing: Standing,
  { pageSize, ...filter }: Following,
  page: StoredEvent[],
): { readonly messages: number; readonly caughtUp: boolean } => {
  let messages = 0;
  let caughtUp = false;
  while (page.length < pageSize) {
    const message = replies.take();
    if (message === null) break;
    const event = message.getEvent();
    if (event !== undefined) {
      const position = positionOf(event);
      if (standing.looked !== null && position <= standing.looked) continue;
      standing.looked = position;
      const visible = visibleEvent(event);
      if (visible !== null && matches(visible, filter)) page.push(visible);
    } else if (message.hasCheckpoint()) {
      const position = BigInt(message.getCheckpoint()?.getCommitPosition() ?? '0');
      if (position !== END && position > (standing.looked ?? 0n)) standing.looked = position;
    } else if (message.hasCaughtUp()) caughtUp = true;
    messages += 1;
    standing.failures = 0;
  }
  return { messages, caughtUp };
};

/** One call of a subscription, until it dies. */
async function* follow(
  reading: LogReading,
  standing: Standing,
  following: Following,
  pushed: ServerFilter | null,
  ended: AbortSignal,
): AsyncGenerator<SubscriptionMessage, void, void> {
  const { connection, timings } = reading;
  const { pageSize } = following;
  if (ended.aborted) return;
  const door: ClientDoor = connection.door();
  let replies: Replies | null = null;
  try {
    const from = standing.looked === null || standing.looked === 0n ? 'start' : standing.looked;
    replies = await reading.open(door, subscribeRequest(from, pushed));
    /** Whether the server has caught up, and nobody has fallen behind since. */
    let standingAtHead = false;
    let caughtUpBefore = false;
    let silences = 0;
    while (!ended.aborted) {
      const page: StoredEvent[] = [];
      const began = performance.now();
      do {
        const { messages, caughtUp } = take(replies, standing, following, page);
        if (messages > 0) silences = 0;
        if (caughtUp) caughtUpBefore = standingAtHead = true;
      } while (
        page.length > 0 &&
        page.length < pageSize &&
        performance.now() - began < GATHER_MS &&
        (await replies.moreAtOnce())
      );
      if (page.length > 0) {
        const given = Date.now();
        // fault point: the adapter's subscription has a page
        yield { kind: 'events', events: page };
        if (page.length === pageSize || Date.now() - given > SLOW_MS) standingAtHead = false;
        continue;
      }
      if (replies.call.readableLength > 0) continue;
      if (caughtUpBefore && !standingAtHead) {
        standingAtHead = (await reading.head()) <= (standing.looked ?? 0n);
        if (standingAtHead || replies.call.readableLength > 0) continue;
      }
      const looked = standing.looked ?? 0n;
      if (standingAtHead && standing.announced !== looked) {
        standing.announced = looked;
        yield { kind: 'caughtUp', position: looked };
        continue;
      }
      const state = await replies.wait(caughtUpBefore ? timings.heartbeatMs : timings.silenceMs, ended);
      if (state === 'ended' && !ended.aborted) throw new SilenceError('the server has ended the subscription');
      if (state !== 'silent' || ended.aborted) continue;
      silences += 1;
      // Silence is right at the head. Twice behind it, or before the past has come, it is death.
      const behind = !caughtUpBefore || (await reading.head()) > (standing.looked ?? 0n);
      if (!behind) silences = 0;
      else if (silences > 1 || !caughtUpBefore) throw new SilenceError('the subscription has fallen silent');
    }
  } catch (error) {
    connection.failed(door, error);
    throw error;
  } finally {
    replies?.cancel();
  }
}
