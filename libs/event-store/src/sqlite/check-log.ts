import type { DatabaseSync } from 'node:sqlite';
import { EVENT_COLUMNS, type EventRow, eventOf, type Names, UUID_PARAMETER } from './event-row';
import { countGaps, LogGaps } from './log-gaps';
import { missingFromSchema } from './schema';

/** Up to this size the whole file is checked at every opening (about a tenth of a second). */
const WHOLE_CHECK_BYTES = 32 * 1024 * 1024;
/** Rows checked at each end of a larger log. */
const ROWS_AT_EACH_END = 256;

const numberOf = (database: DatabaseSync, sql: string): number =>
  Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);

const structureOf = (database: DatabaseSync): string | null => {
  const found = String(Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})[0] ?? 'ok');
  return found === 'ok' ? null : found;
};

/** Names are checked apart, by their number. */
const unnamed: Names = { streamName: () => '', typeName: () => '' };

/** Rows must follow each other without a gap that is not named, be as they were written and be found by both indexes. */
const rowsBetween = (database: DatabaseSync, low: number, high: number): string | null => {
  const statement = database.prepare(
    `SELECT ${EVENT_COLUMNS} FROM events e WHERE e.position BETWEEN ? AND ? ORDER BY e.position`,
  );
  statement.setReturnArrays(true);
  const byId = database.prepare(`SELECT position FROM events INDEXED BY events_by_id WHERE id = ${UUID_PARAMETER}`);
  const byStream = database.prepare(
    'SELECT position FROM events INDEXED BY events_by_stream WHERE stream = ? AND revision = ?',
  );
  const names = database.prepare('SELECT 1 FROM streams s, event_types t WHERE s.id = ? AND t.id = ?');
  const gaps = LogGaps.of(database);
  const missing = (first: number, last: number): number | null =>
    gaps === null ? (first > last ? null : first) : gaps.firstGiven(first, last);
  let expected = low;
  const rows: Iterable<unknown> = statement.iterate(low, high);
  for (const row of rows as Iterable<EventRow>) {
    const lost = missing(expected, row[0] - 1);
    if (lost !== null) return `the log lacks position ${lost}`;
    expected = row[0];
    if (eventOf(row, unnamed) === null) return `the event at position ${expected} is not what was written`;
    if (byId.get(row[4])?.['position'] !== expected) return `the index of ids does not find position ${expected}`;
    if (byStream.get(row[1], row[2])?.['position'] !== expected)
      return `the index of streams does not find position ${expected}`;
    if (names.get(row[1], row[3]) === undefined) return `the stream or the type of position ${expected} has no name`;
    expected += 1;
  }
  const lost = missing(expected, high);
  return lost === null ? null : `the log lacks position ${lost}`;
};

/**
 * What is wrong with the log, or `null`. At opening the cost is bounded: tables, columns and indexes
 * are there; the events at both ends are whole, without gap and found by their indexes; a file of at
 * most 32 MiB is checked whole. In a larger file damage in the middle is met where it is read
 * (`StoreDamagedError`) or by `verifySqliteEventStore`, which passes `whole`.
 */
export const damageOf = (database: DatabaseSync, whole: boolean): string | null => {
  const missing = missingFromSchema(database);
  if (missing !== null) return `${missing} is missing`;
  const bytes = numberOf(database, 'PRAGMA page_count') * numberOf(database, 'PRAGMA page_size');
  const small = bytes <= WHOLE_CHECK_BYTES;
  if (whole || small) {
    const structure = structureOf(database);
    if (structure !== null) return structure;
  }
  const head = numberOf(database, 'SELECT max(position) FROM events');
  if (head === 0) return null;
  if (whole || small) {
    const count = numberOf(database, 'SELECT count(*) FROM events');
    const gaps = countGaps(database);
    if (count + gaps !== head)
      return `it has ${count} events where the last position is ${head}${gaps === 0 ? '' : ` and ${gaps} were never given`}`;
  }
  if (whole || head <= 2 * ROWS_AT_EACH_END) return rowsBetween(database, 1, head);
  return rowsBetween(database, 1, ROWS_AT_EACH_END) ?? rowsBetween(database, head - ROWS_AT_EACH_END + 1, head);
};
