import type { DatabaseSync } from 'node:sqlite';
import { NEVER } from '@afecto/domain';
import type { LedgerFact, ReadModels } from '../port';

type Row = Record<string, unknown>;

const COLUMNS = 'f.position, f.occurred_at, f.recorded_at, f.type, f.channel, f.subjects, f.body';

const ledgerFact = (row: Row): LedgerFact => {
  const subjects = String(row['subjects']);
  const channel = row['channel'];
  return {
    position: BigInt(Number(row['position'])),
    occurredAt: Number(row['occurred_at']),
    recordedAt: Number(row['recorded_at']),
    type: String(row['type']),
    channel: typeof channel === 'string' ? channel : null,
    subjects: subjects === '' ? [] : subjects.split(' '),
    body: String(row['body']),
  };
};

/** A fact with several of the asked parties as subjects is found under each: once is enough. */
const eachOnce = (facts: ReadonlyArray<LedgerFact>, parties: number): ReadonlyArray<LedgerFact> => {
  if (parties < 2) return facts;
  const seen = new Set<bigint>();
  return facts.filter(({ position }) => !seen.has(position) && seen.add(position));
};

type LedgerQueries = Pick<
  ReadModels,
  'factsOf' | 'nextFactAt' | 'factsOfTypes' | 'timeline' | 'countFacts' | 'partyIds'
>;

export const ledgerQueries = (database: DatabaseSync): LedgerQueries => {
  const findParty = database.prepare('SELECT id FROM party WHERE name = ?');
  const numberOf = (partyId: string): number | null => {
    const id = findParty.get(partyId)?.['id'];
    return typeof id === 'number' ? id : null;
  };
  const numbersOf = (partyIds: ReadonlyArray<string>): ReadonlyArray<number> =>
    partyIds.map(numberOf).filter((id) => id !== null);

  const facts = database.prepare(
    `SELECT ${COLUMNS} FROM party_fact p JOIN fact f ON f.position = p.position
     WHERE p.party = ? AND p.occurred_at <= ? AND f.recorded_at <= ?`,
  );
  const nextFact = database.prepare(
    'SELECT min(occurred_at) AS at FROM party_fact WHERE party = ? AND occurred_at > ?',
  );
  const ofType = database.prepare(`SELECT ${COLUMNS} FROM fact f WHERE f.type = ? ORDER BY f.position`);
  const newest = database.prepare(
    `SELECT ${COLUMNS} FROM party_fact p JOIN fact f ON f.position = p.position
     WHERE p.party = ?1 AND p.occurred_at <= ?2 AND p.occurred_at >= ?3
       AND f.recorded_at <= ?4 AND (?5 IS NULL OR f.type = ?5) AND (?6 IS NULL OR f.channel = ?6)
     ORDER BY p.occurred_at DESC LIMIT ?7`,
  );
  const positions = database.prepare('SELECT position FROM party_fact WHERE party = ?');
  const parties = database.prepare('SELECT name FROM party WHERE name > ? ORDER BY name LIMIT ?');

  return {
    factsOf: async (partyIds, limits = {}) => {
      const until = limits.until ?? Number.MAX_SAFE_INTEGER;
      const knownAt = limits.knownAt ?? Number.MAX_SAFE_INTEGER;
      const found: LedgerFact[] = [];
      for (const party of numbersOf(partyIds))
        for (const row of facts.iterate(party, until, knownAt)) found.push(ledgerFact(row));
      return eachOnce(found, partyIds.length);
    },
    nextFactAt: async (partyIds, after) => {
      let next = NEVER;
      for (const party of numbersOf(partyIds)) {
        const at = nextFact.get(party, after)?.['at'];
        if (typeof at === 'number' && at < next) next = at;
      }
      return next;
    },
    factsOfTypes: async (types) =>
      types.flatMap((type) => ofType.all(type).map(ledgerFact)).sort((a, b) => Number(a.position - b.position)),
    timeline: async (partyIds, filter, page) => {
      const notAfter = Math.min(page.notAfter ?? Number.MAX_SAFE_INTEGER, filter.to ?? Number.MAX_SAFE_INTEGER);
      const found = numbersOf(partyIds).flatMap((party) =>
        newest
          .all(
            party,
            notAfter,
            filter.from ?? Number.MIN_SAFE_INTEGER,
            filter.knownAt ?? Number.MAX_SAFE_INTEGER,
            filter.type ?? null,
            filter.channel ?? null,
            page.limit,
          )
          .map(ledgerFact),
      );
      return eachOnce(found, partyIds.length)
        .toSorted((a, b) => b.occurredAt - a.occurredAt || Number(b.position - a.position))
        .slice(0, page.limit);
    },
    countFacts: async (partyIds) => {
      const numbers = numbersOf(partyIds);
      const seen = new Set<unknown>();
      for (const party of numbers) for (const row of positions.iterate(party)) seen.add(row['position']);
      return seen.size;
    },
    partyIds: async (after, limit) => parties.all(after ?? '', limit).map((row) => String(row['name'])),
  };
};
