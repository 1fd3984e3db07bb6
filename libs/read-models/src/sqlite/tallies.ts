import type { DatabaseSync } from 'node:sqlite';
import type { ReadModels } from '../port';

const NO_BUCKET = Number.MAX_SAFE_INTEGER;
/** Sorts after every character of a key. */
const LAST = '\u{10FFFF}';
const NOTHING = '[]';

/** A customer's share as it is stored: key, bucket and count over and over, keys by their numbers. */
type Share = ReadonlyArray<number>;

const shareOf = (stored: unknown): Share =>
  typeof stored === 'string' && stored !== NOTHING ? JSON.parse(stored) : [];

/** Counts by key and bucket. */
class Counts {
  readonly byKey = new Map<number, Map<number, number>>();

  /** Takes in what a customer adds, or takes it back. */
  take(share: Share, sign: 1 | -1): void {
    for (let at = 0; at < share.length; at += 3) {
      const [key = 0, bucket = 0, count = 0] = [share[at], share[at + 1], share[at + 2]];
      let buckets = this.byKey.get(key);
      if (buckets === undefined) this.byKey.set(key, (buckets = new Map()));
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + sign * count);
    }
  }

  *[Symbol.iterator](): Generator<readonly [key: number, bucket: number, count: number]> {
    for (const [key, buckets] of this.byKey)
      for (const [bucket, count] of buckets) if (count !== 0) yield [key, bucket, count];
  }
}

export interface TallyWriter {
  /** What a customer adds now takes the place of what it added before. */
  readonly put: (partyId: string, entries: string) => void;
  readonly drop: (partyId: string) => void;
  /** Brings the sums up to what the calls since the last one come to. */
  readonly flush: () => void;
  /** Only keeps what a customer adds: the sums are made at the end, by `recount`. */
  readonly keep: (partyId: string, entries: string) => void;
  readonly recount: () => void;
  /** Forgets what is not flushed: the transaction was rolled back. */
  readonly discard: () => void;
}

/**
 * Keeps the sums over all customers as exact as a count over all of them would be, without one: each
 * customer's own share is kept beside, so that what it added is taken back when it changes. Whole
 * numbers add up to the same in any order.
 */
export const tallyWriter = (database: DatabaseSync): TallyWriter => {
  const before = database.prepare('SELECT entries FROM contribution WHERE party_id = ?');
  const replace = database.prepare(
    'INSERT INTO contribution (party_id, entries) VALUES (?, ?) ON CONFLICT (party_id) DO UPDATE SET entries = excluded.entries',
  );
  const forget = database.prepare('DELETE FROM contribution WHERE party_id = ?');
  const add = database.prepare(
    'INSERT INTO tally (key, bucket, count) VALUES (?, ?, ?) ON CONFLICT (key, bucket) DO UPDATE SET count = count + excluded.count RETURNING count',
  );
  add.setReadBigInts(true);
  const clear = database.prepare('DELETE FROM tally WHERE key = ? AND bucket = ?');
  const findKey = database.prepare('SELECT id FROM tally_key WHERE key = ?');
  const addKey = database.prepare('INSERT INTO tally_key (key) VALUES (?)');
  const all = database.prepare('SELECT entries FROM contribution');
  const insert = database.prepare('INSERT INTO tally (key, bucket, count) VALUES (?, ?, ?)');
  let changes = new Counts();
  let numbers = new Map<string, number>();

  const numberOf = (key: string): number => {
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const found = findKey.get(key)?.['id'];
    const id = typeof found === 'number' ? found : Number(addKey.run(key).lastInsertRowid);
    numbers.set(key, id);
    return id;
  };

  const numbered = (entries: string): Share => {
    if (entries === NOTHING) return [];
    const list: ReadonlyArray<string | number> = JSON.parse(entries);
    return list.map((entry) => (typeof entry === 'string' ? numberOf(entry) : entry));
  };

  const store = (partyId: string, share: Share): void => {
    if (share.length === 0) forget.run(partyId);
    else replace.run(partyId, JSON.stringify(share));
  };

  return {
    put: (partyId, entries) => {
      const share = numbered(entries);
      changes.take(shareOf(before.get(partyId)?.['entries']), -1);
      changes.take(share, 1);
      store(partyId, share);
    },
    drop: (partyId) => {
      changes.take(shareOf(before.get(partyId)?.['entries']), -1);
      forget.run(partyId);
    },
    flush: () => {
      for (const [key, bucket, count] of changes)
        if (add.get(key, bucket, count)?.['count'] === 0n) clear.run(key, bucket);
      changes = new Counts();
    },
    keep: (partyId, entries) => store(partyId, numbered(entries)),
    recount: () => {
      const counts = new Counts();
      for (const row of all.iterate()) counts.take(shareOf(row['entries']), 1);
      database.exec('DELETE FROM tally');
      for (const [key, buckets] of [...counts.byKey].sort(([one], [other]) => one - other))
        for (const [bucket, count] of [...buckets].sort(([one], [other]) => one - other))
          if (count !== 0) insert.run(key, bucket, count);
      changes = new Counts();
    },
    discard: () => {
      changes = new Counts();
      numbers = new Map();
    },
  };
};

export const tallyQueries = (database: DatabaseSync): Pick<ReadModels, 'tallySums' | 'tallyBuckets'> => {
  const sums = database.prepare(
    `SELECT k.key AS key, sum(t.count) AS count FROM tally_key k JOIN tally t ON t.key = k.id
     WHERE k.key >= ? AND k.key < ? AND t.bucket BETWEEN ? AND ?
     GROUP BY k.id HAVING sum(t.count) <> 0 ORDER BY k.key`,
  );
  const buckets = database.prepare(
    `SELECT bucket, count FROM tally WHERE key = (SELECT id FROM tally_key WHERE key = ?) AND bucket BETWEEN ? AND ?
     ORDER BY bucket`,
  );
  // A sum may lie beyond what a number holds exactly; it is then the nearest one.
  for (const statement of [sums, buckets]) statement.setReadBigInts(true);
  return {
    tallySums: async (prefix, { from = -NO_BUCKET, to = NO_BUCKET } = {}) =>
      sums.all(prefix, `${prefix}${LAST}`, from, to).map((row) => [String(row['key']), Number(row['count'])] as const),
    tallyBuckets: async (key, { from = -NO_BUCKET, to = NO_BUCKET } = {}) =>
      buckets.all(key, from, to).map((row) => [Number(row['bucket']), Number(row['count'])] as const),
  };
};
