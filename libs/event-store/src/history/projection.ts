import { DatabaseSync } from 'node:sqlite';
import type { Position, StoredEvent } from '../port';
import type { ProjectionState } from './call';
import { digestAfter } from './digest';

/** What a projection of the workload keeps. */
export interface Projection {
  readonly state: () => Omit<ProjectionState, 'at'>;
  /** Takes in a page in order: its data and its checkpoint in one transaction, durable when this returns. */
  readonly take: (events: ReadonlyArray<StoredEvent>) => Omit<ProjectionState, 'at'>;
  readonly close: () => void;
}

const number = (value: unknown): number => Number(value ?? 0);

/**
 * A small projection on a file of its own: the number of events of each stream and a digest of all ids in
 * order, so that an event that is missing, doubled or in another place shows.
 */
export const openProjection = (file: string): Projection => {
  const database = new DatabaseSync(file);
  database.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
     CREATE TABLE IF NOT EXISTS streams (name TEXT PRIMARY KEY, events INTEGER NOT NULL) STRICT;
     CREATE TABLE IF NOT EXISTS checkpoint (one INTEGER PRIMARY KEY, position INTEGER NOT NULL, digest TEXT NOT NULL) STRICT;
     INSERT OR IGNORE INTO checkpoint VALUES (1, 0, '')`,
  );
  const count = database.prepare('SELECT sum(events) AS events FROM streams');
  const checkpoint = database.prepare('SELECT position, digest FROM checkpoint');
  const add = database.prepare(
    'INSERT INTO streams VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET events = events + 1',
  );
  const move = database.prepare('UPDATE checkpoint SET position = ?, digest = ?');
  const state: Projection['state'] = () => {
    const at = checkpoint.get();
    return {
      position: number(at?.['position']),
      digest: String(at?.['digest'] ?? ''),
      count: number(count.get()?.['events']),
    };
  };
  return {
    state,
    take: (events) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        let { digest } = state();
        let position: Position = 0n;
        for (const event of events) {
          add.run(event.streamId);
          digest = digestAfter(digest, event.id);
          ({ position } = event);
          // fault point: the projection has taken in an event
        }
        move.run(Number(position), digest);
        // fault point: the projection is about to commit
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
      // fault point: the projection has committed
      return state();
    },
    close: () => database.close(),
  };
};
