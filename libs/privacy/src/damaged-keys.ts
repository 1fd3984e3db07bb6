import { DatabaseSync } from 'node:sqlite';

/** As long as for any other reader: a key store that closes is locked for a moment. */
const BUSY_MS = 10_000;

/** SQLITE_CORRUPT and SQLITE_NOTADB, and of IOERR that the file ends before the page does (sqlite.org/rescode). */
const DAMAGE = { primary: new Set([11, 26]), shortRead: 522 };

/**
 * What is wrong with a page of the file of the keys, in SQLite's words; null: every page of it is whole, or nobody can
 * look at it now (it is locked, may not be opened), which says nothing of its pages.
 */
export const damageInKeyStore = (file: string): string | null => {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS });
    const found = String(Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})[0] ?? 'ok');
    return found === 'ok' ? null : found;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'errcode' in error ? Number(error.errcode) : 0;
    if (!DAMAGE.primary.has(code & 0xff) && code !== DAMAGE.shortRead) return null;
    return error instanceof Error ? error.message : String(error);
  } finally {
    database?.close();
  }
};
