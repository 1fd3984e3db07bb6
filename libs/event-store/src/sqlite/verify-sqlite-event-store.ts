import * as E from 'fp-ts/Either';
import type { OpenError } from './open-error';
import { openLogFile, resolveLogFile } from './open-log-file';

export interface VerifiedStore {
  readonly file: string;
  readonly events: number;
}

/**
 * Checks a log whole: every page, both indexes, every position and every event's checksum. Reads
 * only, and may run beside a writer. Takes seconds per GiB and keeps the event loop: for `verify`.
 */
export const verifySqliteEventStore = (file: string): E.Either<OpenError, VerifiedStore> => {
  const resolved = resolveLogFile(file);
  if (E.isLeft(resolved)) return resolved;
  const opened = openLogFile(resolved.right, 'read', 'whole');
  if (E.isLeft(opened)) return opened;
  const database = opened.right;
  const events = Number(database.prepare('SELECT count(*) AS events FROM events').get()?.['events'] ?? 0);
  database.close();
  return E.right({ file: resolved.right, events });
};
