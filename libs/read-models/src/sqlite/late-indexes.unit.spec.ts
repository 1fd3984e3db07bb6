import { DatabaseSync } from 'node:sqlite';
import type { Batch, Checkpoint, IdentifierRow } from '../port';
import { lateIndexes } from './late-indexes';
import { INDEXES_MADE_LAST, SCHEMA } from './schema';
import { batchWriter } from './write';

const indexesOf = (database: DatabaseSync): ReadonlyArray<unknown> =>
  database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name")
    .all()
    .map((row) => row['name']);

const given = () => {
  const database = new DatabaseSync(':memory:');
  database.exec(SCHEMA);
  return { database, all: indexesOf(database), write: batchWriter(database) };
};

const checkpoint: Checkpoint = {
  position: 0n,
  origin: null,
  last: null,
  horizon: 0,
  version: '1',
  facts: 0,
  latestFactAt: 0,
  building: null,
};
const batch = (building: Checkpoint['building']): Batch => ({
  checkpoint: { ...checkpoint, building },
  facts: [],
  customers: [],
  removed: [],
  identifiers: [],
  referrals: [],
  everyoneDue: false,
  outgoing: [],
  claims: new Map(),
});

describe('indexes that a build makes last', () => {
  it('are there when nothing is built', () => {
    const { database, all, write } = given();
    write(batch(null));
    expect(indexesOf(database)).toEqual(all);
  });

  it('are left out by the first commit of a build, and no other ones', () => {
    const { database, all, write } = given();
    write(batch({ step: 'ledger' }));
    const late: ReadonlyArray<unknown> = INDEXES_MADE_LAST.map(([name]) => name);
    expect(indexesOf(database)).toEqual(all.filter((name) => !late.includes(name)));
  });

  it.each([0, 1, INDEXES_MADE_LAST.length + 1])(
    'are all there after the last commit, %d of them made before it',
    (made) => {
      const { database, all, write } = given();
      write(batch({ step: 'ledger' }));
      const indexes = lateIndexes(database);
      expect(Array.from({ length: made }, () => indexes.makeNext())).toEqual(Array.from({ length: made }, () => true));
      write(batch({ step: 'customers', parts: 1, done: 1 }));
      write(batch(null));
      expect(indexesOf(database)).toEqual(all);
      expect(indexes.makeNext()).toBe(false);
    },
  );

  it('have identifiers among them: each once, verified when one statement says so, none of who is erased', () => {
    const { database, write } = given();
    const stated = (value: string, partyId: string, verified: boolean): IdentifierRow => ({
      scheme: 'email',
      value,
      partyId,
      verified,
    });
    const identifiers = [
      stated('b', 'p', false),
      stated('a', 'q', false),
      stated('b', 'p', true),
      stated('c', 'gone', true),
    ];
    write({ ...batch({ step: 'ledger' }), erased: ['gone'], identifiers: identifiers.slice(0, 2) });
    write({ ...batch({ step: 'customers', parts: 1, done: 1 }), identifiers: identifiers.slice(2) });
    write(batch(null));
    expect(
      database
        .prepare('SELECT value, party_id, verified FROM identifier')
        .all()
        .map((row) => Object.values(row)),
    ).toEqual([
      ['a', 'q', 0],
      ['b', 'p', 1],
    ]);
    expect(database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'identifier_stated'").get()).toBeUndefined();
  });

  it('are not left out again by the commits that follow a build', () => {
    const { database, all, write } = given();
    write(batch({ step: 'ledger' }));
    write(batch(null));
    write(batch(null));
    expect(indexesOf(database)).toEqual(all);
  });
});
