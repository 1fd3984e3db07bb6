import type { DatabaseSync } from 'node:sqlite';
import { erasureIn } from './erasure-event';
import type { PendingErasure, UnfinishedErasure } from './keys';

/** Erasures whose keys are destroyed and whose copies are not all gone, in the key store; oldest first. */
export class UnfinishedErasures {
  constructor(private readonly database: DatabaseSync) {}

  /** In the caller's transaction. False: it was noted before. */
  note({ eventId, streamId, partyIds, events }: PendingErasure): boolean {
    return (
      this.database
        .prepare(
          'INSERT INTO erasure (event_id, stream_id, party_ids, events) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
        )
        .run(eventId, streamId, JSON.stringify(partyIds), JSON.stringify(events)).changes === 1
    );
  }

  /** Those noted strictly after a place (0: the first), at most so many. */
  after(place: number, limit: number): ReadonlyArray<UnfinishedErasure> {
    return this.database
      .prepare('SELECT place, stream_id, events FROM erasure WHERE place > ? ORDER BY place LIMIT ?')
      .all(place, limit)
      .flatMap((row) => {
        const erasure = erasureIn(String(row['stream_id']), JSON.parse(String(row['events'])));
        return erasure === null ? [] : [{ ...erasure, place: Number(row['place']) }];
      });
  }

  /** In the caller's transaction. */
  remove(eventIds: ReadonlyArray<string>): void {
    const remove = this.database.prepare('DELETE FROM erasure WHERE event_id = ?');
    for (const eventId of eventIds) remove.run(eventId);
  }
}
