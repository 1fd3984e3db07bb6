import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import type { EncodedRecord } from '../encoded-log';
import { columnsOf } from './encoded-content';
import { checksumOf, isUuid, UUID_PARAMETER } from './event-row';
import { cannotOpen, type OpenError } from './open-error';
import { attempt, checkWritable, openLogFile, resolveLogFile, syncFolder } from './open-log-file';
import { isStreamName, isTypeName } from './prepare-append';
import { isDoubled, messageOf } from './sqlite-failure';
import { migrate, ORDINARY_VERSION, RESTORED_VERSION } from './schema';
import { takeWriterLock } from './writer-lock';

/** The events do not make a log, or the disk does not take them. `message` is for people. */
export interface RestoreError {
  readonly code: 'NotEmpty' | 'NotALog' | 'StoreFailed';
  readonly message: string;
}

/**
 * A log that is made from events which have their places already: positions, revisions and instants are
 * kept as they are given. It has no name until it is complete.
 */
export interface LogRestoration {
  /** The events behind those before, in the order of the log. Left: nothing can be added any more. */
  readonly add: (events: ReadonlyArray<EncodedRecord>) => E.Either<RestoreError, void>;
  /**
   * Gives the log its name, durably, and ends.
   *
   * @param part what it is a part of, kept in it; null: it is a whole log
   */
  readonly complete: (part: string | null) => E.Either<RestoreError, void>;
  /** Ends and leaves nothing; after `complete` it does nothing. */
  readonly abandon: () => void;
}

const failed = (file: string, error: unknown): E.Either<RestoreError, never> =>
  E.left({
    code: 'StoreFailed',
    message: `${file} cannot be written: ${messageOf(error)}`,
  });

/** A page cache for indexes that are filled in no order. */
const CACHE_KIB = 65_536;

const removeUnfinished = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
};

class Restoring {
  readonly #streams = new Map<string, number>();
  readonly #types = new Map<string, number>();
  readonly #insertEvent: StatementSync;
  readonly #insertStream: StatementSync;
  readonly #insertType: StatementSync;
  #insertGap: StatementSync | null = null;
  #last = 0;

  constructor(readonly database: DatabaseSync) {
    this.#insertEvent = database.prepare(
      `INSERT INTO events (position, stream, revision, type, id, recorded_at, checksum, data, metadata)
       VALUES (?, ?, ?, ?, ${UUID_PARAMETER}, ?, ?, ?, ?)`,
    );
    this.#insertStream = database.prepare('INSERT INTO streams (id, name) VALUES (?, ?)');
    this.#insertType = database.prepare('INSERT INTO event_types (id, name) VALUES (?, ?)');
  }

  /** What the log cannot hold of the event; null: nothing. */
  fault({ id, type, streamId, revision, position, recordedAt }: EncodedRecord): string | null {
    if (!isUuid(id)) return `its id ${id} is no UUID in canonical lower-case form`;
    if (!isTypeName(type)) return 'its type cannot name an event type';
    if (!isStreamName(streamId)) return 'its stream cannot name a stream';
    if (position <= BigInt(this.#last)) return `its position ${position} does not follow ${this.#last}`;
    if (position > BigInt(Number.MAX_SAFE_INTEGER)) return `its position ${position} is beyond 2^53`;
    if (!Number.isSafeInteger(revision) || revision < 0) return `its revision ${revision} is none`;
    return Number.isSafeInteger(recordedAt) && recordedAt >= 0 ? null : `its instant ${recordedAt} is none`;
  }

  insert(event: EncodedRecord): void {
    const position = Number(event.position);
    if (position > this.#last + 1) this.#gap(this.#last + 1, position - 1);
    const stream = this.#numberOf(event.streamId, this.#streams, this.#insertStream);
    const type = this.#numberOf(event.type, this.#types, this.#insertType);
    const { id, revision, recordedAt } = event;
    const { data, metadata } = columnsOf(event);
    const checksum = checksumOf([position, stream, revision, type, recordedAt], id, data, metadata);
    this.#insertEvent.run(position, stream, revision, type, id, recordedAt, checksum, data, metadata);
    this.#last = position;
  }

  /** A whole log without gaps is one like any other. */
  finish(part: string | null): void {
    const { database } = this;
    if (part !== null) database.prepare('INSERT INTO part (only, description) VALUES (1, ?)').run(part);
    else if (this.#insertGap === null)
      database.exec(`DROP TABLE gaps; DROP TABLE part; PRAGMA user_version = ${ORDINARY_VERSION}`);
    database.exec('PRAGMA journal_mode = WAL');
  }

  #gap(first: number, last: number): void {
    this.#insertGap ??= this.database.prepare('INSERT INTO gaps (first, last) VALUES (?, ?)');
    this.#insertGap.run(first, last);
  }

  #numberOf(name: string, known: Map<string, number>, insert: StatementSync): number {
    const kept = known.get(name);
    if (kept !== undefined) return kept;
    const number = known.size + 1;
    insert.run(number, name);
    known.set(name, number);
    return number;
  }
}

/** Whether there is nothing at the place: no file, or a log without events, which gives way. */
const isEmpty = (file: string): E.Either<OpenError, boolean> => {
  if (!existsSync(file)) return E.right(true);
  const opened = openLogFile(file, 'write', 'none');
  if (E.isLeft(opened)) return opened;
  return attempt(file, () => {
    try {
      return opened.right.prepare('SELECT 1 FROM events LIMIT 1').get() === undefined;
    } finally {
      opened.right.close();
    }
  });
};

/**
 * Begins to restore a log into `file`, where there must be no log or one without events. Whoever wants to
 * write there finds it held meanwhile. What is unfinished lies in `<file>.restoring`, is worth nothing, and
 * is removed by the next attempt when a crash has left it.
 */
export const restoreSqliteLog = (file: string, now: number): E.Either<OpenError | RestoreError, LogRestoration> => {
  const resolved = resolveLogFile(file);
  if (E.isLeft(resolved)) return resolved;
  const path = resolved.right;
  const writable = checkWritable(path);
  if (E.isLeft(writable)) return writable;
  const lock = takeWriterLock(path, now);
  if (E.isLeft(lock)) return lock;
  const refuse = <L>(error: L): E.Either<L, never> => {
    lock.right.release();
    return E.left(error);
  };
  const empty = isEmpty(path);
  if (E.isLeft(empty)) return refuse(empty.left);
  if (!empty.right)
    return refuse({
      code: 'NotEmpty',
      message: `The event store ${path} has events already; a log is restored into an empty one only. Nothing was changed.`,
    });
  const unfinished = `${path}.restoring`;
  let database: DatabaseSync;
  let restoring: Restoring;
  try {
    removeUnfinished(unfinished);
    database = new DatabaseSync(unfinished);
    // What is half done is thrown away, never mended: the file is made durable once, before it has its name.
    database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE_KIB}`);
    migrate(database, RESTORED_VERSION);
    restoring = new Restoring(database);
  } catch (error) {
    return refuse(cannotOpen(path, messageOf(error)));
  }
  let ended = false;
  const abandon = (): void => {
    if (ended) return;
    ended = true;
    if (database.isOpen) database.close();
    removeUnfinished(unfinished);
    lock.right.release();
  };
  const add: LogRestoration['add'] = (events) => {
    let id = '';
    const noLog = (fault: string): E.Either<RestoreError, never> =>
      E.left({ code: 'NotALog', message: `event ${id}: ${fault}` });
    try {
      database.exec('BEGIN');
      for (const event of events) {
        ({ id } = event);
        const fault = restoring.fault(event);
        if (fault !== null) return noLog(fault);
        restoring.insert(event);
      }
      database.exec('COMMIT');
      return E.right(undefined);
    } catch (error) {
      if (isDoubled(error)) return noLog('an event before it has the same id, or the same place in its stream');
      return failed(unfinished, error);
    }
  };
  const complete: LogRestoration['complete'] = (part) => {
    try {
      restoring.finish(part);
      database.close();
      const descriptor = openSync(unfinished, 'r+');
      try {
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(unfinished, path);
      syncFolder(dirname(path));
      ended = true;
      lock.right.release();
      return E.right(undefined);
    } catch (error) {
      return failed(path, error);
    }
  };
  return E.right({ add, complete, abandon });
};
