import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { IDENTIFIERS_IN_ORDER, IDENTIFIERS_STATED, INDEXES_MADE_LAST } from './schema';

/** Prepared when it is run first: an upsert cannot be while a build has left out its index. */
export const whenAsked = (database: DatabaseSync, sql: string): (() => StatementSync) => {
  let statement: StatementSync | undefined;
  return () => (statement ??= database.prepare(sql));
};

export interface LateIndexes {
  /** Of empty tables. */
  readonly leaveOut: () => void;
  /** Makes one that was left out; false when all are there. It takes as long as sorting the table. */
  readonly makeNext: () => boolean;
}

/**
 * Indexes that a build makes when all rows are there. Identifiers are a table in the order of its key: what a
 * build finds of them waits in a table of its own, `identifier_stated`, and is put in order like an index.
 */
export const lateIndexes = (database: DatabaseSync): LateIndexes => {
  const find = database.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?');
  const isThere = (name: string): boolean => find.get(name) !== undefined;
  /** Also inside a transaction. */
  const wholly = (sql: string): void => {
    database.exec('SAVEPOINT whole');
    try {
      database.exec(`${sql}; RELEASE whole`);
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK TO whole; RELEASE whole');
      throw error;
    }
  };
  return {
    leaveOut: () => {
      for (const [name] of INDEXES_MADE_LAST) database.exec(`DROP INDEX IF EXISTS ${name}`);
      database.exec(IDENTIFIERS_STATED);
    },
    makeNext: () => {
      const missing = INDEXES_MADE_LAST.find(([name]) => !isThere(name))?.[1];
      if (missing === undefined && !isThere('identifier_stated')) return false;
      if (missing === undefined) wholly(IDENTIFIERS_IN_ORDER);
      else database.exec(missing);
      return true;
    },
  };
};
