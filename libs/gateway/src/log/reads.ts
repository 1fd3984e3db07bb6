import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EncodedLog, Position } from '@afecto/event-store';
import { allPage, isByStreamPattern } from './all-pages';
import { PageSize } from './page-size';
import type { RecordSource } from './record-source';
import {
  END,
  type ReadAllQuery,
  type ReadStreamQuery,
  type ResolvedRecord,
  TOMBSTONE,
  type WireRecord,
} from './wire-log';

type Resolve = (records: ReadonlyArray<WireRecord>, resolveLinks: boolean) => ReadonlyArray<ResolvedRecord>;
type PageGenerator = AsyncGenerator<ReadonlyArray<ResolvedRecord>, void, void>;

/** A number that the query names as a place; one beyond the last event is clamped right behind it. */
const placeOf = (from: ReadStreamQuery['from'], last: number): number => {
  if (from === 'start') return 0;
  if (from === 'end') return last;
  return from >= TOMBSTONE || from > BigInt(last) ? last + 1 : Number(from);
};

/** The part of one stream that the query asks for, of the places `low`..`last` that are in sight. */
export async function* streamPages(
  source: RecordSource,
  resolve: Resolve,
  { direction, from, limit, resolveLinks }: ReadStreamQuery,
  low: number,
  last: number,
): PageGenerator {
  const forwards = direction === 'forwards';
  const size = new PageSize();
  // Forwards from the end is behind the last event, backwards from the end is the last event.
  const start = forwards && from === 'end' ? last + 1 : placeOf(from, last);
  let next = forwards ? Math.max(start, low) : Math.min(start, last);
  let left = limit;
  while (left > 0 && (forwards ? next <= last : next >= low)) {
    const asked = size.get(left);
    const records = forwards ? source.read('forwards', next, last, asked) : source.read('backwards', low, next, asked);
    if (records.length === 0) return;
    size.read(records);
    left -= records.length;
    next += forwards ? records.length : -records.length;
    yield resolve(records, resolveLinks);
    if (left > 0) await nextTurn();
  }
}

/** Where to look from, exclusive: forwards positions stand before their record, backwards behind it. */
const afterOf = ({ direction, from }: ReadAllQuery, head: Position): Position => {
  const forwards = direction === 'forwards';
  if (from === 'start') return forwards ? 0n : 1n;
  if (from === 'end' || from >= END || from > head) return forwards ? head : head + 1n;
  if (forwards) return from <= 0n ? 0n : from - 1n;
  return from <= 0n ? 1n : from;
};

/** The part of the log that the query asks for; forwards it ends at the head of the moment of asking. */
export async function* allPages(
  encoded: EncodedLog,
  resolve: Resolve,
  query: ReadAllQuery,
  head: Position,
): PageGenerator {
  const { direction, limit, filter, resolveLinks } = query;
  const forwards = direction === 'forwards';
  const size = new PageSize();
  let looked = afterOf(query, head);
  let left = limit;
  while (left > 0 && (forwards ? looked < head : looked > 1n)) {
    const page = allPage(encoded, direction, looked, size.get(isByStreamPattern(filter) ? Infinity : left), filter);
    looked = page.looked;
    size.read(page.records);
    const records = page.records
      .filter(({ position }) => !forwards || position <= head)
      .slice(0, Math.min(left, page.records.length));
    left -= records.length;
    if (records.length > 0) yield resolve(records, resolveLinks);
    if (left > 0) await nextTurn();
  }
}
