import type { DatabaseSync } from 'node:sqlite';

const DECISIONS: ReadonlyArray<readonly [string, string]> = [
  [
    'customer',
    'SELECT party_id, zone, extreme, quadrant, tier, phase, search, next_change, expires, row FROM customer ORDER BY party_id',
  ],
  [
    'work_item',
    `SELECT item_id, party_id, queue, state, visibility, agent_id, entered_at, again, first_action_at, due_at,
       closed_at, closed_by, outcome, row FROM work_item ORDER BY item_id`,
  ],
  ['identifier', 'SELECT scheme, value, party_id, verified FROM identifier ORDER BY scheme, value, party_id'],
  ['erased_party', 'SELECT party_id FROM erased_party ORDER BY party_id'],
  ['referral', 'SELECT referred_id, referrer_id FROM referral ORDER BY referred_id, referrer_id'],
  [
    'dead_letter',
    `SELECT party_id, event_id, type, reason, error, version FROM dead_letter ORDER BY party_id, event_id`,
  ],
  [
    'tally',
    'SELECT k.key, t.bucket, CAST(t.count AS TEXT) FROM tally t JOIN tally_key k ON k.id = t.key ORDER BY k.key, t.bucket',
  ],
  [
    'tally_block',
    'SELECT k.key, b.block, CAST(b.count AS TEXT) FROM tally_block b JOIN tally_key k ON k.id = b.key ORDER BY k.key, b.block',
  ],
  ['claim_count', 'SELECT queue, claims FROM claim_count ORDER BY queue'],
];

const EVERYTHING: ReadonlyArray<readonly [string, string]> = [
  [
    'checkpoint',
    'SELECT position, origin, last_position, last_id, horizon, version, facts, latest_fact_at, building FROM checkpoint',
  ],
  ['world_fact', 'SELECT position FROM world_fact ORDER BY position'],
  [
    'party_fact',
    `SELECT party.name, p.occurred_at, p.position FROM party_fact p JOIN party ON party.id = p.party
     ORDER BY party.name, p.occurred_at, p.position`,
  ],
  ['dead_letter_place', 'SELECT position, party_id FROM dead_letter ORDER BY position, party_id'],
  ...DECISIONS,
];

/** The numbers of a share; null: it is damaged. */
const shareIn = (entries: string): ReadonlyArray<unknown> | null => {
  try {
    const share: unknown = JSON.parse(entries);
    return Array.isArray(share) ? share : null;
  } catch {
    return null;
  }
};

/** What each customer adds to the sums, by the names of the keys: their numbers and the order of a share are of the file. */
function* sharesIn(database: DatabaseSync): Iterable<string> {
  const keys = new Map<unknown, string>();
  for (const { id, key } of database.prepare('SELECT id, key FROM tally_key').iterate()) keys.set(id, String(key));
  for (const row of database.prepare('SELECT party_id, entries FROM contribution ORDER BY party_id').iterate()) {
    const sums = new Map<string, number>();
    const share = shareIn(String(row['entries'])) ?? [row['entries']];
    for (let at = 0; at < share.length; at += 3) {
      const place = `${keys.get(share[at]) ?? String(share[at])} ${String(share[at + 1])}`;
      sums.set(place, (sums.get(place) ?? 0) + Number(share[at + 2]));
    }
    const entries = [...sums].filter(([, count]) => count !== 0).sort(([one], [other]) => (one < other ? -1 : 1));
    if (entries.length > 0) yield `contribution ${JSON.stringify([row['party_id'], ...entries.flat()])}`;
  }
}

/** One line a row: the table's name and the row as JSON, in an order that the rows themselves set. */
export async function* dumpOf(database: DatabaseSync, what: 'everything' | 'decisions'): AsyncIterable<string> {
  for (const [table, sql] of what === 'everything' ? EVERYTHING : DECISIONS)
    for (const row of database.prepare(sql).iterate()) yield `${table} ${JSON.stringify(Object.values(row))}`;
  yield* sharesIn(database);
}
