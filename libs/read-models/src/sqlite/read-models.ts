import type { DatabaseSync } from 'node:sqlite';
import type { ReadModels } from '../port';
import { customerQueries } from './customers';
import { deadLetterQueries } from './dead-letters';
import { dumpOf } from './dump';
import { ledgerQueries } from './ledger';
import { outgoingQueries } from './outgoing';
import { lateIndexes } from './late-indexes';
import { itemQueries } from './work-items';
import { tallyQueries } from './tallies';
import { batchWriter } from './write';

export const sqliteReadModels = (database: DatabaseSync): ReadModels => {
  const write = batchWriter(database);
  const indexes = lateIndexes(database);
  const checkpoint = database.prepare(
    'SELECT position, origin, last_position, last_id, horizon, version, facts, latest_fact_at, building FROM checkpoint WHERE one = 1',
  );
  let open = true;
  return {
    checkpoint: async () => {
      const row = checkpoint.get();
      if (row === undefined) return null;
      return {
        position: BigInt(String(row['position'])),
        origin: typeof row['origin'] === 'string' ? row['origin'] : null,
        last:
          typeof row['last_id'] === 'string'
            ? { position: BigInt(String(row['last_position'])), id: row['last_id'] }
            : null,
        horizon: Number(row['horizon']),
        version: String(row['version']),
        facts: Number(row['facts']),
        latestFactAt: Number(row['latest_fact_at']),
        building: row['building'] === null ? null : JSON.parse(String(row['building'])),
      };
    },
    commit: async (batch) => write(batch),
    makeIndex: async () => indexes.makeNext(),
    ...ledgerQueries(database),
    ...customerQueries(database),
    ...itemQueries(database),
    ...outgoingQueries(database),
    ...deadLetterQueries(database),
    ...tallyQueries(database),
    dump: (what) => dumpOf(database, what),
    shred: async (thorough) => {
      // Rows move between pages, which are not cleared when they are split: only a new file has none of it.
      if (thorough) database.exec('VACUUM');
      return database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0;
    },
    close: async () => {
      if (!open) return;
      open = false;
      database.close();
    },
  };
};
