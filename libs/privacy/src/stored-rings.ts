import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type PersonalClass, personalClasses } from '@afecto/domain';
import type { BoundedCache } from '@afecto/event-store';
import { FieldKey, wrapKey } from './field-cipher';
import { boundTo, type KeyRing, NONE_DESTROYED, NONE_ERASED } from './keys';
import type { MasterKey } from './master-key';
import type { MasterKeyInUse } from './master-key-in-use';

const isPersonalClass = (text: unknown): text is PersonalClass => personalClasses.some((known) => known === text);

/** The keys of parties in the key store's tables; each is unwrapped when it is first used. */
export class StoredRings {
  readonly #ofParty: StatementSync;
  #ofParties: StatementSync | null = null;

  /** @param passedOver keys that count as destroyed although they are here: when they were, by id */
  constructor(
    private readonly database: DatabaseSync,
    private readonly master: MasterKeyInUse,
    private readonly passedOver: ReadonlyMap<string, number>,
  ) {
    this.#ofParty = database.prepare(
      `SELECT class, kid, wrapped, master, 0 AS erased_at FROM key_ring WHERE party_id = ?1
       UNION ALL SELECT class, kid, NULL, NULL, erased_at FROM erased WHERE party_id = ?1`,
    );
  }

  /** Null: the party has no keys yet and is not erased. */
  of(partyId: string): KeyRing | null {
    return this.#ringFrom(partyId, this.#ofParty.all(partyId));
  }

  /** Reads those of all these parties together, each of which is named once. */
  readInto(rings: BoundedCache<string, KeyRing | null>, partyIds: ReadonlyArray<string>): void {
    const rows = new Map<string, Record<string, unknown>[]>(partyIds.map((partyId) => [partyId, []]));
    this.#ofParties ??= this.database.prepare(
      `WITH asked AS MATERIALIZED (SELECT value FROM json_each(?))
       SELECT party_id, class, kid, wrapped, master, 0 AS erased_at FROM key_ring WHERE party_id IN asked
       UNION ALL SELECT party_id, class, kid, NULL, NULL, erased_at FROM erased WHERE party_id IN asked`,
    );
    for (const row of this.#ofParties.all(JSON.stringify(partyIds))) rows.get(String(row['party_id']))?.push(row);
    for (const [partyId, own] of rows) rings.set(partyId, this.#ringFrom(partyId, own));
  }

  /** Ids of all keys that a party has or had, of these classes. */
  keyIdsOf(partyId: string, classes: ReadonlyArray<PersonalClass>): ReadonlyArray<string> {
    return this.database
      .prepare(
        `SELECT class, kid FROM (SELECT class, kid FROM key_ring WHERE party_id = :party
           UNION SELECT class, kid FROM erased WHERE party_id = :party) ORDER BY class DESC, kid`,
      )
      .all({ party: partyId })
      .flatMap(({ class: keyClass, kid }) => (classes.some((each) => each === keyClass) ? [String(kid)] : []));
  }

  /** Wraps every key with another master key, in the caller's transaction; returns how many. */
  wrapAgain(master: MasterKey): number {
    let keys = 0;
    const update = this.database.prepare(
      'UPDATE key_ring SET wrapped = ?, master = ? WHERE party_id = ? AND class = ?',
    );
    for (const row of this.database.prepare('SELECT party_id, class, kid, wrapped, master FROM key_ring').all()) {
      const [partyId, keyClass] = [String(row['party_id']), String(row['class'])];
      const place = boundTo(partyId, keyClass, String(row['kid']));
      update.run(wrapKey(master.key, place, this.master.unwrapped(row, place)), master.id, partyId, keyClass);
      keys += 1;
    }
    return keys;
  }

  #ringFrom(partyId: string, rows: ReadonlyArray<Record<string, unknown>>): KeyRing | null {
    if (rows.length === 0) return null;
    const keys = new Map<PersonalClass, FieldKey>();
    const erased = new Map<PersonalClass, number>();
    const destroyed = new Set<string>();
    for (const row of rows) {
      const { class: keyClass } = row;
      if (!isPersonalClass(keyClass)) continue;
      const kid = String(row['kid']);
      const erasedAt = row['wrapped'] === null ? Number(row['erased_at']) : this.passedOver.get(kid);
      if (erasedAt !== undefined) {
        destroyed.add(kid);
        erased.set(keyClass, Math.max(erasedAt, erased.get(keyClass) ?? erasedAt));
      } else {
        const master = this.master.withId(String(row['master']));
        keys.set(
          keyClass,
          new FieldKey(kid, () => this.master.unwrappedBy(master, row, boundTo(partyId, keyClass, kid))),
        );
      }
    }
    if (erased.size === 0) return { keys, erased: NONE_ERASED, destroyed: NONE_DESTROYED };
    return { keys, erased, destroyed };
  }
}
