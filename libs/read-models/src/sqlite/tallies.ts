import type { DatabaseSync } from 'node:sqlite';
import type { ReadModels, Tally } from '../port';
import { whenAsked } from './late-indexes';

const NO_BUCKET = Number.MAX_SAFE_INTEGER;
/** Sorts after every character of a key. */
const LAST = '\u{10FFFF}';

/**
 * Buckets that are days or months are also summed by so many: a year is read as a dozen blocks and the days at
 * its ends. Instants and amounts lie beyond the last block, and are read one by one.
 */
const BUCKETS_A_BLOCK = 32;
const BLOCKS = 4_096;

const blockOf = (bucket: number): number | null =>
  bucket >= 0 && bucket < BLOCKS * BUCKETS_A_BLOCK ? Math.floor(bucket / BUCKETS_A_BLOCK) : null;

/** A customer's share as it is stored: key, bucket and count over and over, keys by their numbers. */
type Share = ReadonlyArray<number>;

const shareOf = (stored: unknown): Share => (typeof stored === 'string' ? JSON.parse(stored) : none);

const none: Share = [];

/** Counts by key and bucket. */
class Counts {
  readonly byKey = new Map<number, Map<number, number>>();

  /** Takes in what a customer adds, or takes it back. `numbers`: of keys by their places; absent: the share has them. */
  take(share: Share, sign: 1 | -1, numbers: ReadonlyArray<number> | null = null): void {
    for (let at = 0; at < share.length; at += 3) {
      const [place = 0, bucket = 0, count = 0] = [share[at], share[at + 1], share[at + 2]];
      const key = numbers === null ? place : (numbers[place] ?? 0);
      let buckets = this.byKey.get(key);
      if (buckets === undefined) this.byKey.set(key, (buckets = new Map()));
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + sign * count);
    }
  }

  /** The same by blocks, of the buckets that lie in one. */
  inBlocks(): Counts {
    const blocks = new Counts();
    for (const [key, bucket, count] of this) {
      const block = blockOf(bucket);
      if (block !== null) blocks.take([key, block, count], 1);
    }
    return blocks;
  }

  *[Symbol.iterator](): Generator<readonly [key: number, bucket: number, count: number]> {
    for (const [key, buckets] of this.byKey)
      for (const [bucket, count] of buckets) if (count !== 0) yield [key, bucket, count];
  }
}

export interface TallyWriter {
  /** What a customer adds now takes the place of what it added before: `known`, or what is stored. */
  readonly put: (partyId: string, tally: Tally, known?: Tally) => void;
  readonly drop: (partyId: string) => void;
  /** Brings the sums up to what the calls since the last one come to. */
  readonly flush: () => void;
  /** Nothing is kept of anybody yet: what `keep` is told from here on is all there is. */
  readonly begin: () => void;
  /** Only keeps what a customer adds, of whom nothing is kept yet: the sums are written at the end, by `conclude`. */
  readonly keep: (partyId: string, tally: Tally) => void;
  /** Writes the sums: as they were kept count of since `begin`, else counted from what is kept of each. */
  readonly conclude: () => void;
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
  const append = database.prepare('INSERT INTO contribution (party_id, entries) VALUES (?, ?)');
  const replace = whenAsked(
    database,
    'INSERT INTO contribution (party_id, entries) VALUES (?, ?) ON CONFLICT (party_id) DO UPDATE SET entries = excluded.entries',
  );
  const forget = database.prepare('DELETE FROM contribution WHERE party_id = ?');
  const add = database.prepare(
    'INSERT INTO tally (key, bucket, count) VALUES (?, ?, ?) ON CONFLICT (key, bucket) DO UPDATE SET count = count + excluded.count RETURNING count',
  );
  const clear = database.prepare('DELETE FROM tally WHERE key = ? AND bucket = ?');
  const addBlock = database.prepare(
    'INSERT INTO tally_block (key, block, count) VALUES (?, ?, ?) ON CONFLICT (key, block) DO UPDATE SET count = count + excluded.count RETURNING count',
  );
  const clearBlock = database.prepare('DELETE FROM tally_block WHERE key = ? AND block = ?');
  for (const statement of [add, addBlock]) statement.setReadBigInts(true);
  const findKey = database.prepare('SELECT id FROM tally_key WHERE key = ?');
  const addKey = database.prepare('INSERT INTO tally_key (key) VALUES (?)');
  const all = database.prepare('SELECT entries FROM contribution');
  const insert = database.prepare('INSERT INTO tally (key, bucket, count) VALUES (?, ?, ?)');
  const insertBlock = database.prepare('INSERT INTO tally_block (key, block, count) VALUES (?, ?, ?)');
  let changes = new Counts();
  /** Of all that is kept; null: not known. */
  let sums: Counts | null = null;
  /** Of each list of keys, the numbers of those that were used. */
  let numbers = new WeakMap<ReadonlyArray<string>, number[]>();

  const numbersOf = ({ keys, sections }: Tally): ReadonlyArray<number> => {
    let known = numbers.get(keys);
    if (known === undefined) numbers.set(keys, (known = []));
    for (const section of sections)
      for (let at = 0; at < section.length; at += 3) {
        const place = section[at] ?? 0;
        known[place] ??= numberOf(keys[place] ?? '');
      }
    return known;
  };

  const numberOf = (key: string): number => {
    const found = findKey.get(key)?.['id'];
    return typeof found === 'number' ? found : Number(addKey.run(key).lastInsertRowid);
  };

  const shareFrom = ({ sections }: Tally, ids: ReadonlyArray<number>): Share => {
    const share: number[] = [];
    for (const section of sections)
      for (let at = 0; at < section.length; at += 3)
        share.push(ids[section[at] ?? 0] ?? 0, section[at + 1] ?? 0, section[at + 2] ?? 0);
    return share;
  };

  const counted = (): Counts => {
    const counts = new Counts();
    for (const row of all.iterate()) counts.take(shareOf(row['entries']), 1);
    return counts;
  };

  return {
    put: (partyId, tally, known) => {
      const { sections } = tally;
      if (known === undefined) changes.take(shareOf(before.get(partyId)?.['entries']), -1);
      const isSame = (at: number): boolean => known?.keys === tally.keys && known.sections[at] === sections[at];
      if (known?.sections.length === sections.length && sections.every((_, at) => isSame(at))) return;
      const ids = numbersOf(tally);
      const old: ReadonlyArray<Share> = known === undefined ? [] : known.sections;
      const oldIds = known === undefined ? ids : numbersOf(known);
      for (let at = 0; at < Math.max(sections.length, old.length); at++) {
        if (isSame(at)) continue;
        changes.take(old[at] ?? none, -1, oldIds);
        changes.take(sections[at] ?? none, 1, ids);
      }
      const share = shareFrom(tally, ids);
      if (share.length === 0) forget.run(partyId);
      else replace().run(partyId, JSON.stringify(share));
    },
    drop: (partyId) => {
      changes.take(shareOf(before.get(partyId)?.['entries']), -1);
      forget.run(partyId);
    },
    flush: () => {
      for (const [key, bucket, count] of changes)
        if (add.get(key, bucket, count)?.['count'] === 0n) clear.run(key, bucket);
      for (const [key, block, count] of changes.inBlocks())
        if (addBlock.get(key, block, count)?.['count'] === 0n) clearBlock.run(key, block);
      changes = new Counts();
    },
    begin: () => {
      sums = new Counts();
    },
    keep: (partyId, tally) => {
      const share = shareFrom(tally, numbersOf(tally));
      sums?.take(share, 1);
      if (share.length > 0) append.run(partyId, JSON.stringify(share));
    },
    conclude: () => {
      const counts = sums ?? counted();
      database.exec('DELETE FROM tally; DELETE FROM tally_block');
      for (const [into, { byKey }] of [
        [insert, counts],
        [insertBlock, counts.inBlocks()],
      ] as const)
        for (const [key, buckets] of [...byKey].sort(([one], [other]) => one - other))
          for (const [bucket, count] of [...buckets].sort(([one], [other]) => one - other))
            if (count !== 0) into.run(key, bucket, count);
      changes = new Counts();
      sums = null;
    },
    discard: () => {
      changes = new Counts();
      sums = null;
      numbers = new WeakMap();
    },
  };
};

/** The blocks that lie in a range whole; null: none does. */
const blocksIn = (from: number, to: number): { readonly first: number; readonly last: number } | null => {
  const first = Math.max(0, Math.ceil(from / BUCKETS_A_BLOCK));
  const last = Math.min(BLOCKS - 1, Math.floor((to + 1) / BUCKETS_A_BLOCK) - 1);
  return first > last ? null : { first, last };
};

/** A sum may lie beyond what a number holds exactly; it is then the nearest one. */
export const tallyQueries = (database: DatabaseSync): Pick<ReadModels, 'tallySums' | 'tallyBuckets'> => {
  const sums = database.prepare(
    `SELECT k.key AS key, CAST(sum(t.count) AS REAL) AS count FROM tally_key k CROSS JOIN tally t ON t.key = k.id
     WHERE k.key >= ? AND k.key < ? AND t.bucket BETWEEN ? AND ?
     GROUP BY k.key ORDER BY k.key`,
  );
  const within = (table: string, column: string, from: string, to: string): string =>
    `ifnull((SELECT sum(count) FROM ${table} WHERE key = k.id AND ${column} BETWEEN ${from} AND ${to}), 0)`;
  const sumsByBlocks = database.prepare(
    `SELECT k.key AS key, CAST(${within('tally_block', 'block', '?3', '?4')}
       + ${within('tally', 'bucket', '?5', '?6')} + ${within('tally', 'bucket', '?7', '?8')} AS REAL) AS count
     FROM tally_key k WHERE k.key >= ?1 AND k.key < ?2 ORDER BY k.key`,
  );
  const buckets = database.prepare(
    `SELECT bucket, CAST(count AS REAL) AS count FROM tally
     WHERE key = (SELECT id FROM tally_key WHERE key = ?) AND bucket BETWEEN ? AND ? ORDER BY bucket`,
  );
  const rowsOf = (prefix: string, from: number, to: number) => {
    const end = `${prefix}${LAST}`;
    const blocks = blocksIn(from, to);
    if (blocks === null) return sums.all(prefix, end, from, to);
    const { first, last } = blocks;
    const [low, high] = [first * BUCKETS_A_BLOCK - 1, (last + 1) * BUCKETS_A_BLOCK];
    return sumsByBlocks.all(prefix, end, first, last, from, low, high, to);
  };
  return {
    tallySums: async (prefix, { from = -NO_BUCKET, to = NO_BUCKET } = {}) =>
      // Left out here and not in SQL, which would compute each sum twice.
      rowsOf(prefix, from, to).flatMap((row) =>
        row['count'] === 0 ? [] : [[String(row['key']), Number(row['count'])] as const],
      ),
    tallyBuckets: async (key, { from = -NO_BUCKET, to = NO_BUCKET } = {}) =>
      buckets.all(key, from, to).map((row) => [Number(row['bucket']), Number(row['count'])] as const),
  };
};
