import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, ReadAllOptions, ReadStreamOptions, StoredEvent } from '../port';
import type { LogReader } from './log-reader';

/** Events in memory at once where the caller names no page size. */
export const DEFAULT_PAGE_SIZE = 1_000;

/** A position as the integer SQLite has; one beyond 2^53 lies after every event there can be. */
export const toInteger = (position: Position): number =>
  position > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(position);

/**
 * The whole log page by page. Forwards it ends at the head of the moment it was first asked, so that
 * it ends even while others append. The event loop has a turn between pages.
 */
export async function* readAllPages<A>(
  reader: Pick<LogReader<A>, 'head' | 'page'>,
  { direction = 'forwards', after, to, limit = Infinity, pageSize = DEFAULT_PAGE_SIZE, ...filter }: ReadAllOptions,
): AsyncGenerator<ReadonlyArray<A>, void, void> {
  const forwards = direction === 'forwards';
  const head = reader.head();
  const last = forwards
    ? Math.min(head, to === undefined ? head : toInteger(to))
    : Math.max(1, to === undefined ? 1 : toInteger(to));
  let looked = forwards
    ? Math.max(0, after === undefined ? 0 : toInteger(after))
    : Math.min(head + 1, after === undefined ? head + 1 : toInteger(after));
  let left = limit;
  while (left > 0 && (forwards ? looked < last : looked > last)) {
    const page = reader.page({
      ...filter,
      direction,
      after: looked,
      to: last,
      limit: Math.min(left, Math.max(1, pageSize)),
    });
    looked = page.looked;
    left -= page.events.length;
    // fault point: a read of the log has a page
    if (page.events.length > 0) yield page.events;
    await nextTurn();
  }
}

/** One stream page by page, by revision; no page when the stream does not exist. */
export async function* readStreamPages(
  reader: LogReader,
  streamId: string,
  { direction = 'forwards', from, to, limit = Infinity }: ReadStreamOptions,
): AsyncGenerator<ReadonlyArray<StoredEvent>, void, void> {
  const stream = reader.streamNumber(streamId);
  if (stream === null) return;
  const forwards = direction === 'forwards';
  let low = Math.max(0, (forwards ? from : to) ?? 0);
  let high = (forwards ? to : from) ?? Number.MAX_SAFE_INTEGER;
  let left = limit;
  while (left > 0 && low <= high) {
    const asked = Math.min(left, DEFAULT_PAGE_SIZE);
    const events = reader.stream(stream, direction, low, high, asked);
    const last = events.at(-1);
    if (last === undefined) return;
    yield events;
    if (events.length < asked) return;
    left -= events.length;
    if (forwards) low = last.revision + 1;
    else high = last.revision - 1;
    await nextTurn();
  }
}
