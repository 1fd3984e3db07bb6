import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EncodedLog } from '@afecto/event-store';
import { checkpointOf, openLinkDatabase } from './link-database';
import { virtualStreamsOf } from './link-rules';

/** Events indexed in one transaction; keeps the event loop for one or two milliseconds. */
const EVENTS_A_BATCH = 250;
/** Streams whose end is remembered before all are forgotten and asked again. */
const STREAMS_IN_MEMORY = 50_000;

/** Where one link of a computed stream points. */
export interface LinkPlace {
  readonly number: number;
  readonly position: bigint;
}

interface StreamEnd {
  readonly id: number;
  last: number;
}

/**
 * Which events each `$ce-` and `$et-` stream links to, in the order of the log: a database of its own
 * that follows the log in batches, each in one transaction with its checkpoint.
 */
export class LinkIndex {
  readonly #database: DatabaseSync;
  readonly #streamByName: StatementSync;
  readonly #insertStream: StatementSync;
  readonly #insertLink: StatementSync;
  readonly #checkpoint: StatementSync;
  readonly #read: { readonly forwards: StatementSync; readonly backwards: StatementSync };
  readonly #ends = new Map<string, StreamEnd>();
  #position: number;

  constructor(
    readonly encoded: EncodedLog,
    file: string,
  ) {
    const database = openLinkDatabase(
      file,
      ({ position, eventId }) => position === 0 || encoded.outlines(BigInt(position - 1), 1)[0]?.id === eventId,
    );
    this.#database = database;
    this.#streamByName = database.prepare(
      `SELECT s.id AS id, ifnull((SELECT max(number) FROM links WHERE stream = s.id), -1) AS last
       FROM streams s WHERE s.name = ?`,
    );
    this.#insertStream = database.prepare('INSERT INTO streams (name) VALUES (?)');
    this.#insertLink = database.prepare('INSERT INTO links (stream, number, position) VALUES (?, ?, ?)');
    this.#checkpoint = database.prepare('UPDATE checkpoint SET position = ?, event_id = ?');
    const links = 'SELECT number, position FROM links WHERE stream = ? AND number BETWEEN ? AND ?';
    this.#read = {
      forwards: database.prepare(`${links} ORDER BY number LIMIT +?`),
      backwards: database.prepare(`${links} ORDER BY number DESC LIMIT +?`),
    };
    this.#position = checkpointOf(database).position;
  }

  /** Events of the log that are not indexed yet. */
  lag(): number {
    return Math.max(0, Number(this.encoded.state.head()) - this.#position);
  }

  /** Indexes the next events of the log. */
  follow(): void {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      this.#meetOthers();
      const outlines = this.encoded.outlines(BigInt(this.#position), EVENTS_A_BATCH);
      const last = outlines.at(-1);
      if (last === undefined) return this.#database.exec('COMMIT');
      const position = Number(last.position);
      for (const outline of outlines)
        for (const name of virtualStreamsOf(outline, this.encoded)) {
          const end = this.#end(name) ?? this.#open(name);
          this.#insertLink.run(end.id, end.last + 1, outline.position);
          end.last += 1;
        }
      this.#checkpoint.run(position, last.id);
      this.#database.exec('COMMIT');
      this.#position = position;
    } catch (error) {
      this.#ends.clear();
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Another gateway over the same log may have followed it in the meantime. */
  #meetOthers(): void {
    const { position } = checkpointOf(this.#database);
    if (position !== this.#position || this.#ends.size >= STREAMS_IN_MEMORY) this.#ends.clear();
    this.#position = position;
  }

  /** Number of the last link; −1: the stream has none. */
  last(virtualStream: string): number {
    return this.#end(virtualStream)?.last ?? -1;
  }

  /** Links by number, both bounds inclusive, at most `limit`. */
  links(
    virtualStream: string,
    direction: 'forwards' | 'backwards',
    from: number,
    to: number,
    limit: number,
  ): ReadonlyArray<LinkPlace> {
    const end = this.#end(virtualStream);
    if (end === undefined || from > to) return [];
    return this.#read[direction]
      .all(end.id, from, to, limit)
      .map((row) => ({ number: Number(row['number']), position: BigInt(Number(row['position'])) }));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #end(name: string): StreamEnd | undefined {
    const kept = this.#ends.get(name);
    if (kept !== undefined) return kept;
    const row = this.#streamByName.get(name);
    if (row === undefined) return undefined;
    const end: StreamEnd = { id: Number(row['id']), last: Number(row['last']) };
    this.#ends.set(name, end);
    return end;
  }

  #open(name: string): StreamEnd {
    const { lastInsertRowid } = this.#insertStream.run(name);
    const end: StreamEnd = { id: Number(lastInsertRowid), last: -1 };
    this.#ends.set(name, end);
    return end;
  }
}
