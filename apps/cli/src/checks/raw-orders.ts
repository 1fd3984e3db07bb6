import type { Readable } from 'node:stream';
import { DatabaseSync } from 'node:sqlite';
import { readCsv } from '../import/csv';

/**
 * Plain SQL over the lines of a file, to check by other means what the system says of them. Nothing here
 * knows the rules of the domain from its code: they are written a second time, as queries.
 *
 * `order_line`: what was sold, in minor units, rounded half up line by line; no cost: unknown.
 * `reversal`: what was taken back, at the time of the taking back.
 */
const SCHEMA = `
CREATE TABLE order_line (
  order_id TEXT NOT NULL, party_id TEXT NOT NULL, at INTEGER NOT NULL, net INTEGER NOT NULL, cost INTEGER
);
CREATE INDEX order_line_party ON order_line (party_id, at);
CREATE TABLE reversal (order_id TEXT NOT NULL, party_id TEXT NOT NULL, at INTEGER NOT NULL, amount INTEGER NOT NULL);
CREATE INDEX reversal_order ON reversal (order_id);
CREATE TABLE placement (order_id TEXT PRIMARY KEY, party_id TEXT NOT NULL, at INTEGER NOT NULL);
`;

/** What the file does not say of an order: the opaque id of its customer, and the second of the day. */
export interface Placement {
  readonly orderId: string;
  readonly partyId: string;
  readonly at: number;
}

/** A database in memory with the lines of the file in `raw`, every column as the text that it is. */
export const rawLines = async (
  bytes: Readable,
  columns: ReadonlyArray<string>,
  placements: Iterable<Placement>,
): Promise<DatabaseSync> => {
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  const named = columns.map((column) => `"${column}" TEXT`).join(', ');
  database.exec(`CREATE TABLE raw (line INTEGER PRIMARY KEY, ${named})`);
  database.exec('BEGIN');
  const insert = database.prepare(`INSERT INTO raw VALUES (?${', ?'.repeat(columns.length)})`);
  let places: ReadonlyArray<number> | null = null;
  for await (const { line, fields } of readCsv(bytes, (at) => {
    throw new Error(`line ${at} is no CSV`);
  })) {
    if (places === null) places = columns.map((column) => fields.indexOf(column));
    else insert.run(line, ...places.map((place) => fields[place] ?? ''));
  }
  const place = database.prepare('INSERT INTO placement VALUES (?, ?, ?)');
  for (const { orderId, partyId, at } of placements) place.run(orderId, partyId, at);
  database.exec('COMMIT');
  return database;
};

/** The first value of the one row that a query gives. */
export const oneNumber = (database: DatabaseSync, sql: string): number =>
  Number(Object.values(database.prepare(sql).get() ?? {})[0]);
