import type { StatementSync } from 'node:sqlite';
import * as E from 'fp-ts/Either';
import { unwrapKey } from './field-cipher';
import type { KeyStoreConnection } from './key-store-connection';
import type { KeyFiles } from './keys';
import { findMasterKey, makeMasterKey, type MasterKey, nextMasterKeyFile, settleMasterKey } from './master-key';

/** The master key of a key store, and what it has wrapped; another one once another process has rotated it. */
export class MasterKeyInUse {
  readonly #id: StatementSync;
  #current: MasterKey;

  constructor(
    private readonly connection: KeyStoreConnection,
    private readonly files: KeyFiles,
    current: MasterKey,
  ) {
    this.#current = current;
    this.#id = connection.database.prepare('SELECT id FROM master');
  }

  get current(): MasterKey {
    return this.#current;
  }

  /** The one with this id, which is in use from now on; throws when it is not there. */
  withId(id: string): MasterKey {
    if (id !== this.#current.id) {
      // Another process has rotated the master key.
      const found = findMasterKey(this.files.masterKey, id);
      if (E.isLeft(found)) throw new Error(found.left.message);
      this.#current = found.right;
    }
    return this.#current;
  }

  /** Takes up the one that the key store names. */
  takeUp(): void {
    this.withId(this.#named());
  }

  /** The bytes of what is wrapped in a row; throws when they do not unwrap. */
  unwrapped(row: Record<string, unknown>, place: string): Buffer {
    return this.unwrappedBy(this.withId(String(row['master'])), row, place);
  }

  /** The same by a master key that was looked up before. */
  unwrappedBy(master: MasterKey, row: Record<string, unknown>, place: string): Buffer {
    const bytes = row['wrapped'] instanceof Uint8Array ? unwrapKey(master.key, place, row['wrapped']) : null;
    if (bytes === null) throw new Error(`the key store ${this.files.keyStore} is damaged: a key of it does not unwrap`);
    return bytes;
  }

  /**
   * Puts a new one in its place, in one transaction.
   * @param wrapAgain wraps with it whatever this one has wrapped, and says how many keys that were
   */
  rotate(wrapAgain: (next: MasterKey) => number): { readonly masterKeyId: string; readonly keys: number } {
    const { master, keys } = this.connection.write(() => {
      this.#settle();
      const next = makeMasterKey(nextMasterKeyFile(this.files.masterKey));
      const wrapped = wrapAgain(next);
      this.connection.database.prepare('UPDATE master SET id = ?').run(next.id);
      return { master: next, keys: wrapped };
    });
    this.#current = master;
    this.connection.write(() => this.#settle());
    return { masterKeyId: master.id, keys };
  }

  /** In a transaction, without which a rotation beside would lose its key; throws when there is no such key. */
  #settle(): void {
    const found = findMasterKey(this.files.masterKey, this.#named());
    if (E.isLeft(found)) throw new Error(found.left.message);
    this.#current = found.right;
    settleMasterKey(this.files.masterKey, found.right.id);
  }

  #named(): string {
    return String(this.#id.get()?.['id']);
  }
}
