/** A table with two unique indexes like those of the log, and its settings for the file. */
export const RAW_LOG_SCHEMA = `
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 8192; PRAGMA cache_size = -65536;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY, stream INTEGER, revision INTEGER, id BLOB, data TEXT, metadata TEXT
  ) STRICT;
  CREATE UNIQUE INDEX by_stream ON events (stream, revision);
  CREATE UNIQUE INDEX by_id ON events (id)`;
