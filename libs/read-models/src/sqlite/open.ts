import { DatabaseSync } from 'node:sqlite';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import * as E from 'fp-ts/Either';
import type { ReadModels } from '../port';
import { presentFile } from './generations';
import { whoseFile } from './whose-file';
import { APPLICATION_ID, LAYOUT_VERSION, SCHEMA } from './schema';
import { sqliteReadModels } from './read-models';

/** `message` names the file and what to do. */
export interface OpenReadModelsError {
  readonly code: 'CannotOpen' | 'Foreign' | 'NoDatabase' | 'OtherLayout' | 'Damaged';
  readonly message: string;
}

const pragma = (database: DatabaseSync, name: string): number => {
  const row = database.prepare(`PRAGMA ${name}`).get();
  const value = row === undefined ? 0 : Object.values(row)[0];
  return typeof value === 'number' ? value : 0;
};

const notOurs = (file: string): OpenReadModelsError => ({
  code: 'Foreign',
  message: `${file} is not an Afecto read-model file, and is left as it is; name another file`,
});

const JOURNAL =
  'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY';

const prepareFile = (database: DatabaseSync, file: string): E.Either<OpenReadModelsError, void> => {
  const application = pragma(database, 'application_id');
  const layout = pragma(database, 'user_version');
  const tables = database.prepare(`SELECT count(*) AS n FROM sqlite_schema`).get();
  if (tables?.['n'] === 0 && application === 0) {
    database.exec(JOURNAL);
    database.exec('BEGIN IMMEDIATE');
    database.exec(SCHEMA);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${LAYOUT_VERSION}; COMMIT`);
    return E.right(undefined);
  }
  if (application !== APPLICATION_ID) return E.left(notOurs(file));
  if (layout !== LAYOUT_VERSION)
    return E.left({
      code: 'OtherLayout',
      message: `${file} has layout ${layout}, this program needs ${LAYOUT_VERSION}; delete it, it is built again from the log`,
    });
  database.exec(JOURNAL);
  return E.right(undefined);
};

/** SQLITE_CORRUPT and SQLITE_NOTADB, and of IOERR that the file ends before the page does (sqlite.org/rescode). */
const DAMAGE = { primary: new Set([11, 26]), shortRead: 522 };

/** Whether a page of a file is damaged, by what SQLite says of it. */
export const isDamage = (error: unknown): boolean => {
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : 0;
  return DAMAGE.primary.has(code & 0xff) || code === DAMAGE.shortRead;
};

/** Up to this size every page is looked at when that is asked for (about a tenth of a second), as of a log. */
const WHOLE_CHECK_BYTES = 32 * 1024 * 1024;

/** What is wrong with the pages of a file of at most 32 MiB; null: nothing, or it is larger. */
const damageIn = (database: DatabaseSync): string | null => {
  if (pragma(database, 'page_count') * pragma(database, 'page_size') > WHOLE_CHECK_BYTES) return null;
  const found = String(Object.values(database.prepare('PRAGMA quick_check(1)').get() ?? {})[0] ?? 'ok');
  return found === 'ok' ? null : found;
};

const damaged = (file: string, why: string): E.Either<OpenReadModelsError, never> =>
  E.left({ code: 'Damaged', message: `${file} cannot be read (${why}); delete it, it is built again from the log` });

/**
 * Opens or makes a read-model file. `synchronous=NORMAL` under WAL: a crash may take the last
 * commits with it, never half of one; the checkpoint goes with its rows, so the engine reads them again.
 * `snapshot`: as they are at this moment, for reading only, whatever their writer does meanwhile.
 * `checked`: a damaged page is found now, and not by the first question that meets it; of at most 32 MiB.
 */
export const openSqliteReadModels = (
  name: string,
  { snapshot = false, checked = false }: { readonly snapshot?: boolean; readonly checked?: boolean } = {},
): E.Either<OpenReadModelsError, ReadModels> => {
  const file = presentFile(name);
  try {
    if (file !== ':memory:') mkdirSync(dirname(file), { recursive: true });
    const whose = file === ':memory:' ? 'new' : whoseFile(file);
    if (whose === 'nobody') return E.left({ code: 'NoDatabase', message: `${file} is no database` });
    const database = new DatabaseSync(file);
    try {
      const prepared = prepareFile(database, file);
      if (E.isLeft(prepared)) {
        database.close();
        return prepared;
      }
      const damage = checked ? damageIn(database) : null;
      if (damage !== null) {
        database.close();
        return damaged(file, damage);
      }
      // The first read in a transaction decides which moment is seen.
      if (snapshot) database.exec('BEGIN; SELECT count(*) FROM checkpoint');
      return E.right(sqliteReadModels(database));
    } catch (error) {
      database.close();
      // What cannot be read for another reason (a lock, a full disk) is whole, and nobody knows whose an unknown one is.
      if (whose !== 'ours' || !isDamage(error)) throw error;
      return damaged(file, String(error));
    }
  } catch (error) {
    return E.left({ code: 'CannotOpen', message: `${file} cannot be opened: ${String(error)}` });
  }
};
