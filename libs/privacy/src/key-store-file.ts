import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import { KEY_STORE_ID, KEY_STORE_LAYOUT, KEY_STORE_SCHEMA, SEED_TABLE } from './key-store-schema';
import type { KeyFiles } from './keys';
import { findMasterKey, firstMasterKey, type MasterKey, type MasterKeyError, settleMasterKey } from './master-key';

export interface KeyStoreError {
  readonly code: MasterKeyError['code'] | 'Foreign' | 'OtherLayout' | 'Damaged';
  readonly message: string;
}

const BUSY_MS = 10_000;

const number = (database: DatabaseSync, pragma: string): number =>
  Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0] ?? 0);

const LAYOUT_WITHOUT_SEEDS = 1;

/** Whether a key store that is only read has seeds; one of an older program has not. */
export const hasSeeds = (database: DatabaseSync): boolean => number(database, 'user_version') !== LAYOUT_WITHOUT_SEEDS;

/** Whether the file is one of another application, or of another part of this one. */
const isForeign = (database: DatabaseSync): boolean => {
  const application = number(database, 'application_id');
  return application === 0 ? !isEmpty(database) : application !== KEY_STORE_ID;
};

const isEmpty = (database: DatabaseSync): boolean =>
  database.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'] === 0;

/** Makes the tables of an empty file, and sees that those of another are ours. */
const prepared = (database: DatabaseSync, file: string): E.Either<KeyStoreError, void> => {
  if (isEmpty(database)) {
    database.exec(KEY_STORE_SCHEMA);
    database.exec(`PRAGMA application_id = ${KEY_STORE_ID}; PRAGMA user_version = ${KEY_STORE_LAYOUT}`);
    return E.right(undefined);
  }
  const layout = number(database, 'user_version');
  if (layout === LAYOUT_WITHOUT_SEEDS) database.exec(`${SEED_TABLE} PRAGMA user_version = ${KEY_STORE_LAYOUT}`);
  return layout === LAYOUT_WITHOUT_SEEDS || layout === KEY_STORE_LAYOUT
    ? E.right(undefined)
    : E.left({ code: 'OtherLayout', message: `${file} was made by another version of the program; use that one` });
};

const knownMaster = (database: DatabaseSync): string | null => {
  const id = database.prepare('SELECT id FROM master').get()?.['id'];
  return typeof id === 'string' ? id : null;
};

/** The master key that wraps the keys of this store; its first one where it has none. */
const masterOf = (database: DatabaseSync, { keyStore, masterKey }: KeyFiles): E.Either<KeyStoreError, MasterKey> => {
  const known = knownMaster(database);
  if (known !== null) {
    const found = findMasterKey(masterKey, known);
    // Whoever only reads may be overtaken by a rotation.
    return E.isLeft(found) && knownMaster(database) !== known ? masterOf(database, { keyStore, masterKey }) : found;
  }
  const first = firstMasterKey(masterKey);
  if (E.isRight(first)) database.prepare('INSERT INTO master (one, id) VALUES (1, ?)').run(first.right.id);
  return first;
};

/** Makes a connection ready to write: what it commits is on the disk, what it deletes is overwritten. */
const writable = (database: DatabaseSync, files: KeyFiles): E.Either<KeyStoreError, MasterKey> => {
  // Before anything is changed in it.
  if (isForeign(database))
    return E.left({
      code: 'Foreign',
      message: `${files.keyStore} is no Afecto key store, and is left as it is; name another file`,
    });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON');
  database.exec('BEGIN IMMEDIATE');
  try {
    const checked = prepared(database, files.keyStore);
    const isNew = E.isRight(checked) && knownMaster(database) === null;
    const master = E.isLeft(checked) ? checked : masterOf(database, files);
    // A rotation that was interrupted beside a new store is another store's: what lies there may be its only key.
    if (E.isRight(master) && !isNew) settleMasterKey(files.masterKey, master.right.id);
    database.exec(E.isLeft(master) ? 'ROLLBACK' : 'COMMIT');
    return master;
  } catch (error) {
    // A full disk ends the transaction by itself.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
};

/** What is made of the file and of its master key; it is closed when nothing can be. */
const opened = <A>(
  files: KeyFiles,
  readOnly: boolean,
  masterIn: (database: DatabaseSync, files: KeyFiles) => E.Either<KeyStoreError, MasterKey>,
  made: (database: DatabaseSync, master: MasterKey) => A,
): E.Either<KeyStoreError, A> => {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(files.keyStore, { readOnly, timeout: BUSY_MS });
    const master = masterIn(database, files);
    if (E.isRight(master)) return E.right(made(database, master.right));
    database.close();
    return master;
  } catch (error) {
    database?.close();
    return E.left({ code: 'Damaged', message: `the key store ${files.keyStore} cannot be read: ${String(error)}` });
  }
};

/** Opens the file to write, or makes it, and its master key. */
export const openedToWrite = <A>(
  files: KeyFiles,
  made: (database: DatabaseSync, master: MasterKey) => A,
): E.Either<KeyStoreError, A> => {
  try {
    for (const file of [files.keyStore, files.masterKey]) mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    return E.left({ code: 'CannotOpen', message: `folder of ${files.keyStore} cannot be made: ${String(error)}` });
  }
  return opened(files, false, writable, made);
};

/** Opens a file that is there, and changes nothing in it. */
export const openedToRead = <A>(
  files: KeyFiles,
  made: (database: DatabaseSync, master: MasterKey) => A,
): E.Either<KeyStoreError, A> => opened(files, true, masterOf, made);
