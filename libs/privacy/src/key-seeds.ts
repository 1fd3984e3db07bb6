import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { PlacedId } from '@afecto/event-store';
import { FieldKey, KEY_BYTES, newKid, wrapKey } from './field-cipher';
import { hasSeeds } from './key-store-file';
import { boundTo } from './keys';
import type { MasterKey } from './master-key';
import type { MasterKeyInUse } from './master-key-in-use';

/**
 * From which the keys of new parties follow, so that they need not wait for the disk: it is there before the
 * first of them is used, and what is sealed names the key. It goes when they are on the disk themselves.
 */
export interface KeySeed {
  readonly id: string;
  readonly key: KeyObject;
  /** Whatever is sealed under keys of this seed comes after it in the log. */
  readonly after: PlacedId;
}

/** The bytes of a key that follows from a seed: HMAC-SHA256 of what it is bound to (NIST SP 800-108, one block). */
export const seededBytes = (seed: KeySeed, partyId: string, keyClass: string, kid: string): Buffer =>
  createHmac('sha256', seed.key)
    .update(boundTo(partyId, keyClass, kid))
    .digest();

export const seededKey = (seed: KeySeed, partyId: string, keyClass: string, kid: string): FieldKey =>
  new FieldKey(kid, seededBytes(seed, partyId, keyClass, kid));

const boundAs = (id: string): string => `seed|${id}`;

/** The seeds in the key store's tables; what changes them does so in the caller's transaction. */
export class KeySeeds {
  /** The one from which this process makes keys, and for how many parties yet. */
  inHand: { readonly seed: KeySeed; left: number } | null = null;
  #known: ReadonlyArray<KeySeed> | null = null;

  constructor(
    private readonly database: DatabaseSync,
    private readonly master: MasterKeyInUse,
  ) {}

  /** All of them, as they were when they were first asked for since `forget`. */
  all(): ReadonlyArray<KeySeed> {
    return (this.#known ??= hasSeeds(this.database) ? this.#read() : []);
  }

  forget(): void {
    this.#known = null;
  }

  /** Another process may have put away the one in hand. */
  takeUp(): void {
    if (this.inHand !== null && !this.#has(this.inHand.seed.id)) this.inHand = null;
  }

  make(after: PlacedId): KeySeed {
    const [id, bytes] = [newKid(), randomBytes(KEY_BYTES)];
    const { current: master } = this.master;
    this.database
      .prepare('INSERT INTO seed (id, wrapped, master, position, event_id) VALUES (?, ?, ?, ?, ?)')
      .run(id, wrapKey(master.key, boundAs(id), bytes), master.id, String(after.position), after.id);
    return { id, key: createSecretKey(bytes), after };
  }

  remove(id: string): void {
    this.database.prepare('DELETE FROM seed WHERE id = ?').run(id);
  }

  /** A key that follows from a seed is destroyed only with the seed. */
  removeAll(): void {
    this.database.exec('DELETE FROM seed');
  }

  /** Wraps all of them with another master key. */
  wrapAgain(master: MasterKey): void {
    const update = this.database.prepare('UPDATE seed SET wrapped = ?, master = ? WHERE id = ?');
    for (const row of this.database.prepare('SELECT id, wrapped, master FROM seed').all()) {
      const id = String(row['id']);
      update.run(wrapKey(master.key, boundAs(id), this.master.unwrapped(row, boundAs(id))), master.id, id);
    }
  }

  #read(): ReadonlyArray<KeySeed> {
    return this.database
      .prepare('SELECT id, wrapped, master, position, event_id FROM seed')
      .all()
      .map((row) => {
        const id = String(row['id']);
        return {
          id,
          key: createSecretKey(this.master.unwrapped(row, boundAs(id))),
          after: { position: BigInt(String(row['position'])), id: String(row['event_id']) },
        };
      });
  }

  #has(id: string): boolean {
    return this.database.prepare('SELECT 1 FROM seed WHERE id = ?').get(id) !== undefined;
  }
}
