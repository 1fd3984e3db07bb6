import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import { damageOf } from './check-log';
import { cannotOpen, type OpenError, storeDamaged, storeForeign, storeNewer } from './open-error';
import { APPLICATION_ID, identityOf, migrate, SCHEMA_VERSION } from './schema';
import { isDamage, isUnopenable, messageOf } from './sqlite-failure';

/** One page of the smallest size SQLite has, in bytes. */
const SMALLEST_DATABASE = 512;
/** How long a statement waits for a foreign tool that has the file locked; it keeps the event loop. */
const LOCK_WAIT_MS = 1_000;
/** Pages of the write-ahead log before they are carried over: 32 MiB, so that hot index pages are carried once. */
const CHECKPOINT_PAGES = 8_192;
const WRITER_CACHE_KIB = 65_536;
const READER_CACHE_KIB = 32_768;

const refusal = (file: string, error: unknown): OpenError => {
  const message = messageOf(error);
  if (isDamage(error)) return storeDamaged(file, message);
  if (!isUnopenable(error)) return cannotOpen(file, message);
  const needed = 'SQLite needs a folder that can be written, also to read';
  return cannotOpen(file, `${message}; ${needed}: where this one cannot, copy the log and the files beside it`);
};

/** Runs what touches the file; damage and refusal become answers. */
export const attempt = <A>(file: string, action: () => A): E.Either<OpenError, A> => {
  try {
    return E.right(action());
  } catch (error) {
    return E.left(refusal(file, error));
  }
};

const mayAccess = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
};

/** The one name of a file, so that a link to it cannot have a second writer. The file itself may be absent. */
export const resolveLogFile = (file: string): E.Either<OpenError, string> => {
  const path = resolve(file);
  const folder = dirname(path);
  if (!(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false))
    return E.left(cannotOpen(path, `the folder ${folder} does not exist`));
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isFile()) return E.left(cannotOpen(path, 'it is not a file'));
  return attempt(path, () => (found === undefined ? join(realpathSync(folder), basename(path)) : realpathSync(path)));
};

/** Whether the file may be written. A file without any write permission is refused to the superuser too. */
export const checkWritable = (file: string): E.Either<OpenError, void> => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found !== undefined && ((found.mode & 0o222) === 0 || !mayAccess(file, constants.W_OK)))
    return E.left(cannotOpen(file, 'the file is read-only; open it read-only or change its permissions'));
  if (!mayAccess(dirname(file), constants.W_OK))
    return E.left(cannotOpen(file, `the folder ${dirname(file)} is read-only`));
  return E.right(undefined);
};

export const syncFolder = (folder: string): void => {
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/**
 * Makes an empty log under another name and renames it, so that a log file is never half made and an
 * empty file is always damage. The caller holds the writer's lock.
 */
export const createLogFile = (file: string): E.Either<OpenError, void> =>
  attempt(file, () => {
    const unfinished = `${file}.new`;
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${unfinished}${suffix}`, { force: true });
    const database = new DatabaseSync(unfinished);
    try {
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
      migrate(database);
    } finally {
      database.close();
    }
    // fault point: a new log is made and has no name yet
    renameSync(unfinished, file);
    // fault point: a new log has its name
    syncFolder(dirname(file));
  });

const identify = (database: DatabaseSync, file: string): E.Either<OpenError, void> => {
  const identity = attempt(file, () => identityOf(database));
  if (E.isLeft(identity)) return identity;
  const { applicationId, version } = identity.right;
  if (applicationId !== APPLICATION_ID) return E.left(storeForeign(file));
  if (version > SCHEMA_VERSION) return E.left(storeNewer(file, version, SCHEMA_VERSION));
  return E.right(undefined);
};

/**
 * Opens an existing log and answers for it: it is ours, of a version we know, and sound as far as a
 * bounded check can tell (`damageOf`). Nothing is written before the file is known to be ours.
 *
 * @param check `bounded` for an opening; `whole`: every page and every event, seconds per GiB;
 *   `none`: another connection of this process has just checked
 */
export const openLogFile = (
  file: string,
  mode: 'write' | 'read',
  check: 'none' | 'bounded' | 'whole',
): E.Either<OpenError, DatabaseSync> => {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) return E.left(cannotOpen(file, 'there is no such file'));
  if (found.size === 0)
    return E.left(storeDamaged(file, 'the file is empty; if it never held events, remove it to start a new log'));
  if (found.size < SMALLEST_DATABASE) return E.left(storeDamaged(file, 'the file is too short to be a database'));
  const opened = attempt(file, () => new DatabaseSync(file, { readOnly: mode === 'read', timeout: LOCK_WAIT_MS }));
  if (E.isLeft(opened)) return opened;
  const database = opened.right;
  const refuse = (error: OpenError): E.Either<OpenError, never> => {
    database.close();
    return E.left(error);
  };
  const identity = identify(database, file);
  if (E.isLeft(identity)) return refuse(identity.left);
  const prepared = attempt(file, () => {
    if (mode === 'write') {
      database.exec(
        `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
         PRAGMA cache_size = -${WRITER_CACHE_KIB}`,
      );
      migrate(database);
    }
    // A damaged cell is noticed when its page is loaded, not when it is used.
    database.exec('PRAGMA cell_size_check = ON');
    if (mode === 'read') database.exec(`PRAGMA cache_size = -${READER_CACHE_KIB}`);
    return check === 'none' ? null : damageOf(database, check === 'whole');
  });
  if (E.isLeft(prepared)) return refuse(prepared.left);
  return prepared.right === null ? E.right(database) : refuse(storeDamaged(file, prepared.right));
};
