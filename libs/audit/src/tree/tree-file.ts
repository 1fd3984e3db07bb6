import { rmSync, statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Position } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { messageOf } from '../failure';
import { Frontier } from '../merkle/frontier';
import type { Hash } from '../merkle/hash';
import { type Nodes, rootOf } from '../merkle/proofs';
import { Chunks } from './chunks';

/** "AFTR": marks the file as ours. */
const APPLICATION_ID = 0x41465452;
const LAYOUT = 1;

/** Positions in a row of the index from leaves to positions. */
const POSITIONS_A_ROW = 64;
const POSITION_BYTES = 8;

const SCHEMA = `
  CREATE TABLE nodes (id INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
  CREATE TABLE places (id INTEGER PRIMARY KEY, first INTEGER NOT NULL, positions BLOB NOT NULL) STRICT;
  CREATE INDEX places_by_first ON places (first);
  CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), size INTEGER NOT NULL, origin TEXT NOT NULL) STRICT;
  INSERT INTO state (only, size, origin) VALUES (1, 0, '');
  PRAGMA application_id = ${APPLICATION_ID};
  PRAGMA user_version = ${LAYOUT};`;

/** The file is not ours, of another layout, or cannot be read. */
export interface TreeFileError {
  readonly code: 'TreeUnreadable';
  readonly message: string;
}

/** A leaf to add: its hash, and where the event lies in this log. */
export interface NewLeaf {
  readonly hash: Hash;
  readonly position: Position;
}

/** The tree file says less than its own size: somebody has changed it. */
export class TreeDamagedError extends Error {
  override readonly name = 'TreeDamagedError';
}

const unreadable = (file: string, why: string): E.Either<TreeFileError, never> =>
  E.left({
    code: 'TreeUnreadable',
    message: `the tree file ${file} cannot be read (${why}); it can be deleted and is built again, but is no witness then`,
  });

/**
 * The Merkle tree of a log in a file of its own: every complete subtree, where each leaf lies in the log,
 * and how far the tree has come, written in one transaction. It can be deleted at any time and is built
 * again from the log; as long as it is there it is a witness of what the log was.
 */
export class TreeFile implements Nodes {
  #size: number;
  #origin: string;
  #chunks: Chunks;
  #frontier: Frontier;
  readonly #getState: StatementSync;
  readonly #setState: StatementSync;
  readonly #putPlaces: StatementSync;
  readonly #getPlaces: StatementSync;
  readonly #placesOf: StatementSync;

  private constructor(
    readonly database: DatabaseSync,
    readonly file: string,
  ) {
    this.#getState = database.prepare('SELECT size, origin FROM state');
    this.#setState = database.prepare('UPDATE state SET size = ?, origin = ?');
    this.#putPlaces = database.prepare('INSERT OR REPLACE INTO places (id, first, positions) VALUES (?, ?, ?)');
    this.#getPlaces = database.prepare('SELECT positions FROM places WHERE id = ?');
    this.#placesOf = database.prepare('SELECT id, positions FROM places WHERE first <= ? ORDER BY first DESC LIMIT 1');
    [this.#size, this.#origin] = this.#state();
    this.#chunks = new Chunks(database);
    this.#frontier = Frontier.of(this.#size, (level, index) => this.node(level, index));
  }

  /** Opens the tree in `file`, making it when it does not exist; `''`: a private one that goes with the process. */
  static open(file: string, { readOnly = false } = {}): E.Either<TreeFileError, TreeFile> {
    let database: DatabaseSync | null = null;
    try {
      const isNew = file === '' || (statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0;
      if (isNew && readOnly) return unreadable(file, 'there is no such file');
      database = new DatabaseSync(file, { readOnly, timeout: 1_000 });
      if (isNew) database.exec('PRAGMA page_size = 16384');
      if (!readOnly) database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      if (isNew) database.exec(`BEGIN; ${SCHEMA} COMMIT`);
      const [application, layout] = ['application_id', 'user_version'].map(
        (name) => database?.prepare(`PRAGMA ${name}`).get()?.[name],
      );
      if (application === APPLICATION_ID && layout === LAYOUT) return E.right(new TreeFile(database, file));
      database.close();
      return unreadable(file, application === APPLICATION_ID ? 'it is of another layout' : 'it is no tree of a log');
    } catch (error) {
      if (database?.isOpen === true) database.close();
      return unreadable(file, messageOf(error));
    }
  }

  /** Leaves in the tree. */
  get size(): number {
    return this.#size;
  }

  /** The id of the first event; empty for an empty tree. */
  get origin(): string {
    return this.#origin;
  }

  /** Where the event of the last leaf lies; 0n for an empty tree. */
  get position(): Position {
    return this.#size === 0 ? 0n : this.positionOf(this.#size - 1);
  }

  /** Looks how far the one who writes the file has come: for a tree that is open read-only beside it. */
  refresh(): void {
    [this.#size, this.#origin] = this.#state();
  }

  /** Adds leaves and how far the log has been read in one transaction. `origin`: the id of the first event. */
  append(leaves: ReadonlyArray<NewLeaf>, origin: string): void {
    const { database } = this;
    database.exec('BEGIN IMMEDIATE');
    try {
      const chunks = this.#chunks;
      const first = this.#size;
      for (const { hash } of leaves) this.#frontier.push(hash, (level, index, node) => chunks.add(level, index, node));
      chunks.flush();
      this.#addPlaces(first, leaves);
      this.#setState.run(first + leaves.length, origin);
      database.exec('COMMIT');
      [this.#size, this.#origin] = [first + leaves.length, origin];
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      this.#chunks = new Chunks(database);
      this.#frontier = Frontier.of(this.#size, (level, index) => this.node(level, index));
      throw error;
    }
  }

  /** The root of a complete subtree. Throws `TreeDamagedError` when the file has lost it. */
  node(level: number, index: number): Hash {
    const hash = this.#chunks.find(level, index);
    if (hash === null) throw new TreeDamagedError(`${this.file} lacks node ${index} of level ${level}`);
    return hash;
  }

  leaf(index: number): Hash {
    return this.node(0, index);
  }

  /** The root of the first `size` leaves. */
  root(size = this.#size): Hash {
    return rootOf(this, size);
  }

  /** Where the event of a leaf lies in the log. */
  positionOf(index: number): Position {
    const bytes = this.#getPlaces.get(Math.floor(index / POSITIONS_A_ROW))?.['positions'];
    const at = (index % POSITIONS_A_ROW) * POSITION_BYTES;
    if (!(bytes instanceof Uint8Array) || bytes.length < at + POSITION_BYTES)
      throw new TreeDamagedError(`${this.file} lacks the position of leaf ${index}`);
    return Buffer.from(bytes.buffer, bytes.byteOffset + at, POSITION_BYTES).readBigInt64BE();
  }

  /** Which leaf the event at a position is; null when the tree has none from there. */
  indexOf(position: Position): number | null {
    const row = this.#placesOf.get(position);
    const bytes = row?.['positions'];
    if (row === undefined || !(bytes instanceof Uint8Array)) return null;
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let place = 0; place * POSITION_BYTES < buffer.length; place++)
      if (buffer.readBigInt64BE(place * POSITION_BYTES) === position)
        return Number(row['id']) * POSITIONS_A_ROW + place;
    return null;
  }

  /** Writes the tree as it is now into another file, which must not exist. */
  copyTo(file: string): void {
    this.database.prepare('VACUUM INTO ?').run(file);
  }

  close(): void {
    if (this.database.isOpen) this.database.close();
  }

  #state(): [size: number, origin: string] {
    const row = this.#getState.get();
    return [Number(row?.['size'] ?? 0), String(row?.['origin'] ?? '')];
  }

  #addPlaces(first: number, leaves: ReadonlyArray<NewLeaf>): void {
    for (let from = first; from < first + leaves.length;) {
      const row = Math.floor(from / POSITIONS_A_ROW);
      const to = Math.min((row + 1) * POSITIONS_A_ROW, first + leaves.length);
      const begun = from % POSITIONS_A_ROW === 0 ? undefined : this.#getPlaces.get(row)?.['positions'];
      const bytes = Buffer.alloc((to - row * POSITIONS_A_ROW) * POSITION_BYTES);
      if (begun instanceof Uint8Array) bytes.set(begun);
      for (let index = from; index < to; index++)
        bytes.writeBigInt64BE(leaves[index - first]?.position ?? 0n, (index % POSITIONS_A_ROW) * POSITION_BYTES);
      this.#putPlaces.run(row, bytes.readBigInt64BE(0), bytes);
      from = to;
    }
  }
}

/** Removes a tree file and what SQLite keeps beside it. */
export const removeTree = (file: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
};
