import type { DatabaseSync } from 'node:sqlite';

/** "AFEC": marks the file as ours (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x41464543;

/**
 * One step a version, from the first day; `PRAGMA user_version` says how many have run. A step that
 * has been released never changes.
 *
 * Streams and types are interned: integer keys make an insert 1.6 times as fast as text keys.
 * `position` is assigned by the writer as head + 1, so that a missing row is visible. There is no
 * index on `type`: a filtered read scans, and every append would pay for the index.
 *
 * The second step is taken by restored logs only: there a position may be missing when it is named as a
 * gap, and `part` says what a part of a log is a part of.
 */
const migrations: ReadonlyArray<string> = [
  `CREATE TABLE streams (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE
   ) STRICT;
   CREATE TABLE event_types (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE
   ) STRICT;
   CREATE TABLE events (
     position INTEGER PRIMARY KEY,
     stream INTEGER NOT NULL,
     revision INTEGER NOT NULL,
     type INTEGER NOT NULL,
     id BLOB NOT NULL,
     recorded_at INTEGER NOT NULL,
     checksum INTEGER NOT NULL,
     data TEXT NOT NULL,
     metadata TEXT NOT NULL
   ) STRICT;
   CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
   CREATE UNIQUE INDEX events_by_id ON events (id);`,
  `CREATE TABLE gaps (
     first INTEGER PRIMARY KEY,
     last INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE part (
     only INTEGER PRIMARY KEY CHECK (only = 1),
     description TEXT NOT NULL
   ) STRICT;`,
];

/** Of a log that is written here from its first event on. Programs that know no gaps go on reading it. */
export const ORDINARY_VERSION = 1;
/** Of a log that was restored from an export. */
export const RESTORED_VERSION = 2;
/** The latest that this program can read. */
export const SCHEMA_VERSION = migrations.length;

const expectedColumns: ReadonlyArray<readonly [table: string, columns: string]> = [
  ['streams', 'id,name'],
  ['event_types', 'id,name'],
  ['events', 'position,stream,revision,type,id,recorded_at,checksum,data,metadata'],
];
const expectedInRestored: typeof expectedColumns = [
  ['gaps', 'first,last'],
  ['part', 'only,description'],
];
const expectedIndexes = ['events_by_stream', 'events_by_id'];

const pragma = (database: DatabaseSync, name: 'application_id' | 'user_version'): number =>
  Number(database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);

/** What a file says about itself. */
export const identityOf = (database: DatabaseSync): { readonly applicationId: number; readonly version: number } => ({
  applicationId: pragma(database, 'application_id'),
  version: pragma(database, 'user_version'),
});

/** Runs the steps that this file has not seen, all in one transaction with the new version number. */
export const migrate = (database: DatabaseSync, to = ORDINARY_VERSION): void => {
  const { version } = identityOf(database);
  if (version >= to) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const step of migrations.slice(version, to)) database.exec(step);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${to}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};

/** The first table, column or index of the current schema that is missing; `null` when all are there. */
export const missingFromSchema = (database: DatabaseSync): string | null => {
  const columns = database.prepare('SELECT group_concat(name) AS columns FROM pragma_table_info(?)');
  const isRestored = identityOf(database).version >= RESTORED_VERSION;
  for (const [table, expected] of isRestored ? [...expectedColumns, ...expectedInRestored] : expectedColumns) {
    const found = columns.get(table)?.['columns'];
    if (found === null || found === undefined) return `table ${table}`;
    if (found !== expected) return `columns of table ${table}`;
  }
  const index = database.prepare(
    "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ? AND tbl_name = 'events'",
  );
  return expectedIndexes.find((name) => index.get(name) === undefined)?.replace(/^/, 'index ') ?? null;
};
