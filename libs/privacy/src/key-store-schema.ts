/** 'AFKS' in ASCII: an Afecto key store. */
export const KEY_STORE_ID = 0x41464b53;
export const KEY_STORE_LAYOUT = 2;

/** What layout 2 adds to layout 1. */
export const SEED_TABLE = `
CREATE TABLE seed (
  id TEXT PRIMARY KEY, wrapped BLOB NOT NULL, master TEXT NOT NULL, position TEXT NOT NULL, event_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`;

export const KEY_STORE_SCHEMA = `
CREATE TABLE master (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT;
CREATE TABLE pepper (one INTEGER PRIMARY KEY CHECK (one = 1), wrapped BLOB NOT NULL, master TEXT NOT NULL) STRICT;
CREATE TABLE key_ring (
  party_id TEXT NOT NULL, class TEXT NOT NULL, kid TEXT NOT NULL, wrapped BLOB NOT NULL,
  master TEXT NOT NULL, made_at INTEGER NOT NULL, PRIMARY KEY (party_id, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased (
  party_id TEXT NOT NULL, class TEXT NOT NULL, kid TEXT NOT NULL, erased_at INTEGER NOT NULL,
  PRIMARY KEY (party_id, class, kid)
) STRICT, WITHOUT ROWID;
CREATE TABLE erasure (
  place INTEGER PRIMARY KEY AUTOINCREMENT, event_id TEXT NOT NULL UNIQUE, stream_id TEXT NOT NULL,
  party_ids TEXT NOT NULL, events TEXT NOT NULL
) STRICT;
${SEED_TABLE}`;
