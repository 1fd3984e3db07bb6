import { DatabaseSync } from 'node:sqlite';

/** What is wrong with a page of the file of the keys, in SQLite's words; null: every page of it is whole. */
export const damageInKeyStore = (file: string): string | null => {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { readOnly: true });
    const found = String(Object.values(database.prepare('PRAGMA integrity_check(1)').get() ?? {})[0] ?? 'ok');
    return found === 'ok' ? null : found;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    database?.close();
  }
};
