import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { SCHEMA } from './schema';
import type { Tally } from '../port';
import { tallyQueries, tallyWriter } from './tallies';

const given = () => {
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  return { database, writer: tallyWriter(database), ...tallyQueries(database) };
};

type TallyEntry = readonly [key: string, bucket: number, count: number];

const KEYS = ['ab|x', 'a|y', 'a|x', 'ab|', 'k'];
/** Two sections, as a customer has them: the first entry, and the rest. */
const tallyOf = (entries: ReadonlyArray<TallyEntry>, keys = KEYS): Tally => {
  const [first = [], ...rest] = entries.map(([key, bucket, count]) => [keys.indexOf(key), bucket, count]);
  return { keys, sections: [first, rest.flat()] };
};
/** The same with the sections of `before` that are the same. */
const keeping = (tally: Tally, before: Tally): Tally => ({
  ...tally,
  sections: tally.sections.map((section, at) =>
    JSON.stringify(section) === JSON.stringify(before.sections[at]) ? (before.sections[at] ?? []) : section,
  ),
});

const entry: fc.Arbitrary<TallyEntry> = fc.tuple(
  fc.constantFrom('a|x', 'a|y', 'ab|x'),
  fc.integer({ min: -2, max: 2 }),
  fc.integer({ min: -3, max: 3 }).filter((count) => count !== 0),
);
const entries = fc.uniqueArray(entry, { selector: ([key, bucket]) => `${key}|${bucket}`, maxLength: 5 });
const steps = fc.array(
  fc.record({
    party: fc.constantFrom('p1', 'p2', 'p3'),
    entries: fc.option(entries, { nil: null }),
    flush: fc.boolean(),
    isKnown: fc.boolean(),
    otherKeys: fc.boolean(),
  }),
  { maxLength: 20 },
);

describe('what customers add to the figures of all', () => {
  it('is at any time the sum of what each adds now, with no trace of what it added before', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { database, writer } = given();
        const now = new Map<string, ReadonlyArray<TallyEntry>>();
        const tallies = new Map<string, Tally>();
        for (const step of all) {
          if (step.entries === null) {
            writer.drop(step.party);
            now.delete(step.party);
            tallies.delete(step.party);
          } else {
            const before = tallies.get(step.party);
            const tally = tallyOf(step.entries, step.otherKeys ? KEYS.toReversed() : KEYS);
            const isKnown = before !== undefined && step.isKnown;
            const next = isKnown && before.keys === tally.keys ? keeping(tally, before) : tally;
            if (isKnown) writer.put(step.party, next, before);
            else writer.put(step.party, next);
            tallies.set(step.party, next);
            now.set(step.party, step.entries);
          }
          if (step.flush) writer.flush();
        }
        writer.flush();
        const sums = new Map<string, number>();
        for (const own of now.values())
          for (const [key, bucket, count] of own) {
            const place = JSON.stringify([key, bucket]);
            sums.set(place, (sums.get(place) ?? 0) + count);
          }
        const expected = [...sums].filter(([, count]) => count !== 0).sort();
        const stored = database
          .prepare('SELECT k.key, bucket, count FROM tally JOIN tally_key k ON k.id = tally.key')
          .all()
          .map((row) => [JSON.stringify([row['key'], row['bucket']]), row['count']]);
        expect(stored.sort()).toEqual(expected);
        database.close();
      }),
      { numRuns: 60 },
    );
  });

  it('what a step that was rolled back had counted is forgotten', async () => {
    const { database, writer, tallySums } = given();
    database.exec('BEGIN');
    writer.put('p1', tallyOf([['k', 1, 5]]));
    database.exec('ROLLBACK');
    writer.discard();
    writer.put('p1', tallyOf([['k', 1, 2]]));
    writer.flush();
    expect(await tallySums('k')).toEqual([['k', 2]]);
    database.close();
  });

  it('sums by key over the buckets asked, of the keys that begin so; and gives the buckets of one key', async () => {
    const { database, writer, tallySums, tallyBuckets } = given();
    writer.put(
      'p1',
      tallyOf([
        ['a|x', 1, 1],
        ['a|x', 3, 4],
        ['a|y', 2, 7],
        ['ab|', 2, 9],
      ]),
    );
    writer.put(
      'p2',
      tallyOf([
        ['a|x', 3, 1],
        ['a|x', 3, 1],
        ['a|y', 2, -7],
      ]),
    );
    writer.flush();
    expect(await tallySums('a|')).toEqual([['a|x', 7]]);
    expect(await tallySums('a|', { from: 2, to: 3 })).toEqual([['a|x', 6]]);
    expect(await tallySums('a|', { from: 4 })).toEqual([]);
    expect(await tallyBuckets('a|x')).toEqual([
      [1, 1],
      [3, 6],
    ]);
    expect(await tallyBuckets('a|x', { to: 2 })).toEqual([[1, 1]]);
    database.close();
  });

  // Sums over long ranges are read from sums of 32 buckets each, and the buckets at both ends.
  it('sums over any range what its buckets come to', async () => {
    const bucket = fc.oneof(
      fc.integer({ min: -70, max: 200 }),
      fc.integer({ min: 24_000, max: 24_800 }),
      fc.integer({ min: 4_096 * 32 - 70, max: 4_096 * 32 + 70 }),
      fc.constantFrom(-(2 ** 52), 1_700_000_000_000),
    );
    const placed = fc.tuple(fc.constantFrom('a|x', 'a|y', 'ab|x'), bucket, fc.constantFrom(-2, 1, 3));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(placed, { maxLength: 12 }), { maxLength: 4 }),
        fc.array(fc.tuple(bucket, bucket), { minLength: 1, maxLength: 6 }),
        async (shares, ranges) => {
          const { database, writer, tallySums, tallyBuckets } = given();
          // The second of each takes the place of the first.
          for (const [index, share] of shares.entries()) {
            writer.put(`p${index % 2}`, tallyOf(share));
            writer.flush();
          }
          const asked = [
            {},
            ...ranges.map(([one, other]) => ({ from: Math.min(one, other), to: Math.max(one, other) })),
          ];
          for (const range of asked) {
            const expected: (readonly [string, number])[] = [];
            for (const key of ['a|x', 'a|y']) {
              const sum = (await tallyBuckets(key, range)).reduce((all, [, count]) => all + count, 0);
              if (sum !== 0) expected.push([key, sum]);
            }
            expect(await tallySums('a|', range)).toEqual(expected);
          }
          database.close();
        },
      ),
      { numRuns: 100 },
    );
  });

  it('counts all at the end of a build as it would have counted them one by one, also when a commit of it failed', () => {
    fc.assert(
      fc.property(fc.array(entries, { maxLength: 5 }), fc.option(fc.nat({ max: 5 })), (shares, failedAt) => {
        const [built, followed] = [given(), given()];
        built.writer.begin();
        shares.forEach((share, index) => {
          if (index === failedAt) built.writer.discard();
          built.writer.keep(`p${index}`, tallyOf(share));
          followed.writer.put(`p${index}`, tallyOf(share));
        });
        built.writer.conclude();
        followed.writer.flush();
        const rows = ({ database }: typeof built) =>
          database
            .prepare('SELECT k.key, bucket, count FROM tally JOIN tally_key k ON k.id = tally.key ORDER BY 1, 2')
            .all();
        expect(rows(built)).toEqual(rows(followed));
        const blocks = ({ database }: typeof built) =>
          database
            .prepare('SELECT k.key, block, count FROM tally_block b JOIN tally_key k ON k.id = b.key ORDER BY 1, 2')
            .all();
        expect(blocks(built)).toEqual(blocks(followed));
        for (const { database } of [built, followed]) database.close();
      }),
      { numRuns: 40 },
    );
  });
});
