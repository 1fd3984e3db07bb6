import { renameSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import { cannotOpen, type Holder, type OpenError, storeHeld } from './open-error';
import { isBusy, messageOf } from './sqlite-failure';

export interface WriterLock {
  readonly release: () => void;
}

const isHolder = (value: unknown): value is Holder =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'host' in value &&
  typeof value.host === 'string' &&
  'since' in value &&
  typeof value.since === 'string';

const readHolder = (file: string): Holder | null => {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isHolder(value) ? value : null;
  } catch {
    // The holder has the lock but has not written its name yet.
    return null;
  }
};

/**
 * Takes the one writer's place of `file`. The lock is the operating system's lock on the empty
 * database `<file>.lock`: it goes with the process, however the process ends, and needs no cleaning.
 * `<file>.holder.json` only says to people who has it; it lies apart because opening and closing the
 * locked file itself would drop the lock (POSIX locks belong to the process, not to the descriptor).
 *
 * @param now milliseconds since 1970, for `since`
 */
export const takeWriterLock = (file: string, now: number): E.Either<OpenError, WriterLock> => {
  const holderFile = `${file}.holder.json`;
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(`${file}.lock`, { timeout: 0 });
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    // fault point: the writer's place is taken
    const holder: Holder = { pid: process.pid, host: hostname(), since: new Date(now).toISOString() };
    writeFileSync(`${holderFile}.new`, JSON.stringify(holder));
    renameSync(`${holderFile}.new`, holderFile);
  } catch (error) {
    database?.close();
    return E.left(
      isBusy(error)
        ? storeHeld(file, readHolder(holderFile))
        : cannotOpen(file, `its lock file ${file}.lock cannot be used (${messageOf(error)})`),
    );
  }
  const held = database;
  return E.right({
    release: () => {
      rmSync(holderFile, { force: true });
      held.close();
    },
  });
};
