import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { FactPlace, ReadModels } from '../port';

type LedgerQueries = Pick<
  ReadModels,
  'factsOf' | 'worldFacts' | 'newestFacts' | 'countFacts' | 'partyIds' | 'partiesWithoutRow'
>;

/** Rows as arrays are read in half the time of rows as objects. */
const rows = (database: DatabaseSync, sql: string): StatementSync => {
  const statement = database.prepare(sql);
  statement.setReturnArrays(true);
  return statement;
};

/** `[position, occurredAt]`; the columns are ours, the driver's type cannot know them. */
const placesOf = (statement: StatementSync, ...parameters: ReadonlyArray<number>): ReadonlyArray<FactPlace> => {
  const found: ReadonlyArray<unknown> = statement.all(...parameters);
  return (found as ReadonlyArray<readonly [number, number]>).map(([position, occurredAt]) => ({
    position: BigInt(position),
    occurredAt,
  }));
};

/** A fact with several of the asked parties as subjects is found under each: once is enough. */
const eachOnce = (lists: ReadonlyArray<ReadonlyArray<FactPlace>>): ReadonlyArray<FactPlace> => {
  const [only = []] = lists;
  if (lists.length < 2) return only;
  const seen = new Set<bigint>();
  return lists.flat().filter(({ position }) => !seen.has(position) && seen.add(position));
};

export const ledgerQueries = (database: DatabaseSync): LedgerQueries => {
  const findParty = rows(database, 'SELECT id FROM party WHERE name = ?');
  const numbersOf = (partyIds: ReadonlyArray<string>): ReadonlyArray<number> =>
    partyIds.flatMap((partyId) => {
      const found: unknown = findParty.get(partyId);
      return Array.isArray(found) ? [Number(found[0])] : [];
    });

  const facts = rows(database, 'SELECT position, occurred_at FROM party_fact WHERE party = ? AND occurred_at <= ?');
  const newest = rows(
    database,
    `SELECT position, occurred_at FROM party_fact WHERE party = ? AND occurred_at BETWEEN ? AND ?
     ORDER BY occurred_at DESC, position DESC LIMIT +?`,
  );
  const world = database.prepare('SELECT position FROM world_fact ORDER BY position');
  const parties = database.prepare('SELECT name FROM party WHERE name > ? ORDER BY name LIMIT +?');
  const withoutRow = database.prepare(
    `SELECT name FROM party WHERE name > ? AND NOT EXISTS (SELECT 1 FROM customer WHERE party_id = name)
     ORDER BY name LIMIT +?`,
  );

  return {
    factsOf: async (partyIds, until) =>
      eachOnce(numbersOf(partyIds).map((party) => placesOf(facts, party, Math.min(until, Number.MAX_SAFE_INTEGER)))),
    worldFacts: async () => world.all().map((row) => BigInt(Number(row['position']))),
    newestFacts: async (partyIds, { from, to, limit }) =>
      eachOnce(numbersOf(partyIds).map((party) => placesOf(newest, party, from, to, limit)))
        .toSorted((a, b) => b.occurredAt - a.occurredAt || Number(b.position - a.position))
        .slice(0, limit),
    countFacts: async (partyIds) =>
      eachOnce(numbersOf(partyIds).map((party) => placesOf(facts, party, Number.MAX_SAFE_INTEGER))).length,
    partyIds: async (after, limit) => parties.all(after ?? '', limit).map((row) => String(row['name'])),
    partiesWithoutRow: async (after, limit) => withoutRow.all(after ?? '', limit).map((row) => String(row['name'])),
  };
};
