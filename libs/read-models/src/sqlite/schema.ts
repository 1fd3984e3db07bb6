/** 'AFRM' in ASCII: an Afecto read-model file. */
export const APPLICATION_ID = 0x4146524d;
/** Read models are disposable: a file of another layout is not migrated but built again. */
export const LAYOUT_VERSION = 11;

const TABLES = `
CREATE TABLE checkpoint (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  position TEXT NOT NULL, origin TEXT, last_position TEXT, last_id TEXT, horizon INTEGER NOT NULL, version TEXT NOT NULL, facts INTEGER NOT NULL,
  latest_fact_at INTEGER NOT NULL, building TEXT
);
CREATE TABLE party (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE world_fact (position INTEGER PRIMARY KEY);
CREATE TABLE party_fact (
  party INTEGER NOT NULL, occurred_at INTEGER NOT NULL, position INTEGER NOT NULL,
  PRIMARY KEY (party, occurred_at, position)
) WITHOUT ROWID;
CREATE TABLE customer (
  party_id TEXT NOT NULL,
  zone TEXT NOT NULL, extreme TEXT, quadrant TEXT, tier TEXT, phase TEXT NOT NULL,
  search TEXT NOT NULL, next_change INTEGER, expires INTEGER, row TEXT NOT NULL,
  taken_back TEXT
);
CREATE TABLE work_item (
  item_id TEXT NOT NULL, party_id TEXT NOT NULL,
  queue TEXT NOT NULL, state TEXT NOT NULL, visibility TEXT NOT NULL, agent_id TEXT,
  entered_at INTEGER NOT NULL, again INTEGER NOT NULL, first_action_at INTEGER, due_at INTEGER NOT NULL,
  closed_at INTEGER, closed_by TEXT, outcome TEXT, row TEXT NOT NULL
);
CREATE TABLE identifier (
  scheme TEXT NOT NULL, value TEXT NOT NULL, party_id TEXT NOT NULL, verified INTEGER NOT NULL,
  PRIMARY KEY (scheme, value, party_id)
) WITHOUT ROWID;
CREATE TABLE erased_party (party_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE referral (
  referred_id TEXT NOT NULL, referrer_id TEXT NOT NULL, PRIMARY KEY (referred_id, referrer_id)
) WITHOUT ROWID;
CREATE TABLE outgoing (place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, stream_id TEXT NOT NULL, event TEXT NOT NULL);
CREATE TABLE dead_letter (
  position INTEGER NOT NULL, party_id TEXT NOT NULL, event_id TEXT NOT NULL, type TEXT NOT NULL,
  reason TEXT NOT NULL, error TEXT NOT NULL, version TEXT NOT NULL, attempts INTEGER NOT NULL,
  PRIMARY KEY (position, party_id)
) WITHOUT ROWID;
CREATE INDEX dead_letter_party ON dead_letter (party_id);
CREATE TABLE tally_key (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE);
CREATE TABLE tally (
  key INTEGER NOT NULL, bucket INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (key, bucket)
) WITHOUT ROWID;
CREATE TABLE tally_block (
  key INTEGER NOT NULL, block INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (key, block)
) WITHOUT ROWID;
CREATE TABLE contribution (party_id TEXT NOT NULL, entries TEXT NOT NULL);
CREATE TABLE claim_count (queue TEXT PRIMARY KEY, claims INTEGER NOT NULL) WITHOUT ROWID;
`;

/**
 * Of the tables that a build fills customer by customer, in no order that any index has: rows go to the end of
 * their table, and the indexes are made when all are there, each by one sort. Kept up row by row they touch a
 * page of their own for every row, and each commit writes those pages again.
 */
export const INDEXES_MADE_LAST: ReadonlyArray<readonly [name: string, sql: string]> = [
  ['party_name', 'CREATE UNIQUE INDEX party_name ON party (name)'],
  ['customer_party', 'CREATE UNIQUE INDEX customer_party ON customer (party_id)'],
  ['customer_due', 'CREATE INDEX customer_due ON customer (next_change, party_id) WHERE next_change IS NOT NULL'],
  ['customer_expiry', 'CREATE INDEX customer_expiry ON customer (expires, party_id) WHERE expires IS NOT NULL'],
  ['customer_group', 'CREATE INDEX customer_group ON customer (zone, phase, tier, quadrant, extreme)'],
  ['customer_list', 'CREATE INDEX customer_list ON customer (party_id, search, zone, tier, phase)'],
  ['work_item_id', 'CREATE UNIQUE INDEX work_item_id ON work_item (item_id)'],
  ['work_item_party', 'CREATE INDEX work_item_party ON work_item (party_id)'],
  ['work_item_open', "CREATE INDEX work_item_open ON work_item (queue, state) WHERE state <> 'closed'"],
  ['work_item_entered', 'CREATE INDEX work_item_entered ON work_item (queue, entered_at, again, first_action_at)'],
  [
    'work_item_closed',
    `CREATE INDEX work_item_closed ON work_item (queue, closed_at DESC, item_id, due_at, closed_by, outcome)
     WHERE closed_at IS NOT NULL`,
  ],
  ['contribution_party', 'CREATE UNIQUE INDEX contribution_party ON contribution (party_id)'],
];

/** What a build finds, as often as it is stated. */
export const IDENTIFIERS_STATED =
  'CREATE TABLE identifier_stated (scheme TEXT NOT NULL, value TEXT NOT NULL, party_id TEXT NOT NULL, verified INTEGER NOT NULL)';

export const IDENTIFIERS_IN_ORDER = `
  INSERT INTO identifier (scheme, value, party_id, verified)
  SELECT scheme, value, party_id, max(verified) FROM identifier_stated
  WHERE party_id NOT IN (SELECT party_id FROM erased_party) GROUP BY scheme, value, party_id;
  DROP TABLE identifier_stated`;

export const SCHEMA = `${TABLES}${INDEXES_MADE_LAST.map(([, sql]) => `${sql};`).join('\n')}`;
