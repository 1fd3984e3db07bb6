import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { identityOf, RESTORED_VERSION } from './schema';

/**
 * Positions that a restored log has never had: those of a log on a server, which numbers by bytes, and of a
 * part of a log. Each is named, so that an event that is missing is seen here as in a log without gaps.
 */
export class LogGaps {
  readonly #lastOf: StatementSync;
  readonly #after: { readonly forwards: StatementSync; readonly backwards: StatementSync };
  /** What the log is a part of, in the words of whoever restored it; null: it is a whole log. */
  readonly part: string | null;

  private constructor(database: DatabaseSync) {
    this.#lastOf = database.prepare('SELECT last FROM gaps WHERE first <= ? ORDER BY first DESC LIMIT 1');
    this.#after = {
      forwards: database.prepare('SELECT position FROM events WHERE position > ? ORDER BY position LIMIT 1 OFFSET +?'),
      backwards: database.prepare(
        'SELECT position FROM events WHERE position < ? ORDER BY position DESC LIMIT 1 OFFSET +?',
      ),
    };
    const description = database.prepare('SELECT description FROM part').get()?.['description'];
    this.part = typeof description === 'string' ? description : null;
  }

  /** Null: the log has every position from 1 on, as one that was written here has. */
  static of(database: DatabaseSync): LogGaps | null {
    return identityOf(database).version >= RESTORED_VERSION ? new LogGaps(database) : null;
  }

  /** The first of these positions that was given; null: none was. Both bounds are inclusive. */
  firstGiven(first: number, last: number): number | null {
    for (let position = first; position <= last;) {
      const end = Number(this.#lastOf.get(position)?.['last'] ?? 0);
      if (end < position) return position;
      position = end + 1;
    }
    return null;
  }

  /** Position of the event that lies so many events beyond `after`; null when there are fewer. */
  beyond(after: number, events: number, direction: 'forwards' | 'backwards'): number | null {
    const found = this.#after[direction].get(after, events - 1)?.['position'];
    return found === undefined ? null : Number(found);
  }
}

/** How many positions up to the head were never given. */
export const countGaps = (database: DatabaseSync): number =>
  identityOf(database).version < RESTORED_VERSION
    ? 0
    : Number(database.prepare('SELECT ifnull(sum(last - first + 1), 0) AS n FROM gaps').get()?.['n'] ?? 0);
