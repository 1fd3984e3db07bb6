import { randomFillSync } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';
import { personalClasses } from '@afecto/domain';
import { FieldKey, KEY_BYTES, NONCE_BYTES, wrapKey } from './field-cipher';
import { type KeySeed, seededBytes } from './key-seeds';
import { boundTo, type KeyRing, NONE_DESTROYED, NONE_ERASED } from './keys';
import type { MasterKey } from './master-key';

/** Of one key: its id, itself, and the nonce under which it is wrapped. */
const DRAWN_BYTES = NONCE_BYTES + KEY_BYTES + NONCE_BYTES;

export const INSERT_KEY =
  'INSERT INTO key_ring (party_id, class, kid, wrapped, master, made_at) VALUES (?, ?, ?, ?, ?, ?)';

/**
 * Keys of parties that lack some, put into the key store's tables in the caller's transaction. What is random
 * in them is drawn at once, for a draw takes as long for one key as for a hundred; no byte is used twice,
 * and `wipe` leaves none of them behind.
 */
export class NewKeys {
  readonly #random: Buffer;
  #used = 0;

  /**
   * @param parties for how many keys are made at most
   * @param seed from which the keys follow; null: they are random
   */
  constructor(
    readonly insert: StatementSync,
    parties: number,
    readonly seed: KeySeed | null,
  ) {
    this.#random = Buffer.allocUnsafeSlow(parties * personalClasses.length * DRAWN_BYTES);
    randomFillSync(this.#random);
  }

  /** The ring with a key of every class; as it is when its party is erased for good. */
  complete(partyId: string, ring: KeyRing | null, master: MasterKey, madeAt: number): KeyRing {
    if (ring?.erased.has('identity') === true) return ring;
    const keys = new Map(ring?.keys);
    for (const keyClass of personalClasses) {
      if (keys.has(keyClass)) continue;
      const kid = this.#take(NONCE_BYTES).toString('base64url');
      const drawn = this.#take(KEY_BYTES);
      const bytes = this.seed === null ? drawn : seededBytes(this.seed, partyId, keyClass, kid);
      const wrapped = wrapKey(master.key, boundTo(partyId, keyClass, kid), bytes, this.#take(NONCE_BYTES));
      this.insert.run(partyId, keyClass, kid, wrapped, master.id, madeAt);
      keys.set(keyClass, new FieldKey(kid, bytes));
    }
    return { keys, erased: ring?.erased ?? NONE_ERASED, destroyed: ring?.destroyed ?? NONE_DESTROYED };
  }

  wipe(): void {
    this.#random.fill(0);
    this.#used = this.#random.length;
  }

  #take(bytes: number): Buffer {
    const from = this.#used;
    this.#used += bytes;
    if (this.#used > this.#random.length) throw new Error('no more keys than were drawn');
    return this.#random.subarray(from, this.#used);
  }
}
