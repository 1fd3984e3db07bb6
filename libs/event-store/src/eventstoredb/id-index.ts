import { rmSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Position, StoredEvent } from '../port';
import { UUID_PARAMETER } from '../sqlite/event-row';
import type { LogReading } from './log-reading';
import { readAllRequest } from './read-request';
import { uuidOf, visibleEvent } from './recorded-event';
import { SharedQuestion } from './shared-question';

/** Events written to the index in one transaction. */
const A_TRANSACTION = 2_000;

/** How many events the server looks at before it answers. */
const LOOK = 1_000;

const LAYOUT = 2;

/**
 * Where every id of the log lies: a server has no index of ids. The index follows `$all` and is read
 * up to its end before each answer, so that an id that is not found is not in the log. It is
 * disposable: another log, another layout or a damaged file, and it is built again.
 */
export class IdIndex {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #find: StatementSync;
  readonly #setLooked: StatementSync;
  #looked: Position;
  readonly #upToDate = new SharedQuestion(() => this.#follow());

  /** @param file `''`: a private file of SQLite's that goes with the process */
  private constructor(
    database: DatabaseSync,
    readonly reading: LogReading,
    looked: Position,
  ) {
    this.#database = database;
    this.#looked = looked;
    this.#insert = database.prepare(`INSERT OR IGNORE INTO ids (id, position) VALUES (${UUID_PARAMETER}, ?)`);
    this.#find = database.prepare(`SELECT position FROM ids WHERE id = ${UUID_PARAMETER} ORDER BY position`);
    this.#find.setReadBigInts(true);
    this.#setLooked = database.prepare('INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)');
  }

  /** Opens the index in `file`, or builds a new one when it is not of this log. */
  static async open(file: string, reading: LogReading): Promise<IdIndex> {
    const origin = await originOf(reading);
    const head = await reading.head();
    const kept = file === '' ? null : openKept(file, origin, head);
    if (kept !== null) {
      if (kept.looked === 0n || (await idAt(reading, kept.looked)) === kept.lookedId)
        return new IdIndex(kept.database, reading, kept.looked);
      // It began as this log and went another way: an older copy was put back, or one with other positions.
      kept.database.close();
    }
    if (file !== '') for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
      CREATE TABLE ids (id BLOB NOT NULL, position INTEGER NOT NULL, PRIMARY KEY (id, position)) WITHOUT ROWID, STRICT;
      CREATE TABLE state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
      PRAGMA user_version = ${LAYOUT};`);
    database.prepare("INSERT INTO state (name, value) VALUES ('origin', ?)").run(origin);
    return new IdIndex(database, reading, 0n);
  }

  /** Positions of the events with each id, the oldest first. Exact up to the head of the moment of asking. */
  async find(ids: ReadonlyArray<string>): Promise<ReadonlyArray<ReadonlyArray<Position>>> {
    await this.#upToDate.ask();
    return ids.map((id) => this.#find.all(id).map((row) => BigInt(String(row['position']))));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /** Everything that is in the log when this is asked is in the index when it ends. */
  async #follow(): Promise<void> {
    const attempts = this.reading.attempts();
    for (;;) {
      try {
        return await this.#followOnce();
      } catch (error) {
        await attempts.failed(error);
      }
    }
  }

  async #followOnce(): Promise<void> {
    const from = this.#looked === 0n ? 'start' : this.#looked;
    const request = readAllRequest('forwards', from, Number.MAX_SAFE_INTEGER, { by: 'visible', window: LOOK });
    let page: { readonly id: string; readonly position: Position }[] = [];
    for await (const message of this.reading.once(request)) {
      const record = message.getEvent()?.getEvent();
      if (record === undefined) continue;
      const position = BigInt(record.getCommitPosition());
      if (position > this.#looked) page.push({ id: uuidOf(record.getId()), position });
      if (page.length < A_TRANSACTION) continue;
      this.#write(page);
      page = [];
      await nextTurn();
    }
    this.#write(page);
  }

  #write(page: ReadonlyArray<{ readonly id: string; readonly position: Position }>): void {
    const last = page.at(-1);
    if (last === undefined) return;
    this.#database.exec('BEGIN');
    for (const { id, position } of page) this.#insert.run(id, position);
    this.#setLooked.run('looked', last.position.toString());
    this.#setLooked.run('lookedId', last.id);
    this.#database.exec('COMMIT');
    this.#looked = last.position;
  }
}

/** Id of the first event, by which a log is recognised; empty for an empty log. */
const originOf = async (reading: LogReading): Promise<string> => {
  const request = readAllRequest('forwards', 'start', 16, { by: 'visible', window: LOOK });
  for (const message of await reading.whole(request)) {
    const event = message.getEvent();
    const visible: StoredEvent | null = event === undefined ? null : visibleEvent(event);
    if (visible !== null) return visible.id;
  }
  return '';
};

/** Id of the event at this position; null when there is none. */
const idAt = async (reading: LogReading, position: Position): Promise<string | null> => {
  const [first] = await reading.whole(readAllRequest('forwards', position, 1, null));
  const record = first?.getEvent()?.getEvent();
  return record !== undefined && BigInt(record.getCommitPosition()) === position ? uuidOf(record.getId()) : null;
};

const openKept = (
  file: string,
  origin: string,
  head: Position,
): { readonly database: DatabaseSync; readonly looked: Position; readonly lookedId: string } | null => {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;');
    const layout = database.prepare('PRAGMA user_version').get()?.['user_version'];
    const state = new Map(
      database
        .prepare('SELECT name, value FROM state')
        .all()
        .map((row) => [String(row['name']), String(row['value'])]),
    );
    const looked = BigInt(state.get('looked') ?? '0');
    if (layout === LAYOUT && origin !== '' && state.get('origin') === origin && looked <= head)
      return { database, looked, lookedId: state.get('lookedId') ?? '' };
  } catch {
    // Damaged or somebody else's; it is made anew.
  }
  database?.close();
  return null;
};
