import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { INDEXES_MADE_LAST } from './schema';

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

export const lateIndexes = (database: DatabaseSync): LateIndexes => {
  const find = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = ?");
  return {
    leaveOut: () => {
      for (const [name] of INDEXES_MADE_LAST) database.exec(`DROP INDEX IF EXISTS ${name}`);
    },
    makeNext: () => {
      const missing = INDEXES_MADE_LAST.find(([name]) => find.get(name) === undefined);
      if (missing === undefined) return false;
      database.exec(missing[1]);
      return true;
    },
  };
};
