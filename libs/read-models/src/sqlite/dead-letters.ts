import type { DatabaseSync } from 'node:sqlite';
import type { Batch, DeadLetter, ReadModels } from '../port';

type DeadLetterQueries = Pick<ReadModels, 'deadLetters' | 'countDeadLetters'>;

/** Stored for a dead letter that names no party: no id of a party is empty. */
const NOBODY = '';

const deadLetterOf = (row: Record<string, unknown>): DeadLetter => ({
  position: BigInt(Number(row['position'])),
  eventId: String(row['event_id']),
  type: String(row['type']),
  partyId: row['party_id'] === NOBODY ? null : String(row['party_id']),
  reason: row['reason'] === 'failing' ? 'failing' : 'unreadable',
  error: String(row['error']),
  version: String(row['version']),
  attempts: Number(row['attempts']),
});

export const deadLetterQueries = (database: DatabaseSync): DeadLetterQueries => {
  const columns = 'position, party_id, event_id, type, reason, error, version, attempts';
  const all = database.prepare(
    `SELECT ${columns} FROM dead_letter WHERE (position, party_id) > (?, ?) ORDER BY position, party_id LIMIT +?`,
  );
  const ofParties = database.prepare(
    `SELECT ${columns} FROM dead_letter WHERE (+position, party_id) > (?, ?)
       AND party_id IN (SELECT value FROM json_each(?)) ORDER BY position, party_id LIMIT +?`,
  );
  const count = database.prepare('SELECT count(*) AS letters FROM dead_letter');
  return {
    deadLetters: async ({ partyIds, after, limit = Number.MAX_SAFE_INTEGER } = {}) => {
      const position = after === undefined ? -1 : Number(after.position);
      const party = after?.partyId ?? NOBODY;
      return partyIds === undefined
        ? all.all(position, party, limit).map(deadLetterOf)
        : ofParties.all(position, party, JSON.stringify(partyIds), limit).map(deadLetterOf);
    },
    countDeadLetters: async () => Number(count.get()?.['letters'] ?? 0),
  };
};

/** Writes the dead letters of a batch, within its transaction. */
export const deadLetterWriter = (database: DatabaseSync): ((batch: Batch) => void) => {
  const remove = database.prepare('DELETE FROM dead_letter WHERE position = ? AND party_id = ?');
  const put = database.prepare(
    `INSERT INTO dead_letter (position, party_id, event_id, type, reason, error, version, attempts)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (position, party_id) DO UPDATE SET reason = excluded.reason, error = excluded.error,
       version = excluded.version, attempts = excluded.attempts`,
  );
  return ({ forgotten = [], deadLetters = [] }) => {
    for (const { position, partyId } of forgotten) remove.run(Number(position), partyId ?? NOBODY);
    for (const { position, partyId, eventId, type, reason, error, version, attempts } of deadLetters)
      put.run(Number(position), partyId ?? NOBODY, eventId, type, reason, error, version, attempts);
  };
};
