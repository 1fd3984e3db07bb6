import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';

/** One row of the log as it lies in the file. */
interface Row {
  position: number;
  stream: number;
  revision: number;
  type: number;
  id: Uint8Array;
  recorded_at: number;
  data: Uint8Array;
  metadata: Uint8Array;
}

const canonical = (id: Uint8Array): string =>
  Buffer.from(id)
    .toString('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const mix = (sum: number, value: number): number =>
  (Math.imul(sum, 31) + (value | 0) + Math.floor(value / 4_294_967_296)) | 0;

/** The checksum as the store computes it: who rewrites history will not forget it. */
const checksumOf = ({ position, stream, revision, type, id, recorded_at: recordedAt, data, metadata }: Row): number => {
  const place = [position, stream, revision, type, recordedAt].reduce(mix, 17) >>> 0;
  const content = [Buffer.from(`["${canonical(id)}",`), data, Buffer.from(','), metadata, Buffer.from(']')];
  return crc32(Buffer.concat(content), place);
};

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  const at = Math.floor(bit / 8) % Math.max(1, copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit % 8));
  return copy;
};

export const tamperings = [
  'data',
  'metadata',
  'id',
  'type',
  'type name',
  'stream',
  'stream name',
  'recorded at',
  'revision',
  'checksum',
  'position',
  'removed',
  'removed, the rest moved up',
  'added',
  'reordered',
  'back-dated',
  'truncated',
] as const;

/** One way of changing history behind the program's back. */
export interface Tampering {
  readonly kind: (typeof tamperings)[number];
  /** Which event, modulo their number. */
  readonly event: number;
  /** Which other one, or which bit. */
  readonly other: number;
  /** Whether the checksums are computed anew, as a forger does. */
  readonly isCareful: boolean;
}

/** A log file as somebody sees it who has SQLite and the source code of this program. */
export class Forger {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
  }

  /** Number of events in the log. */
  get head(): number {
    return Number(this.#database.prepare('SELECT max(position) AS head FROM events').get()?.['head'] ?? 0);
  }

  apply({ kind, event, other, isCareful }: Tampering): void {
    const { head } = this;
    const position = (event % head) + 1;
    const second = (other % head) + 1;
    this.#database.exec('BEGIN');
    this.#change(kind, position, second, other);
    if (isCareful) this.#signAnew();
    this.#database.exec('COMMIT');
  }

  close(): void {
    this.#database.close();
  }

  #change(kind: Tampering['kind'], position: number, second: number, bit: number): void {
    const row = this.#row(position);
    switch (kind) {
      case 'data':
        return this.#text('data', position, flipped(row.data, bit));
      case 'metadata':
        return this.#text('metadata', position, flipped(row.metadata, bit));
      case 'id':
        return this.#set('id = ?', position, flipped(row.id, bit));
      case 'type':
        this.#run("INSERT OR IGNORE INTO event_types (name) VALUES ('Forged')");
        return this.#set("type = (SELECT id FROM event_types WHERE name = 'Forged')", position);
      case 'type name':
        return this.#name('event_types', row.type, bit);
      case 'stream':
        this.#run("INSERT OR IGNORE INTO streams (name) VALUES ('forged')");
        return this.#set("stream = (SELECT id FROM streams WHERE name = 'forged')", position);
      case 'stream name':
        return this.#name('streams', row.stream, bit);
      case 'recorded at':
        return this.#flip('recorded_at', position, 2 ** (bit % 40));
      case 'revision':
        return this.#flip('revision', position, 2 ** ((bit % 10) + 6));
      case 'checksum':
        return this.#flip('checksum', position, 2 ** (bit % 31));
      case 'position':
        return this.#set('position = position + ?', position, 1_000 + (bit % 100));
      case 'removed':
        return this.#run('DELETE FROM events WHERE position = ?', position);
      case 'removed, the rest moved up':
        this.#run('DELETE FROM events WHERE position = ?', position);
        this.#moved('position', 'position > ?', position, -1);
        return this.#moved('revision', `stream = ${row.stream} AND revision > ?`, row.revision, -1);
      case 'added':
        this.#moved('position', 'position >= ?', position, 1);
        return this.#run(
          `INSERT INTO events SELECT ?, stream, 100000, type, randomblob(16), recorded_at, checksum, data, metadata
           FROM events WHERE position = ?`,
          position,
          position + 1,
        );
      case 'reordered':
        this.#set('position = -1', position);
        this.#set('position = ?', second, position);
        return this.#set('position = ?', -1, second);
      case 'back-dated':
        return this.#run('UPDATE events SET recorded_at = recorded_at - 60000 WHERE position <= ?', position);
      case 'truncated':
        return this.#run('DELETE FROM events WHERE position >= ?', position);
    }
  }

  #row(position: number): Row {
    const row: unknown = this.#database
      .prepare(
        `SELECT position, stream, revision, type, id, recorded_at, CAST(data AS BLOB) AS data, CAST(metadata AS BLOB) AS metadata
         FROM events WHERE position = ?`,
      )
      .get(position);
    return row as Row;
  }

  #run(sql: string, ...values: ReadonlyArray<number | Uint8Array>): void {
    this.#database.prepare(sql).run(...values);
  }

  /** Sets columns of the event at a position. */
  #set(columns: string, position: number, ...values: ReadonlyArray<number | Uint8Array>): void {
    this.#run(`UPDATE events SET ${columns} WHERE position = ?`, ...values, position);
  }

  /** Flips one bit of a number: `bit` is a power of two. */
  #flip(column: 'recorded_at' | 'revision' | 'checksum', position: number, bit: number): void {
    this.#set(`${column} = (${column} | ${bit}) - (${column} & ${bit})`, position);
  }

  #text(column: 'data' | 'metadata', position: number, bytes: Uint8Array): void {
    this.#run(`UPDATE events SET ${column} = CAST(? AS TEXT) WHERE position = ?`, bytes, position);
  }

  #name(table: 'streams' | 'event_types', id: number, bit: number): void {
    const name = String(this.#database.prepare(`SELECT name FROM ${table} WHERE id = ?`).get(id)?.['name']);
    const at = Math.floor(bit / 8) % name.length;
    const letter = String.fromCharCode(name.charCodeAt(at) ^ (1 << (bit % 4)));
    this.#database
      .prepare(`UPDATE OR IGNORE ${table} SET name = ? WHERE id = ?`)
      .run(name.slice(0, at) + letter + name.slice(at + 1), id);
  }

  /** Moves a unique number of many rows by way of negative ones, so that no two meet. */
  #moved(column: 'position' | 'revision', where: string, from: number, by: number): void {
    this.#run(`UPDATE events SET ${column} = -(${column} + (${by})) WHERE ${where}`, from);
    this.#run(`UPDATE events SET ${column} = -${column} WHERE ${column} < 0`);
  }

  #signAnew(): void {
    const rows: ReadonlyArray<unknown> = this.#database.prepare('SELECT position FROM events').all();
    for (const { position } of rows as ReadonlyArray<{ position: number }>)
      this.#run('UPDATE events SET checksum = ? WHERE position = ?', checksumOf(this.#row(position)), position);
  }
}
