import type { DatabaseSync, StatementSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import type { EventIdTaken, EventPlace, LogState } from '../encoded-log';
import type { AppendError, Appended, ExpectedRevision } from '../port';
import { BoundedCache } from '../bounded-cache';
import type { PreparedDecision, StreamAppend, Submission, Transaction } from './decision';
import { encodedFormat } from './encoded-row';
import { checksumOf, UUID_PARAMETER } from './event-row';
import { LogNames } from './log-names';
import { LogPlaces } from './log-places';
import { LogReader } from './log-reader';
import { streamDeletedMessage } from '../store-errors';
import { TOMBSTONE_TYPE } from '../visible-records';
import { sameJson } from './same-json';
import type { PreparedAppend, PreparedEvent } from './prepare-append';

export type Judgement = E.Either<AppendError, Appended>;

/** The queue learns of a decision only that the commit has held. */
const DECIDED: Judgement = E.right({ streamId: '', events: [], duplicate: false });

/** What the writer knows of a stream; revision −1: it has no event. */
interface StreamState {
  readonly id: number;
  revision: number;
  /** Number of the last event's type; null: not looked up. */
  type: number | null;
}

interface KnownEvent {
  readonly position: number;
  readonly revision: number;
  readonly same: boolean;
}

/** Streams whose last revision is kept in memory, so that a hot append needs no look-up. */
const STREAMS_IN_MEMORY = 100_000;

const accepts = (expected: ExpectedRevision, revision: number): boolean => {
  switch (expected) {
    case 'any':
      return true;
    case 'noStream':
      return revision === -1;
    case 'streamExists':
      return revision >= 0;
    default:
      return revision === expected;
  }
};

/**
 * Judges and writes appends, many in one transaction. It is the only writer of the file, so head,
 * stream revisions and type numbers are kept in memory and thrown away when a transaction fails.
 */
export class LogWriter {
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #insertEvent: StatementSync;
  readonly #removeAfter: StatementSync;
  readonly #eventById: StatementSync;
  readonly #streamByName: StatementSync;
  readonly #insertStream: StatementSync;
  readonly #insertType: StatementSync;
  readonly #streams = new BoundedCache<string, StreamState>(STREAMS_IN_MEMORY);
  /** Names that decisions have asked for in vain: most streams have no metadata, and each append asks. */
  readonly #absent = new BoundedCache<string, true>(STREAMS_IN_MEMORY);
  readonly #types = new Map<string, number>();
  readonly #names: LogNames;
  readonly #transaction: Transaction;
  #head = 0;
  #recordedAt = 0;
  #lastStream = 0;

  /** @param clock milliseconds since 1970; may go backwards, `recorded_at` does not follow it there */
  constructor(
    readonly database: DatabaseSync,
    readonly clock: () => number,
  ) {
    this.#begin = database.prepare('BEGIN IMMEDIATE');
    this.#commit = database.prepare('COMMIT');
    this.#insertEvent = database.prepare(
      `INSERT INTO events (position, stream, revision, type, id, recorded_at, checksum, data, metadata)
       VALUES (?, ?, ?, ?, ${UUID_PARAMETER}, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    );
    this.#removeAfter = database.prepare('DELETE FROM events WHERE position > ?');
    this.#eventById = database.prepare(
      `SELECT position, stream, revision, type, data, metadata FROM events WHERE id = ${UUID_PARAMETER}`,
    );
    this.#streamByName = database.prepare(
      `SELECT s.id AS id, ifnull((SELECT max(revision) FROM events WHERE stream = s.id), -1) AS revision
       FROM streams s WHERE s.name = ?`,
    );
    this.#insertStream = database.prepare('INSERT INTO streams (id, name) VALUES (?, ?)');
    this.#insertType = database.prepare('INSERT INTO event_types (id, name) VALUES (?, ?)');
    this.#names = new LogNames(database, database.location() ?? '');
    this.#transaction = { state: this.#stateOf(), append: (appends) => this.#appendTogether(appends) };
    this.#recall();
  }

  /**
   * Judges the appends in order, each against the state its predecessors leave, and commits those
   * that are accepted together. When this returns they are on the disk. Throws SQLite's error when
   * the transaction fails; then nothing of the batch is in the log and the writer can go on.
   *
   * All events of one commit carry one `recorded_at`: they become known together.
   */
  write(batch: ReadonlyArray<Submission>): ReadonlyArray<Judgement> {
    try {
      this.#begin.run();
      // fault point: the writer has begun a transaction
      this.#recordedAt = Math.max(this.#recordedAt, Math.floor(this.clock()));
      const judgements = batch.map((request) => ('judge' in request ? this.#decide(request) : this.#judge(request)));
      // fault point: the writer is about to commit
      this.#commit.run();
      // fault point: the writer has committed
      return judgements;
    } catch (error) {
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      this.#recall();
      throw error;
    }
  }

  /** Forgets what a failed transaction has left in memory and reads the state of the log again. */
  #recall(): void {
    this.#streams.clear();
    this.#absent.clear();
    this.#types.clear();
    this.#names.clear();
    const number = (sql: string): number => Number(this.database.prepare(sql).get()?.['value'] ?? 0);
    this.#head = number('SELECT max(position) AS value FROM events');
    this.#recordedAt = number('SELECT recorded_at AS value FROM events ORDER BY position DESC LIMIT 1');
    this.#lastStream = number('SELECT max(id) AS value FROM streams');
    for (const row of this.database.prepare('SELECT id, name FROM event_types').iterate())
      this.#types.set(String(row['name']), Number(row['id']));
  }

  /** The log on the writer's own connection: with everything that this transaction has appended so far. */
  #stateOf(): LogState {
    const { file } = this.#names;
    const places = new LogPlaces(this.database, file, this.#names);
    const reader = new LogReader(this.database, file, encodedFormat, this.#names);
    return {
      head: () => BigInt(this.#head),
      lastRevision: (streamId) => {
        if (this.#absent.get(streamId) === true) return -1;
        const stream = this.#streamOf(streamId);
        if (stream === undefined) this.#absent.set(streamId, true);
        return stream?.revision ?? -1;
      },
      lastType: (streamId) => {
        const stream = this.#streamOf(streamId);
        if (stream === undefined || stream.revision < 0) return null;
        if (stream.type !== null) return this.#names.typeName(stream.type);
        const type = places.lastType(streamId);
        stream.type = this.#types.get(type ?? '') ?? null;
        return type;
      },
      at: (streamId, revision) => {
        const stream = this.#streamOf(streamId);
        return stream === undefined ? null : (reader.stream(stream.id, 'forwards', revision, revision, 1)[0] ?? null);
      },
      hasType: (streamId, types, from, to) => places.hasType(streamId, types, from, to),
      findById: (eventId) => places.findById(eventId),
    };
  }

  #decide(decision: PreparedDecision): Judgement {
    decision.judge(this.#transaction);
    return DECIDED;
  }

  #appendTogether(appends: ReadonlyArray<StreamAppend>): E.Either<EventIdTaken, ReadonlyArray<EventPlace>> {
    const head = this.#head;
    const before: { readonly stream: StreamState; readonly revision: number }[] = [];
    const places: EventPlace[] = [];
    for (const { streamId, events } of appends) {
      if (events.length === 0) continue;
      const stream = this.#streamOf(streamId) ?? this.#openStream(streamId);
      before.push({ stream, revision: stream.revision });
      for (const event of events) {
        if (this.#insert(event, stream)) {
          places.push({ id: event.id, streamId, revision: stream.revision, position: BigInt(this.#head) });
          continue;
        }
        const place = this.#transaction.state.findById(event.id);
        if (place === null) throw new Error(`The index of event ids refuses ${event.id} but does not find it.`);
        if (this.#head > head) this.#removeAfter.run(head);
        this.#head = head;
        for (const { stream: touched, revision } of before.reverse()) {
          touched.revision = revision;
          touched.type = null;
        }
        return E.left({ code: 'EventIdTaken', eventId: event.id, place });
      }
    }
    return E.right(places);
  }

  #judge(request: PreparedAppend): Judgement {
    const { streamId, expectedRevision, events } = request;
    const stream = this.#streamOf(streamId);
    if (!accepts(expectedRevision, stream?.revision ?? -1))
      return (
        this.#judgeKnown(request, stream) ??
        E.left({
          code: 'WrongExpectedRevision',
          streamId,
          expected: expectedRevision,
          actual: stream === undefined || stream.revision === -1 ? null : stream.revision,
        })
      );
    if (stream !== undefined && this.#isTombstoned(streamId))
      return (
        this.#judgeKnown(request, stream) ??
        E.left({ code: 'StreamDeleted', streamId, message: streamDeletedMessage(streamId) })
      );
    const target = stream ?? this.#openStream(streamId);
    const head = this.#head;
    const revision = target.revision;
    for (const event of events) {
      if (this.#insert(event, target)) continue;
      // The unique index has found the id before any look-up had to: take this append back, then judge.
      if (this.#head > head) this.#removeAfter.run(head);
      this.#head = head;
      target.revision = revision;
      target.type = null;
      const known = this.#judgeKnown(request, target);
      if (known === null) throw new Error(`The index of event ids refuses ${event.id} but does not find it.`);
      return known;
    }
    return E.right({
      streamId,
      events: events.map(({ id }, index) => ({
        id,
        revision: revision + 1 + index,
        position: BigInt(head + 1 + index),
      })),
      duplicate: false,
    });
  }

  #isTombstoned(streamId: string): boolean {
    // Most logs have no tombstone at all, and their appends look nothing up.
    return this.#types.has(TOMBSTONE_TYPE) && this.#transaction.state.lastType(streamId) === TOMBSTONE_TYPE;
  }

  /** Whether the event is new and now in the transaction. */
  #insert(event: PreparedEvent, stream: StreamState): boolean {
    const position = this.#head + 1;
    const revision = stream.revision + 1;
    const type = this.#typeOf(event.type);
    const at = this.#recordedAt;
    const checksum = checksumOf([position, stream.id, revision, type, at], event.id, event.data, event.metadata);
    const { changes } = this.#insertEvent.run(
      position,
      stream.id,
      revision,
      type,
      event.id,
      at,
      checksum,
      event.data,
      event.metadata,
    );
    if (changes === 0) return false;
    // fault point: the writer has inserted an event
    this.#head = position;
    stream.revision = revision;
    stream.type = type;
    return true;
  }

  /**
   * The answer to an append of which at least one id is in the log: the original places when all are
   * there, in this stream, with equal content; a conflict otherwise. `null`: none is in the log.
   * An append is all or nothing, so a part that is known conflicts at its first known id.
   */
  #judgeKnown({ streamId, events }: PreparedAppend, stream: StreamState | undefined): Judgement | null {
    const known = events.map((event) => this.#known(event, stream));
    const conflictAt = (index: number): Judgement =>
      E.left({
        code: 'EventIdConflict',
        streamId,
        eventId: events[index]?.id ?? '',
        position: BigInt(known[index]?.position ?? 0),
      });
    const firstKnown = known.findIndex((found) => found !== null);
    if (firstKnown === -1) return null;
    const firstDifferent = known.findIndex((found) => found !== null && !found.same);
    if (firstDifferent !== -1) return conflictAt(firstDifferent);
    const places: { id: string; revision: number; position: bigint }[] = [];
    for (const [index, event] of events.entries()) {
      const found = known[index];
      if (!found) return conflictAt(firstKnown);
      places.push({ id: event.id, revision: found.revision, position: BigInt(found.position) });
    }
    return E.right({ streamId, events: places, duplicate: true });
  }

  #known(event: PreparedEvent, stream: StreamState | undefined): KnownEvent | null {
    const row = this.#eventById.get(event.id);
    if (row === undefined) return null;
    return {
      position: Number(row['position']),
      revision: Number(row['revision']),
      same:
        row['stream'] === stream?.id &&
        row['type'] === this.#types.get(event.type) &&
        sameJson(String(row['data']), event.data) &&
        sameJson(String(row['metadata']), event.metadata),
    };
  }

  #streamOf(name: string): StreamState | undefined {
    const kept = this.#streams.get(name);
    if (kept !== undefined) return kept;
    const row = this.#streamByName.get(name);
    if (row === undefined) return undefined;
    const stream: StreamState = { id: Number(row['id']), revision: Number(row['revision']), type: null };
    this.#streams.set(name, stream);
    return stream;
  }

  #openStream(name: string): StreamState {
    const stream: StreamState = { id: this.#lastStream + 1, revision: -1, type: null };
    this.#insertStream.run(stream.id, name);
    this.#lastStream = stream.id;
    this.#absent.delete(name);
    this.#streams.set(name, stream);
    return stream;
  }

  #typeOf(name: string): number {
    const kept = this.#types.get(name);
    if (kept !== undefined) return kept;
    const type = this.#types.size + 1;
    this.#insertType.run(type, name);
    this.#types.set(name, type);
    return type;
  }
}
