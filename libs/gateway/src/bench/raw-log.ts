import { randomBytes } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { sampleBytes } from './sample-events';

/** A table and two unique indexes like those of the store, and its settings for the file. */
const SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -65536;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream INTEGER, revision INTEGER, id BLOB, data TEXT, metadata TEXT
  ) STRICT;
  CREATE UNIQUE INDEX by_stream ON events (stream, revision);
  CREATE UNIQUE INDEX by_id ON events (id)`;
const STREAMS = 100;
const ROWS_A_FILLING_COMMIT = 1_000;

/** Plain `node:sqlite` over a file of its own: the least that a durable append costs on this disk. */
export class RawLog {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  #rows = 0;

  /** @param filled rows that it has from the start */
  constructor(file: string, filled: number) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(SCHEMA);
    this.#insert = this.#database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
    while (this.#rows < filled) this.#commit(ROWS_A_FILLING_COMMIT);
  }

  /** Durable rows a second, `rows` a commit, over about `runMs` milliseconds. */
  rate(rows: number, runMs: number): number {
    const started = performance.now();
    let written = 0;
    let elapsed = 0;
    do {
      this.#commit(rows);
      written += rows;
      elapsed = performance.now() - started;
    } while (elapsed < runMs);
    return (written * 1_000) / elapsed;
  }

  close(): void {
    this.#database.close();
  }

  #commit(rows: number): void {
    const [data, metadata] = [sampleBytes.data.toString(), sampleBytes.metadata.toString()];
    this.#database.exec('BEGIN');
    for (let row = 0; row < rows; row += 1) {
      this.#rows += 1;
      const [stream, revision] = [this.#rows % STREAMS, Math.floor(this.#rows / STREAMS)];
      this.#insert.run(this.#rows, stream, revision, randomBytes(16), data, metadata);
    }
    this.#database.exec('COMMIT');
  }
}
