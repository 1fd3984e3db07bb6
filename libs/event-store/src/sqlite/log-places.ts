import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { EventOutline, EventPlace } from '../encoded-log';
import { StoreClosedError } from '../store-errors';
import { canonical, isUuid, UUID_PARAMETER } from './event-row';
import type { LogNames } from './log-names';

type OutlineRow = readonly [position: number, stream: number, revision: number, type: number, hexadecimalId: string];

/** Where events stand, answered from indexes and short columns; content is not touched. */
export class LogPlaces {
  readonly #head: StatementSync;
  readonly #lastRevision: StatementSync;
  readonly #lastType: StatementSync;
  readonly #hasType: StatementSync;
  readonly #byId: StatementSync;
  readonly #outlines: StatementSync;
  readonly #typeNames: StatementSync;

  constructor(
    readonly database: DatabaseSync,
    readonly file: string,
    readonly names: LogNames,
  ) {
    const columns = 'position, stream, revision, type, lower(hex(id))';
    this.#head = database.prepare('SELECT max(position) AS head FROM events');
    this.#lastRevision = database.prepare(
      'SELECT max(revision) AS last FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?)',
    );
    this.#lastType = database.prepare(
      `SELECT type FROM events WHERE stream = (SELECT id FROM streams WHERE name = ?) ORDER BY revision DESC LIMIT 1`,
    );
    this.#hasType = database.prepare(
      `SELECT 1 AS found FROM events
       WHERE stream = (SELECT id FROM streams WHERE name = ?) AND revision BETWEEN ? AND ?
         AND type IN (SELECT id FROM event_types WHERE name IN (SELECT value FROM json_each(?))) LIMIT 1`,
    );
    this.#byId = database.prepare(`SELECT ${columns} FROM events WHERE id = ${UUID_PARAMETER}`);
    this.#outlines = database.prepare(`SELECT ${columns} FROM events WHERE position > ? ORDER BY position LIMIT +?`);
    this.#typeNames = database.prepare('SELECT name FROM event_types ORDER BY id');
    for (const statement of [this.#byId, this.#outlines]) statement.setReturnArrays(true);
  }

  head(): number {
    return this.#open(() => Number(this.#head.get()?.['head'] ?? 0));
  }

  /** −1: never written. */
  lastRevision(streamId: string): number {
    return this.#open(() => Number(this.#lastRevision.get(streamId)?.['last'] ?? -1));
  }

  /** Type of the last event; null: never written. */
  lastType(streamId: string): string | null {
    const type = this.#open(() => this.#lastType.get(streamId)?.['type']);
    return type === undefined ? null : this.names.typeName(Number(type));
  }

  /** Whether an event of the stream from one revision to another, both inclusive, has one of these types. */
  hasType(streamId: string, types: ReadonlyArray<string>, from: number, to: number): boolean {
    return this.#open(() => this.#hasType.get(streamId, from, to, JSON.stringify(types)) !== undefined);
  }

  findById(eventId: string): EventPlace | null {
    if (!isUuid(eventId)) return null;
    const [found] = this.#read(this.#byId, eventId);
    return found ?? null;
  }

  /** Events strictly after a position, at most `limit`. */
  outlines(after: number, limit: number): ReadonlyArray<EventOutline> {
    return this.#read(this.#outlines, after, limit);
  }

  /** Every event type that has been written. */
  eventTypes(): ReadonlyArray<string> {
    return this.#open(() => this.#typeNames.all().map((row) => String(row['name'])));
  }

  #read(statement: StatementSync, ...parameters: ReadonlyArray<number | string>): ReadonlyArray<EventOutline> {
    const rows: ReadonlyArray<unknown> = this.#open(() => statement.all(...parameters));
    // The columns are ours and STRICT; the driver's type cannot know them.
    return (rows as ReadonlyArray<OutlineRow>).map(([position, stream, revision, type, hexadecimalId]) => ({
      id: canonical(hexadecimalId),
      type: this.names.typeName(type),
      streamId: this.names.streamName(stream),
      revision,
      position: BigInt(position),
    }));
  }

  #open<A>(read: () => A): A {
    if (!this.database.isOpen) throw new StoreClosedError(this.file);
    return read();
  }
}
