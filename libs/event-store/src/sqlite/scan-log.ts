import type { StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as E from 'fp-ts/Either';
import type { EncodedRecord } from '../encoded-log';
import { StoreDamagedError } from '../store-errors';
import { contentOf } from './encoded-content';
import { encodedFormat, type EncodedRow } from './encoded-row';
import { canonical, isUuid, UUID_PARAMETER } from './event-row';
import { countGaps, LogGaps } from './log-gaps';
import { LogNames } from './log-names';
import type { OpenError } from './open-error';
import { openLogFile, resolveLogFile } from './open-log-file';
import { isDamage, messageOf } from './sqlite-failure';

/** A row of the log as it is, whatever has happened to it. */
export interface ScannedRecord extends EncodedRecord {
  /** Its checksum holds, and its stream and type have names. */
  readonly isSound: boolean;
}

/** One moment of a log file, for whoever checks it: rows that a reader would refuse are shown too. */
export interface LogScan {
  /** Position of the last event when the scan was opened; 0n for an empty log. */
  readonly head: bigint;
  /** Whether every position from 1 on was given, as in a log that was written here. */
  readonly isDense: boolean;
  /** What the log is a part of, in the words of whoever restored it; null: it is a whole log. */
  readonly part: string | null;
  /**
   * Every row, in order. Ends with a `StoreDamagedError` where the file cannot be read any further.
   */
  readonly records: () => AsyncIterable<ReadonlyArray<ScannedRecord>>;
  /** Events of one stream by revision, as far as the index finds them. */
  readonly stream: (streamId: string) => ReadonlyArray<ScannedRecord>;
  /** Position of the event with an id; null: the index finds none. */
  readonly placeOf: (eventId: string) => bigint | null;
  readonly close: () => void;
}

const ROWS_A_PAGE = 1_000;

const NO_BYTES = new Uint8Array();

const nameOr = (look: () => string): string | null => {
  try {
    return look();
  } catch (error) {
    if (error instanceof StoreDamagedError) return null;
    throw error;
  }
};

const unwrapped = (data: Uint8Array, metadata: Uint8Array): Pick<EncodedRecord, 'isJson' | 'data' | 'metadata'> => {
  try {
    return contentOf(data, metadata);
  } catch {
    // What marks wrapped bytes has been damaged: then they are shown as they lie there.
    return { isJson: true, data, metadata };
  }
};

/** What a row says, however little sense it makes. */
const shownRow = (row: EncodedRow, names: LogNames): ScannedRecord => {
  const [position, stream, revision, type, hexadecimalId, recordedAt, , dataBytes, tail] = row;
  const bytes = tail instanceof Uint8Array ? tail : NO_BYTES;
  const streamName = nameOr(() => names.streamName(stream));
  const typeName = nameOr(() => names.typeName(type));
  let isSound = streamName !== null && typeName !== null;
  try {
    isSound &&= encodedFormat.eventOf(row, names) !== null;
  } catch {
    isSound = false;
  }
  return {
    id: canonical(hexadecimalId),
    type: typeName ?? '',
    streamId: streamName ?? '',
    revision,
    position: BigInt(position),
    recordedAt,
    ...unwrapped(bytes.subarray(0, dataBytes), bytes.subarray(dataBytes + 1, -1)),
    isSound,
  };
};

/**
 * Opens a log file to look at every row of it, in one read transaction: it shows one moment, also beside
 * a writer. Nothing is checked but that the file is a log.
 */
export const scanSqliteLog = (file: string): E.Either<OpenError, LogScan> => {
  const resolved = resolveLogFile(file);
  if (E.isLeft(resolved)) return resolved;
  const path = resolved.right;
  const opened = openLogFile(path, 'read', 'none');
  if (E.isLeft(opened)) return opened;
  const database = opened.right;
  /** A page is looked at when it comes into memory, and passes for sound while it stays there. */
  const forgetPages = (): void => database.exec('PRAGMA shrink_memory');
  const damaged = (error: unknown): never => {
    if (isDamage(error)) forgetPages();
    throw new StoreDamagedError(path, messageOf(error));
  };
  async function* records(): AsyncGenerator<ReadonlyArray<ScannedRecord>, void, void> {
    let page: ScannedRecord[] = [];
    try {
      const names = new LogNames(database, path);
      const statement = database.prepare(`SELECT ${encodedFormat.columns} FROM events e ORDER BY e.position`);
      statement.setReturnArrays(true);
      const rows: Iterable<unknown> = statement.iterate();
      // The columns are ours; what is in them is judged row by row.
      for (const row of rows as Iterable<EncodedRow>) {
        page.push(shownRow(row, names));
        if (page.length < ROWS_A_PAGE) continue;
        const full = page;
        page = [];
        yield full;
        await nextTurn();
      }
    } catch (error) {
      if (page.length > 0) yield page;
      damaged(error);
    }
    if (page.length > 0) yield page;
  }
  /** What the file cannot be asked any more is not there: `records` tells the damage. */
  const orElse = <A>(none: A, read: () => A): A => {
    try {
      return read();
    } catch (error) {
      if (!isDamage(error)) throw error;
      forgetPages();
      return none;
    }
  };
  const stream = (streamId: string): ReadonlyArray<ScannedRecord> =>
    orElse<ReadonlyArray<ScannedRecord>>([], () => {
      const names = new LogNames(database, path);
      const statement = database.prepare(
        `SELECT ${encodedFormat.columns} FROM events e
         WHERE e.stream = (SELECT id FROM streams WHERE name = ?) ORDER BY e.revision`,
      );
      statement.setReturnArrays(true);
      const rows: ReadonlyArray<unknown> = statement.all(streamId);
      return (rows as ReadonlyArray<EncodedRow>).map((row) => shownRow(row, names));
    });
  const placeOf = (eventId: string): bigint | null => {
    if (!isUuid(eventId)) return null;
    const found = orElse(undefined, () => byId.get(eventId)?.['position']);
    return found === undefined ? null : BigInt(String(found));
  };
  let byId: StatementSync;
  try {
    database.exec('BEGIN');
    byId = database.prepare(`SELECT position FROM events WHERE id = ${UUID_PARAMETER}`);
    const head = database.prepare('SELECT max(position) AS head FROM events').get()?.['head'] ?? 0;
    const gaps = LogGaps.of(database);
    return E.right({
      head: BigInt(String(head)),
      isDense: gaps === null || countGaps(database) === 0,
      part: gaps?.part ?? null,
      records,
      stream,
      placeOf,
      close: () => database.close(),
    });
  } catch (error) {
    database.close();
    return E.left({ code: 'StoreDamaged', file: path, message: new StoreDamagedError(path, messageOf(error)).message });
  }
};
