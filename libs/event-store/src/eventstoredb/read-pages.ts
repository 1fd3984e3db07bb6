import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { EncodedRecord } from '../encoded-log';
import type { Position, ReadAllOptions, ReadStreamOptions, StoredEvent } from '../port';
import type { LogReading } from './log-reading';
import { matches, readAllRequest, readStreamRequest, serverFilterOf } from './read-request';
import { positionOf, recordOf, visibleEvent } from './recorded-event';

/** Events in memory at once where the caller names no page size. */
export const DEFAULT_PAGE_SIZE = 1_000;

/** How many events a filtered read looks at before the server answers. */
const LOOK = 1_000;

/** Asked for beyond a small limit, because the server's own events are dropped here. */
const SLACK = 8;

const ALL = Number.MAX_SAFE_INTEGER;

/** What is left of a limit, as the server is asked for it. */
const asked = (left: number): number => (left + SLACK < ALL ? left + SLACK : ALL);

/**
 * The whole log page by page, up to the head of the moment it was first asked. The filter is the
 * server's (`Streams/Read` takes one for a finite read too, though the client of 6.2.1 has no
 * argument for it): nothing travels that is not wanted, no subscription has to be ended. A call that
 * fails is followed by another from the last event that came.
 */
export const readAllPages = (
  reading: Pick<LogReading, 'head' | 'attempts' | 'once'>,
  options: ReadAllOptions,
): AsyncGenerator<ReadonlyArray<StoredEvent>, void, void> => pagesOf(reading, options, visibleEvent);

/** The same events forwards, as the bytes that the server has. */
export const readRecordPages = (
  reading: Pick<LogReading, 'head' | 'attempts' | 'once'>,
  options: Pick<ReadAllOptions, 'after' | 'to' | 'pageSize'>,
): AsyncGenerator<ReadonlyArray<EncodedRecord>, void, void> => pagesOf(reading, options, recordOf);

async function* pagesOf<A extends Pick<EncodedRecord, 'type' | 'streamId'>>(
  reading: Pick<LogReading, 'head' | 'attempts' | 'once'>,
  { direction = 'forwards', after, to, limit = Infinity, pageSize = DEFAULT_PAGE_SIZE, ...filter }: ReadAllOptions,
  shown: (event: ReadResp.ReadEvent) => A | null,
): AsyncGenerator<ReadonlyArray<A>, void, void> {
  const forwards = direction === 'forwards';
  const size = Math.max(1, pageSize);
  const pushed = serverFilterOf(filter, LOOK);
  if (pushed === 'nothing' || limit <= 0) return;
  const head = await reading.head();
  const last = forwards ? (to === undefined || to > head ? head : to) : (to ?? 0n);
  let looked: Position | null = after === undefined || (!forwards && after > head) ? null : after;
  let left = limit;
  const attempts = reading.attempts();
  let page: A[] = [];
  for (;;) {
    // Not a return: a call that fails after its last event leaves a page that is not handed out yet.
    if (left <= 0 || (looked !== null && (forwards ? looked >= last : looked <= last || looked === 0n))) break;
    if (looked === null && forwards && last === 0n) return;
    const count = asked(left);
    // Forwards from a position includes the event there, which has been delivered.
    const from = looked === null || (forwards && looked === 0n) ? (forwards ? 'start' : 'end') : looked;
    let came = 0;
    let over = false;
    try {
      for await (const message of reading.once(readAllRequest(direction, from, count, pushed))) {
        const event = message.getEvent();
        if (event === undefined) continue;
        came += 1;
        const position = positionOf(event);
        if (looked !== null && (forwards ? position <= looked : position >= looked)) continue;
        over = forwards ? position > last : position < last;
        if (over) break;
        const visible = shown(event);
        looked = position;
        // The log may have grown beyond `after` since its head was behind it.
        if (!forwards && after !== undefined && position >= after) continue;
        if (visible === null || !matches(visible, filter)) continue;
        page.push(visible);
        left -= 1;
        if (page.length === size || left === 0) {
          const full = page;
          page = [];
          yield full;
          attempts.progress();
        }
        if (left === 0) return;
      }
    } catch (error) {
      await attempts.failed(error);
      continue;
    }
    if (over || came < count) break;
  }
  if (page.length > 0) yield page;
}

/** Tells a stream that is not there from one that has no events to read. */
export const isMissing = (message: ReadResp): boolean => message.hasStreamNotFound();

/** One stream page by page, by revision; no page when the stream does not exist. */
export async function* readStreamPages(
  reading: LogReading,
  streamId: string,
  { direction = 'forwards', from, to, limit = Infinity }: ReadStreamOptions,
): AsyncGenerator<ReadonlyArray<StoredEvent>, void, void> {
  const forwards = direction === 'forwards';
  // The server's own streams are not the port's.
  if (streamId === '' || streamId.startsWith('$')) return;
  const low = Math.max(0, (forwards ? from : to) ?? 0);
  const high = (forwards ? to : from) ?? ALL;
  let next = forwards ? low : high;
  let left = limit;
  const attempts = reading.attempts();
  let page: StoredEvent[] = [];
  while (left > 0 && (forwards ? next <= high : next >= low)) {
    const count = Math.min(left, high - low + 1, ALL);
    const start = forwards ? next : next === ALL ? 'end' : next;
    try {
      for await (const message of reading.once(readStreamRequest(streamId, direction, start, count))) {
        if (isMissing(message)) return;
        const event = message.getEvent();
        const visible = event === undefined ? null : visibleEvent(event);
        const revision = visible?.revision ?? Number(event?.getEvent()?.getStreamRevision() ?? next);
        if (forwards ? revision > high : revision < low) break;
        next = forwards ? revision + 1 : revision - 1;
        if (visible === null) continue;
        page.push(visible);
        left -= 1;
        if (page.length === DEFAULT_PAGE_SIZE) {
          const full = page;
          page = [];
          yield full;
          attempts.progress();
        }
        if (left === 0) break;
      }
      break;
    } catch (error) {
      await attempts.failed(error);
    }
  }
  if (page.length > 0) yield page;
}
