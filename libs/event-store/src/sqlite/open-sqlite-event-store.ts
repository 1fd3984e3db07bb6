import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import type { EmbeddedEventStore } from '../encoded-log';
import { CommitQueue } from './commit-queue';
import { CommitSignal } from './commit-signal';
import { storedFormat } from './event-row';
import { LogNames } from './log-names';
import { LogReader } from './log-reader';
import { LogWriter } from './log-writer';
import type { OpenError } from './open-error';
import { attempt, checkWritable, createLogFile, openLogFile, resolveLogFile } from './open-log-file';
import { storeOver, type Writing } from './store-over';
import { takeWriterLock, type WriterLock } from './writer-lock';

export interface SqliteEventStoreOptions {
  /** Path of the log; its folder must exist. `<file>.lock` and `<file>.holder.json` lie beside it. */
  readonly file: string;
  /** Milliseconds since 1970: sets `recordedAt`. */
  readonly clock: () => number;
  /** Take no lock and refuse appends: may be opened beside the writer, by any number of processes. */
  readonly readOnly?: boolean;
  /** Upper bound of the file in bytes; an append beyond it answers `StoreFailed`. Default: the disk. */
  readonly maxBytes?: number;
}

const limitSize = (database: DatabaseSync, maxBytes: number | undefined): void => {
  if (maxBytes === undefined) return;
  const pageSize = Number(database.prepare('PRAGMA page_size').get()?.['page_size'] ?? 4_096);
  database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(maxBytes / pageSize))}`);
};

const orClose = <A>(database: DatabaseSync, made: E.Either<OpenError, A>): E.Either<OpenError, A> => {
  if (E.isLeft(made)) database.close();
  return made;
};

const openReader = (file: string, check: 'none' | 'bounded'): E.Either<OpenError, LogReader> => {
  const opened = openLogFile(file, 'read', check);
  if (E.isLeft(opened)) return opened;
  return orClose(
    opened.right,
    attempt(file, () => new LogReader(opened.right, file, storedFormat, new LogNames(opened.right, file))),
  );
};

const openWriter = (file: string, { clock, maxBytes }: SqliteEventStoreOptions): E.Either<OpenError, LogWriter> => {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    const created = createLogFile(file);
    if (E.isLeft(created)) return created;
  }
  const opened = openLogFile(file, 'write', 'bounded');
  if (E.isLeft(opened)) return opened;
  const database = opened.right;
  return orClose(
    database,
    attempt(file, () => {
      limitSize(database, maxBytes);
      return new LogWriter(database, clock);
    }),
  );
};

const openWriting = (
  file: string,
  options: SqliteEventStoreOptions,
  lock: WriterLock,
): E.Either<OpenError, EmbeddedEventStore> => {
  const writer = openWriter(file, options);
  if (E.isLeft(writer)) return writer;
  const reader = openReader(file, 'none');
  if (E.isLeft(reader)) {
    writer.right.database.close();
    return reader;
  }
  const commits = new CommitSignal();
  const writing: Writing = {
    queue: new CommitQueue(
      (batch) => writer.right.write(batch),
      () => commits.committed(),
    ),
    release: () => {
      writer.right.database.close();
      lock.release();
    },
  };
  return E.right(storeOver(reader.right, commits, writing));
};

/**
 * Opens the log in `file`, making it when it does not exist. One process writes; the lock goes with
 * that process however it ends. Commits are durable when acknowledged (WAL, `synchronous = FULL`).
 *
 * Errors: `StoreHeld` (another writer), `StoreDamaged`, `StoreNewer`, `StoreForeign`, `CannotOpen`;
 * each names the file and changes nothing in it.
 */
export const openSqliteEventStore = (options: SqliteEventStoreOptions): E.Either<OpenError, EmbeddedEventStore> => {
  const resolved = resolveLogFile(options.file);
  if (E.isLeft(resolved)) return resolved;
  const file = resolved.right;
  if (options.readOnly === true) {
    const reader = openReader(file, 'bounded');
    return E.isLeft(reader) ? reader : E.right(storeOver(reader.right, new CommitSignal(), null));
  }
  const writable = checkWritable(file);
  if (E.isLeft(writable)) return writable;
  const lock = takeWriterLock(file, options.clock());
  if (E.isLeft(lock)) return lock;
  const store = openWriting(file, options, lock.right);
  if (E.isLeft(store)) lock.right.release();
  return store;
};
