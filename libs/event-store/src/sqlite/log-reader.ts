import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Filter, StoredEvent } from '../port';
import { StoreClosedError, StoreDamagedError } from '../store-errors';
import { BoundedCache } from '../bounded-cache';
import { type EventRow, isUuid, type RowFormat, type RowHead, UUID_PARAMETER } from './event-row';
import { LogGaps } from './log-gaps';
import type { LogNames } from './log-names';
import { isDamage, messageOf } from './sqlite-failure';

export type Direction = 'forwards' | 'backwards';

/** One page of the whole log: the part strictly after `after` (in the direction) up to `to`. */
export interface PageQuery extends Filter {
  readonly direction: Direction;
  readonly after: number;
  /** Last position looked at, inclusive. */
  readonly to: number;
  /** At most this many events. */
  readonly limit: number;
}

export interface Page<A = StoredEvent> {
  readonly events: ReadonlyArray<A>;
  /** How far the filter has looked, in the direction; the next page goes on from here. */
  readonly looked: number;
}

/** Positions one filtered page looks at: bounds how long a filter that matches nothing keeps the event loop. */
const POSITIONS_A_LOOK = 20_000;

const isFiltered = ({ types, streamPrefixes }: Filter): boolean => types !== undefined || streamPrefixes !== undefined;

/**
 * Reads committed events over a connection of its own. Each page is one statement and so one short
 * read transaction: nothing is held between pages. Every row is checked (checksum, JSON, no position
 * or revision missing); a row that fails is a `StoreDamagedError`, never a shorter answer. The format
 * says which columns are read and what an event is made of them: values for the port, bytes for the
 * other door.
 */
export class LogReader<A = StoredEvent, Row extends RowHead = EventRow> {
  readonly #head: StatementSync;
  readonly #byStream: { readonly [D in Direction]: StatementSync };
  readonly #streamByName: StatementSync;
  readonly #byId: StatementSync;
  readonly #byPosition: StatementSync;
  readonly #pages = new BoundedCache<string, StatementSync>(16);
  /** Null: every position is there. Gaps are made while a log is restored, before it is opened. */
  readonly gaps: LogGaps | null;

  constructor(
    readonly database: DatabaseSync,
    readonly file: string,
    readonly format: RowFormat<A, Row>,
    readonly names: LogNames,
  ) {
    const { columns } = format;
    this.gaps = LogGaps.of(database);
    // `LIMIT +?`: SQLite plans a statement anew whenever a plain parameter of LIMIT is bound, for some 15 µs.
    const stream = `SELECT ${columns} FROM events e WHERE e.stream = ? AND e.revision BETWEEN ? AND ?`;
    this.#head = database.prepare('SELECT max(position) AS head FROM events');
    this.#byStream = {
      forwards: this.#rows(`${stream} ORDER BY e.revision LIMIT +?`),
      backwards: this.#rows(`${stream} ORDER BY e.revision DESC LIMIT +?`),
    };
    this.#streamByName = database.prepare('SELECT id FROM streams WHERE name = ?');
    this.#byPosition = this.#rows(`SELECT ${columns} FROM events e WHERE e.position = ?`);
    this.#byId = this.#rows(`SELECT ${columns} FROM events e WHERE e.id = ${UUID_PARAMETER}`);
  }

  /** Position of the last committed event; 0 for an empty log. */
  head(): number {
    return this.#checked(() => Number(this.#head.get()?.['head'] ?? 0));
  }

  /** The number of a stream, or `null` when no such stream has been written. */
  streamNumber(name: string): number | null {
    return this.#checked(() => {
      const id = this.#streamByName.get(name)?.['id'];
      return id === undefined ? null : Number(id);
    });
  }

  /** Events of one stream with revisions `from`..`to`, both inclusive, at most `limit`. */
  stream(stream: number, direction: Direction, from: number, to: number, limit: number): ReadonlyArray<A> {
    const rows = this.#all(this.#byStream[direction], stream, from, to, limit);
    // A part of a log has the events of a stream that belong to it.
    if (this.gaps?.part == null) this.#withoutGaps(rows, 2, direction, `stream ${stream} lacks revision`);
    return rows.map((row) => this.#event(row));
  }

  findById(eventId: string): A | null {
    if (!isUuid(eventId)) return null;
    const [row] = this.#all(this.#byId, eventId);
    return row === undefined ? null : this.#event(row);
  }

  /**
   * The events at these positions, in the order asked; a missing one is damage. One read transaction
   * for all: taking and giving back the read lock costs more than reading a row.
   */
  at(positions: ReadonlyArray<number>): ReadonlyArray<A> {
    const read = (position: number): Row => {
      // The columns are ours and STRICT; the driver's type cannot know them.
      const row: unknown = this.#byPosition.get(position);
      if (row === undefined) throw new StoreDamagedError(this.file, `the log lacks position ${position}`);
      return row as Row;
    };
    return this.#transaction(() => positions.map(read).map((row) => this.#event(row)));
  }

  /** Reads of one moment of the log. */
  #transaction<B>(read: () => B): B {
    return this.#checked(() => {
      this.database.exec('BEGIN');
      try {
        return read();
      } finally {
        this.database.exec('COMMIT');
      }
    });
  }

  page(query: PageQuery): Page<A> {
    if (isFiltered(query)) return this.#filteredPage(query);
    return this.gaps === null ? this.#wholePage(query) : this.#gappedPage(query, this.gaps);
  }

  /** Without a filter every position must be there, so a missing one is seen. */
  #wholePage({ direction, after, to, limit }: PageQuery): Page<A> {
    const forwards = direction === 'forwards';
    const first = forwards ? after + 1 : after - 1;
    const last = forwards ? Math.min(to, after + limit) : Math.max(to, after - limit, 1);
    const expected = forwards ? last - first + 1 : first - last + 1;
    if (expected <= 0) return { events: [], looked: to };
    const [low, high] = forwards ? [first, last] : [last, first];
    const rows = this.#all(this.#page(direction, {}), low, high, expected);
    this.#withoutGaps(rows, 0, direction, 'the log lacks position');
    if (rows.length !== expected || rows[0]?.[0] !== first)
      throw new StoreDamagedError(this.file, `the log lacks events between positions ${low} and ${high}`);
    return { events: this.#transaction(() => rows.map((row) => this.#event(row))), looked: last };
  }

  /** A position that is not there must be a gap that is named. */
  #gappedPage({ direction, after, to, limit }: PageQuery, gaps: LogGaps): Page<A> {
    const forwards = direction === 'forwards';
    const [low, high] = forwards ? [after + 1, to] : [Math.max(to, 1), after - 1];
    if (low > high) return { events: [], looked: to };
    const rows = this.#all(this.#page(direction, {}), low, high, limit);
    const last = rows.at(-1);
    const looked = rows.length === limit && last !== undefined ? last[0] : forwards ? high : low;
    const places = rows.map(([position]) => position);
    // What was looked at, with the positions before and behind it, in rising order.
    const rising = forwards ? [after, ...places, looked + 1] : [looked - 1, ...places.toReversed(), after];
    this.#checked(() => {
      for (let index = 1; index < rising.length; index++) {
        const missing = gaps.firstGiven((rising[index - 1] ?? 0) + 1, (rising[index] ?? 0) - 1);
        if (missing !== null) throw new StoreDamagedError(this.file, `the log lacks position ${missing}`);
      }
    });
    return { events: this.#transaction(() => rows.map((row) => this.#event(row))), looked };
  }

  /** How far one filtered page looks at most. */
  #endOfLook({ direction, after, to }: PageQuery): number {
    if (direction === 'forwards') {
      const end = this.gaps === null ? after + POSITIONS_A_LOOK : this.gaps.beyond(after, POSITIONS_A_LOOK, direction);
      return Math.min(to, end ?? to);
    }
    const end = this.gaps === null ? after - POSITIONS_A_LOOK : this.gaps.beyond(after, POSITIONS_A_LOOK, direction);
    return Math.max(to, end ?? to, 1);
  }

  #filteredPage(query: PageQuery): Page<A> {
    const { direction, after, limit } = query;
    const forwards = direction === 'forwards';
    const end = this.#endOfLook(query);
    const [low, high] = forwards ? [after + 1, end] : [end, after - 1];
    const types = query.types === undefined ? [] : [JSON.stringify(query.types)];
    const prefixes = query.streamPrefixes ?? [];
    const rows = this.#all(this.#page(direction, query), low, high, ...types, ...prefixes, limit);
    const last = rows.at(-1);
    const looked = rows.length === limit && last !== undefined ? last[0] : end;
    return { events: rows.map((row) => this.#event(row)), looked };
  }

  #page(direction: Direction, { types, streamPrefixes }: Filter): StatementSync {
    const key = `${direction} ${types === undefined ? '-' : 't'} ${streamPrefixes?.length ?? '-'}`;
    const kept = this.#pages.get(key);
    if (kept !== undefined) return kept;
    const conditions = ['e.position BETWEEN ? AND ?'];
    // Names are resolved inside the statement: a type that appears tomorrow is found tomorrow.
    if (types !== undefined)
      conditions.push('e.type IN (SELECT id FROM event_types WHERE name IN (SELECT value FROM json_each(?)))');
    if (streamPrefixes !== undefined) {
      const starts = streamPrefixes.map(() => 'instr(s.name, ?) = 1');
      conditions.push(`(${['0', ...starts].join(' OR ')})`);
    }
    const statement = this.#rows(
      // CROSS JOIN keeps the log outside: the answer is in its order and the look is bounded.
      `SELECT ${this.format.columns} FROM events e ${streamPrefixes === undefined ? '' : 'CROSS JOIN streams s ON s.id = e.stream'}
       WHERE ${conditions.join(' AND ')} ORDER BY e.position ${direction === 'forwards' ? 'ASC' : 'DESC'} LIMIT +?`,
    );
    this.#pages.set(key, statement);
    return statement;
  }

  #rows(sql: string): StatementSync {
    const statement = this.database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  #all(statement: StatementSync, ...parameters: ReadonlyArray<number | string>): ReadonlyArray<Row> {
    const rows: ReadonlyArray<unknown> = this.#checked(() => statement.all(...parameters));
    // The columns are ours and STRICT; the driver's type cannot know them.
    return rows as ReadonlyArray<Row>;
  }

  #event(row: Row): A {
    const event = this.#checked(() => this.format.eventOf(row, this.names));
    if (event === null)
      throw new StoreDamagedError(this.file, `the event at position ${row[0]} is not what was written`);
    return event;
  }

  #withoutGaps(rows: ReadonlyArray<Row>, column: 0 | 2, direction: Direction, what: string): void {
    const step = direction === 'forwards' ? 1 : -1;
    let expected = rows[0]?.[column] ?? 0;
    for (const row of rows) {
      if (row[column] !== expected) throw new StoreDamagedError(this.file, `${what} ${expected}`);
      expected += step;
    }
  }

  #checked<B>(read: () => B): B {
    if (!this.database.isOpen) throw new StoreClosedError(this.file);
    try {
      return read();
    } catch (error) {
      if (isDamage(error)) throw new StoreDamagedError(this.file, messageOf(error));
      throw error;
    }
  }
}
