import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { NEVER } from '@afecto/domain';
import { type CustomerRow, type IdentifierRow, NOT_YET, type ReadModels, soughtText } from '../port';

type CustomerQueries = Pick<
  ReadModels,
  'dueCustomers' | 'expiringCustomers' | 'customer' | 'customers' | 'countCustomers' | 'ownersOf' | 'referrersOf'
>;

/** JSON has no infinity: what never comes is stored as null. */
type StoredCustomer = Omit<CustomerRow, 'nextChangeAt' | 'expiresAt'> & {
  readonly nextChangeAt: number | null;
  readonly expiresAt: number | null;
};

const customerRow = (json: unknown): CustomerRow => {
  const stored: StoredCustomer = JSON.parse(String(json));
  return { ...stored, nextChangeAt: stored.nextChangeAt ?? NEVER, expiresAt: stored.expiresAt ?? NEVER };
};

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export const customerQueries = (database: DatabaseSync): CustomerQueries => {
  const due = database.prepare(
    'SELECT party_id FROM customer WHERE next_change <= ? ORDER BY next_change, party_id LIMIT +?',
  );
  const expiring = database.prepare(
    'SELECT party_id, expires FROM customer WHERE expires <= ?1 AND (expires, party_id) > (?2, ?3) ORDER BY expires, party_id LIMIT +?4',
  );
  const one = database.prepare('SELECT row FROM customer WHERE party_id = ?');
  /** By what is asked: a condition that is not there costs nothing in each of all rows. */
  const lists = new Map<string, StatementSync>();
  const listOf = (conditions: ReadonlyArray<string>): StatementSync => {
    const asked = conditions.join(' AND ');
    let list = lists.get(asked);
    if (list === undefined) {
      // Found in the index alone, however few there are: rows are fifty times as wide.
      list = database.prepare(
        `SELECT customer.row AS row FROM (
           SELECT party_id AS found FROM customer INDEXED BY customer_list WHERE ${asked} ORDER BY party_id LIMIT +?
         ) CROSS JOIN customer ON customer.party_id = found ORDER BY found`,
      );
      lists.set(asked, list);
    }
    return list;
  };
  const owners = database.prepare(
    'SELECT scheme, value, party_id, verified FROM identifier WHERE scheme = ? AND value = ? ORDER BY party_id',
  );
  const referrers = database.prepare('SELECT referrer_id FROM referral WHERE referred_id = ?');

  return {
    dueCustomers: async (at, limit) => due.all(at, limit).map((row) => String(row['party_id'])),
    expiringCustomers: async (at, { after, limit }) =>
      expiring
        .all(at, after?.expiresAt ?? Number.MIN_SAFE_INTEGER, after?.partyId ?? '', limit)
        .map((row) => ({ partyId: String(row['party_id']), expiresAt: Number(row['expires']) })),
    customer: async (partyId) => {
      const row = one.get(partyId);
      return row === undefined ? null : customerRow(row['row']);
    },
    customers: async ({ zone, tier, phase, text }, { after = '', limit }) => {
      const asked = [
        ['party_id > ?', after],
        ['zone = ?', zone],
        ['tier = ?', tier],
        ['phase = ?', phase],
        ['instr(search, ?) > 0', text === undefined ? undefined : soughtText(text)],
      ].filter((each): each is [string, string] => each[1] !== undefined);
      const conditions = asked.map(([condition]) => condition);
      return listOf([...conditions, `zone <> '${NOT_YET}'`])
        .all(...asked.map(([, value]) => value), limit)
        .map((row) => customerRow(row['row']));
    },
    countCustomers: async (groupBy) => {
      // Column names come from the closed union of the port, never from a caller's text.
      const columns = groupBy.length === 0 ? `'all'` : groupBy.join(', ');
      return database
        .prepare(
          `SELECT ${columns}, count(*) AS customers FROM customer WHERE zone <> '${NOT_YET}' GROUP BY ${columns} ORDER BY ${columns}`,
        )
        .all()
        .map((row) => ({
          group: Object.fromEntries(groupBy.map((column) => [column, textOrNull(row[column])])),
          count: Number(row['customers']),
        }));
    },
    ownersOf: async (scheme, value) =>
      owners.all(scheme, value).map((row): IdentifierRow => ({
        scheme: String(row['scheme']),
        value: String(row['value']),
        partyId: String(row['party_id']),
        verified: row['verified'] === 1,
      })),
    referrersOf: async (partyIds) => [
      ...new Set(partyIds.flatMap((partyId) => referrers.all(partyId).map((row) => String(row['referrer_id'])))),
    ],
  };
};
