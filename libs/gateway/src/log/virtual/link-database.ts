import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/** "AFLK": marks the file as ours (`PRAGMA application_id`). */
const APPLICATION_ID = 0x41464c4b;
/** Of the rules and of the tables: another version builds the index anew. */
const VERSION = 1;
/** How long to wait for another gateway that follows the same log. */
const LOCK_WAIT_MS = 1_000;
/** Keeps the index in memory. */
const IN_MEMORY = ':memory:';

const SCHEMA = `
  CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE links (
    stream INTEGER NOT NULL,
    number INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (stream, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE checkpoint (position INTEGER NOT NULL, event_id TEXT NOT NULL) STRICT;
  INSERT INTO checkpoint VALUES (0, '');
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${VERSION};`;

/** How far the log has been indexed, and the id of the event there: another log has another one. */
export interface IndexCheckpoint {
  readonly position: number;
  readonly eventId: string;
}

const numberOf = (database: DatabaseSync, pragma: 'application_id' | 'user_version'): number =>
  Number(database.prepare(`PRAGMA ${pragma}`).get()?.[pragma] ?? 0);

export const checkpointOf = (database: DatabaseSync): IndexCheckpoint => {
  const row = database.prepare('SELECT position, event_id FROM checkpoint').get();
  return { position: Number(row?.['position'] ?? 0), eventId: String(row?.['event_id'] ?? '') };
};

/** Durable enough: a lost tail is computed again, and the file is never half written. */
const prepare = (database: DatabaseSync): DatabaseSync => {
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  return database;
};

const made = (file: string): DatabaseSync => {
  const database = prepare(new DatabaseSync(file, { timeout: LOCK_WAIT_MS }));
  database.exec(`BEGIN; ${SCHEMA} COMMIT`);
  return database;
};

const opened = (file: string, belongs: (checkpoint: IndexCheckpoint) => boolean): DatabaseSync | null => {
  let database: DatabaseSync | undefined;
  try {
    database = prepare(new DatabaseSync(file, { timeout: LOCK_WAIT_MS }));
    const isCurrent =
      numberOf(database, 'application_id') === APPLICATION_ID && numberOf(database, 'user_version') === VERSION;
    if (isCurrent && belongs(checkpointOf(database))) return database;
  } catch {
    // Damaged, or no database at all: it holds nothing that the log does not.
  }
  database?.close();
  return null;
};

/**
 * Opens the index of links, and starts an empty one when the file is missing, damaged, of another
 * version, or of another log. The file is derived from the log and may be removed at any time.
 */
export const openLinkDatabase = (file: string, belongs: (checkpoint: IndexCheckpoint) => boolean): DatabaseSync => {
  if (file === IN_MEMORY) return made(file);
  const database = opened(file, belongs);
  if (database !== null) return database;
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
  return made(file);
};
