import type { DatabaseSync } from 'node:sqlite';
import type { OutgoingEvent, ReadModels, StoredAnnouncement } from '../port';

type OutgoingQueries = Pick<ReadModels, 'announcementsOf' | 'outgoing' | 'sent'>;

export const outgoingQueries = (database: DatabaseSync): OutgoingQueries => {
  const announced = database.prepare(
    `SELECT party_id, row ->> '$.announced' AS announced, taken_back FROM customer
     WHERE party_id IN (SELECT value FROM json_each(?))`,
  );
  const items = database.prepare(
    `SELECT party_id, json_object('itemId', item_id, 'enteredAt', row -> '$.enteredAt', 'closedAt', row -> '$.closedAt',
       'closedBy', row -> '$.closedBy', 'outcome', row -> '$.outcome') AS item FROM work_item
     WHERE party_id IN (SELECT value FROM json_each(?)) ORDER BY rowid`,
  );
  const first = database.prepare('SELECT stream_id, event FROM outgoing ORDER BY place LIMIT +?');
  const remove = database.prepare('DELETE FROM outgoing WHERE id IN (SELECT value FROM json_each(?))');
  return {
    announcementsOf: async (partyIds) => {
      const asked = JSON.stringify(partyIds);
      const found = new Map<
        string,
        {
          announced: StoredAnnouncement['announced'];
          items: StoredAnnouncement['items'][number][];
          takenBack: StoredAnnouncement['takenBack'];
        }
      >();
      for (const row of announced.iterate(asked))
        found.set(String(row['party_id']), {
          announced: JSON.parse(String(row['announced'])),
          items: [],
          takenBack: row['taken_back'] === null ? [] : JSON.parse(String(row['taken_back'])),
        });
      for (const row of items.iterate(asked))
        found.get(String(row['party_id']))?.items.push(JSON.parse(String(row['item'])));
      return found;
    },
    outgoing: async (limit) =>
      first.all(limit).map((row): OutgoingEvent => ({
        streamId: String(row['stream_id']),
        event: JSON.parse(String(row['event'])),
      })),
    sent: async (eventIds) => {
      remove.run(JSON.stringify(eventIds));
    },
  };
};
