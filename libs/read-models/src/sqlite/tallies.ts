import type { DatabaseSync } from 'node:sqlite';
import type { ReadModels, TallyEntry } from '../port';

const NO_BUCKET = Number.MAX_SAFE_INTEGER;
/** Sorts after every character of a key. */
const LAST = '\u{10FFFF}';

const entriesOf = (json: unknown): ReadonlyArray<TallyEntry> => (typeof json === 'string' ? JSON.parse(json) : []);

export interface TallyWriter {
  /** What a customer adds now takes the place of what it added before. */
  readonly put: (partyId: string, entries: string) => void;
  readonly drop: (partyId: string) => void;
  /** Writes what the calls since the last one come to. */
  readonly flush: () => void;
  /** Forgets them: the transaction was rolled back. */
  readonly discard: () => void;
}

const NOTHING = '[]';

/**
 * Keeps the sums over all customers as exact as a count over all of them would be, without one: each
 * customer's own share is kept beside, so that what it added is taken back when it changes. Whole
 * numbers add up to the same in any order.
 */
export const tallyWriter = (database: DatabaseSync): TallyWriter => {
  const before = database.prepare('SELECT entries FROM contribution WHERE party_id = ?');
  const keep = database.prepare(
    'INSERT INTO contribution (party_id, entries) VALUES (?, ?) ON CONFLICT (party_id) DO UPDATE SET entries = excluded.entries',
  );
  const forget = database.prepare('DELETE FROM contribution WHERE party_id = ?');
  const add = database.prepare(
    'INSERT INTO tally (key, bucket, count) VALUES (?, ?, ?) ON CONFLICT (key, bucket) DO UPDATE SET count = count + excluded.count RETURNING count',
  );
  const clear = database.prepare('DELETE FROM tally WHERE key = ? AND bucket = ?');
  let changes = new Map<string, Map<number, number>>();

  const count = (entries: ReadonlyArray<TallyEntry>, sign: 1 | -1): void => {
    for (const [key, bucket, many] of entries) {
      let buckets = changes.get(key);
      if (buckets === undefined) changes.set(key, (buckets = new Map()));
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + sign * many);
    }
  };

  return {
    put: (partyId, entries) => {
      const was = before.get(partyId)?.['entries'] ?? NOTHING;
      if (was === entries) return;
      count(entriesOf(was), -1);
      count(entriesOf(entries), 1);
      if (entries === NOTHING) forget.run(partyId);
      else keep.run(partyId, entries);
    },
    drop: (partyId) => {
      count(entriesOf(before.get(partyId)?.['entries']), -1);
      forget.run(partyId);
    },
    flush: () => {
      for (const [key, buckets] of changes)
        for (const [bucket, many] of buckets) {
          if (many === 0) continue;
          if (add.get(key, bucket, many)?.['count'] === 0) clear.run(key, bucket);
        }
      changes = new Map();
    },
    discard: () => {
      changes = new Map();
    },
  };
};

export const tallyQueries = (database: DatabaseSync): Pick<ReadModels, 'tallySums' | 'tallyBuckets'> => {
  const sums = database.prepare(
    `SELECT key, sum(count) AS count FROM tally WHERE key >= ? AND key < ? AND bucket BETWEEN ? AND ?
     GROUP BY key HAVING sum(count) <> 0 ORDER BY key`,
  );
  const buckets = database.prepare(
    'SELECT bucket, count FROM tally WHERE key = ? AND bucket BETWEEN ? AND ? ORDER BY bucket',
  );
  return {
    tallySums: async (prefix, { from = -NO_BUCKET, to = NO_BUCKET } = {}) =>
      sums.all(prefix, `${prefix}${LAST}`, from, to).map((row) => [String(row['key']), Number(row['count'])] as const),
    tallyBuckets: async (key, { from = -NO_BUCKET, to = NO_BUCKET } = {}) =>
      buckets.all(key, from, to).map((row) => [Number(row['bucket']), Number(row['count'])] as const),
  };
};
