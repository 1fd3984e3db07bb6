import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { PlacedId } from '../is-at';
import type { Position, StoredEvent } from '../port';

const LAYOUT = 1;
const SCHEMA = `
  CREATE TABLE events (position INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT;
  CREATE TABLE origin (id TEXT NOT NULL) STRICT;
  PRAGMA user_version = ${LAYOUT};`;

type Body = Omit<StoredEvent, 'position'>;

const removeFile = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
};

/** What a log is known by: its first event, and a last position before which nothing can have been lost. */
export interface LogIdentity {
  /** Empty for an empty log. */
  readonly origin: string;
  readonly head: Position;
}

/** Events of a log by position, in a file that may be deleted: it is filled again by reading. */
export class CopiedEvents {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #find: StatementSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#put = database.prepare('INSERT OR IGNORE INTO events (position, body) VALUES (?, ?)');
    this.#find = database.prepare(
      'SELECT position, body FROM events WHERE position IN (SELECT value FROM json_each(?))',
    );
    this.#find.setReadBigInts(true);
    this.#find.setReturnArrays(true);
  }

  /** A file of another log, of another layout, or a damaged one is begun anew. */
  static openForWriting(file: string, log: LogIdentity): CopiedEvents {
    const kept = CopiedEvents.#opened(file, log, false);
    return kept === null ? CopiedEvents.begin(file, log) : new CopiedEvents(kept);
  }

  /** An empty copy in the place of whatever is there. */
  static begin(file: string, log: LogIdentity): CopiedEvents {
    removeFile(file);
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${SCHEMA}`);
    if (log.origin !== '') database.prepare('INSERT INTO origin (id) VALUES (?)').run(log.origin);
    return new CopiedEvents(database);
  }

  /** Null: there is none of this log. */
  static openForReading(file: string, log: LogIdentity): CopiedEvents | null {
    const kept = CopiedEvents.#opened(file, log, true);
    return kept === null ? null : new CopiedEvents(kept);
  }

  static #opened(file: string, { origin, head }: LogIdentity, readOnly: boolean): DatabaseSync | null {
    let database: DatabaseSync | null = null;
    try {
      database = new DatabaseSync(file, { readOnly });
      if (!readOnly) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      const layout = database.prepare('PRAGMA user_version').get()?.['user_version'];
      const known = database.prepare('SELECT id FROM origin').get()?.['id'];
      const newest = database.prepare('SELECT max(position) AS position FROM events');
      newest.setReadBigInts(true);
      const last = newest.get()?.['position'];
      if (layout === LAYOUT && origin !== '' && known === origin && (typeof last !== 'bigint' || last <= head))
        return database;
    } catch {
      // Missing, damaged or somebody else's.
    }
    database?.close();
    return null;
  }

  /** The event with the highest position; null when there is none. */
  newest(): PlacedId | null {
    const newest = this.#database.prepare('SELECT position, body FROM events ORDER BY position DESC LIMIT 1');
    newest.setReadBigInts(true);
    const row = newest.get();
    if (row === undefined) return null;
    const { id } = JSON.parse(String(row['body'])) as Body;
    return { position: BigInt(String(row['position'])), id };
  }

  /** Keeps events of the log; those that are there already stay as they are. */
  add(events: ReadonlyArray<StoredEvent>): void {
    this.#database.exec('BEGIN');
    try {
      const [first] = events;
      if (first !== undefined && this.#database.prepare('SELECT 1 FROM origin').get() === undefined)
        this.#database.prepare('INSERT INTO origin (id) VALUES (?)').run(first.id);
      for (const { position, ...body } of events) this.#put.run(position, JSON.stringify(body satisfies Body));
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  find(positions: ReadonlyArray<Position>): ReadonlyMap<Position, StoredEvent> {
    const found = new Map<Position, StoredEvent>();
    const rows: ReadonlyArray<unknown> = this.#find.all(`[${positions.join(',')}]`);
    // The columns are ours and STRICT, the bodies were written above; the driver's type cannot know them.
    for (const [position, body] of rows as ReadonlyArray<readonly [bigint, string]>) {
      const parsed = JSON.parse(body) as Body;
      found.set(position, { ...parsed, position });
    }
    return found;
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
