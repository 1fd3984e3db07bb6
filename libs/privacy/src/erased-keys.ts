import type { DatabaseSync } from 'node:sqlite';
import type { PersonalClass } from '@afecto/domain';
import type { ErasedKey } from './erased-list';
import { newKid } from './field-cipher';

/** Keys that were destroyed, in the key store's tables; what changes them does so in the caller's transaction. */
export class ErasedKeys {
  constructor(private readonly database: DatabaseSync) {}

  /** All of them, the oldest first. */
  all(): ReadonlyArray<ErasedKey> {
    return this.database
      .prepare('SELECT party_id, class, kid, erased_at FROM erased ORDER BY erased_at, party_id, class')
      .all()
      .map((row) => ({
        partyId: String(row['party_id']),
        class: String(row['class']),
        kid: String(row['kid']),
        at: Number(row['erased_at']),
      }));
  }

  /** Destroys a party's keys of these classes and gives their ids; whoever had none is noted as erased too. */
  destroy(partyId: string, classes: ReadonlyArray<PersonalClass>, at: number): ReadonlyArray<ErasedKey> {
    return classes.flatMap((keyClass) => {
      const kept = this.#kidIn('key_ring', partyId, keyClass);
      if (kept === undefined && this.#kidIn('erased', partyId, keyClass) !== undefined) return [];
      const key = { partyId, class: keyClass, kid: typeof kept === 'string' ? kept : newKid(), at };
      this.bury(key);
      return [key];
    });
  }

  /** Destroys the key with this id. Again it changes nothing. */
  bury({ partyId, class: keyClass, kid, at }: ErasedKey): void {
    this.database.prepare('DELETE FROM key_ring WHERE party_id = ? AND kid = ?').run(partyId, kid);
    this.database
      .prepare('INSERT INTO erased (party_id, class, kid, erased_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING')
      .run(partyId, keyClass, kid, at);
  }

  #kidIn(table: 'key_ring' | 'erased', partyId: string, keyClass: PersonalClass): unknown {
    return this.database.prepare(`SELECT kid FROM ${table} WHERE party_id = ? AND class = ?`).get(partyId, keyClass)?.[
      'kid'
    ];
  }
}
