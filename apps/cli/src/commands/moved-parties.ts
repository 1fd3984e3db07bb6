import { DatabaseSync } from 'node:sqlite';
import type { Moved } from '@afecto/projections';

/** Customers that moved, kept on disk: they come in any order, are asked for by party id, and may be all there are. */
export interface MovedParties {
  readonly add: (moved: ReadonlyArray<Moved>) => void;
  /** Ascending by party id, strictly after `after`. */
  readonly page: (after: string | null, limit: number) => ReadonlyArray<Moved>;
  readonly close: () => void;
}

/** `file` is one that is not there yet; whoever names it removes it. */
export const movedParties = (file: string): MovedParties => {
  const database = new DatabaseSync(file);
  // Nothing here outlives the command.
  database.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE moved (party_id TEXT PRIMARY KEY, json TEXT) WITHOUT ROWID',
  );
  const insert = database.prepare('INSERT INTO moved VALUES (?, ?)');
  const select = database.prepare('SELECT json FROM moved WHERE party_id > ? ORDER BY party_id LIMIT +?');
  return {
    add: (moved) => {
      database.exec('BEGIN');
      for (const one of moved) insert.run(one.partyId, JSON.stringify(one));
      database.exec('COMMIT');
    },
    page: (after, limit) =>
      select.all(after ?? '', limit).map((row): Moved => {
        // Written by `add`.
        const moved: Moved = JSON.parse(String(row['json']));
        return moved;
      }),
    close: () => database.close(),
  };
};
