import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { AppendRequest, EventStore } from '../port';
import { checksumOf } from '../sqlite/event-row';
import { openSqliteEventStore } from '../sqlite/open-sqlite-event-store';
import { compare, inTemporaryFolder, type Measurement, rateOf, right } from './measurement';
import { INSERT_RAW, openRawLog, openRawLogForReading, type RawRow } from './raw-log';
import { sampleEvent, sampleStream } from './sample-events';

export interface MeasureOptions {
  /** Length of one run in milliseconds; default 250. */
  readonly runMs?: number;
  /** Runs of each figure, ours and the floor by turns; default 10. */
  readonly rounds?: number;
  /** Events in the log that is scanned; default 100 000. */
  readonly scanned?: number;
}

const CONCURRENT = 64;
const clock = (): number => Date.now();

const requests = (count: number, from: number): ReadonlyArray<AppendRequest> =>
  Array.from({ length: count }, (_, index) => ({
    streamId: sampleStream(from + index),
    expectedRevision: 'any',
    events: [sampleEvent(from + index)],
  }));

/** Rows made before they are needed, so that the floor has only the database to pay for. */
const rawRows = (count: number, from: number): ReadonlyArray<RawRow> =>
  Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const { id, data, metadata } = sampleEvent(number);
    const place = [number + 1, (number % 1_000) + 1, Math.floor(number / 1_000), (number % 20) + 1] as const;
    const texts = [JSON.stringify(data), JSON.stringify(metadata)] as const;
    const at = 1_700_000_000_000;
    return [
      ...place,
      Buffer.from(id.replaceAll('-', ''), 'hex'),
      at,
      checksumOf([...place, at], id, ...texts),
      ...texts,
    ];
  });

/** Writes `size` rows a transaction; the rows are made while the clock stands still. */
const rawWriter = (database: DatabaseSync, size: number): ((runMs: number) => Promise<number>) => {
  const begin = database.prepare('BEGIN IMMEDIATE');
  const insert = database.prepare(INSERT_RAW);
  const commit = database.prepare('COMMIT');
  let written = 0;
  return async (runMs) => {
    const before = written;
    let measured = 0;
    while (measured < runMs) {
      const rows = rawRows(size * 32, written);
      const start = performance.now();
      for (let first = 0; first < rows.length; first += size) {
        begin.run();
        for (const row of rows.slice(first, first + size)) insert.run(...row);
        commit.run();
      }
      measured += performance.now() - start;
      written += rows.length;
    }
    return ((written - before) / measured) * 1_000;
  };
};

/** `appenders` callers, each of whom waits for its answer before it appends again. */
const storeWriter = (store: EventStore, appenders: number): ((runMs: number) => Promise<number>) => {
  let written = 0;
  const appendAll = async (waiting: IterableIterator<AppendRequest>): Promise<void> => {
    for (const request of waiting) right(await store.append(request));
  };
  return async (runMs) => {
    const before = written;
    let measured = 0;
    while (measured < runMs) {
      const made = requests(appenders * 32, written);
      const start = performance.now();
      const waiting = made.values();
      await Promise.all(Array.from({ length: appenders }, () => appendAll(waiting)));
      measured += performance.now() - start;
      written += made.length;
    }
    return ((written - before) / measured) * 1_000;
  };
};

const measureAppends = (name: string, appenders: number, runMs: number, rounds: number): Promise<Measurement> =>
  inTemporaryFolder(async (folder) => {
    const store = right(openSqliteEventStore({ file: join(folder, 'store.db'), clock }));
    const raw = openRawLog(join(folder, 'raw.db'));
    const ours = storeWriter(store, appenders);
    const floor = rawWriter(raw, appenders);
    const measured = await compare(
      name,
      rounds,
      () => ours(runMs),
      () => floor(runMs),
    );
    raw.close();
    await store.close();
    return measured;
  });

const scanWhole = async (store: EventStore): Promise<number> => {
  let events = 0;
  for await (const page of store.readAll()) events += page.length;
  return events;
};

/** The fastest plain scan that has been found: rows as arrays, page by page, both JSON columns parsed. */
const rawScan = (database: DatabaseSync): number => {
  const statement = database.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT 1000');
  statement.setReturnArrays(true);
  let after = 0;
  for (;;) {
    const rows: ReadonlyArray<unknown> = statement.all(after);
    if (rows.length === 0) return after;
    for (const row of rows as ReadonlyArray<RawRow>) {
      after = row[0];
      JSON.parse(row[7]);
      JSON.parse(row[8]);
    }
  }
};

const fill = async (store: EventStore, count: number): Promise<void> => {
  for (let from = 0; from < count; from += 5_000) {
    for (const outcome of await store.appendMany(requests(Math.min(5_000, count - from), from))) right(outcome);
  }
};

const measureScan = (runMs: number, rounds: number, scanned: number): Promise<Measurement> =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'scan.db');
    const filled = right(openSqliteEventStore({ file, clock }));
    await fill(filled, scanned);
    await filled.close();
    const store = right(openSqliteEventStore({ file, clock, readOnly: true }));
    const raw = openRawLogForReading(file);
    const measured = await compare(
      'scan of the whole log, events/s',
      rounds,
      () => rateOf(runMs, () => scanWhole(store)),
      () => rateOf(runMs, () => rawScan(raw)),
    );
    raw.close();
    await store.close();
    return measured;
  });

/**
 * The embedded store beside `node:sqlite` alone on the same schema and settings: durable appends one
 * by one, 64 concurrent appenders (floor: 64 rows a transaction), a scan of the whole log. Takes about
 * `6 × rounds × runMs`.
 */
export const measureEventStore = async ({ runMs = 250, rounds = 10, scanned = 100_000 }: MeasureOptions = {}): Promise<
  ReadonlyArray<Measurement>
> => [
  await measureAppends('durable appends one by one, events/s', 1, runMs, rounds),
  await measureAppends(`durable appends by ${CONCURRENT} concurrent appenders, events/s`, CONCURRENT, runMs, rounds),
  await measureScan(runMs, rounds, scanned),
];
