import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { KEY_BYTES, wrapKey } from './field-cipher';
import type { KeyStoreConnection } from './key-store-connection';
import type { MasterKey } from './master-key';
import type { MasterKeyInUse } from './master-key-in-use';

const PLACE = 'pepper';
const DIGITS = 32;

/** The key of a key store under which fingerprints are taken, in its tables; made when it is first needed. */
export class Pepper {
  #key: KeyObject | null = null;

  constructor(
    private readonly connection: KeyStoreConnection,
    private readonly master: MasterKeyInUse,
  ) {}

  /** 32 hexadecimal digits of an HMAC-SHA256. */
  fingerprint(text: string): string {
    const key = (this.#key ??= this.#read() ?? this.#made());
    return createHmac('sha256', key).update(text).digest('hex').slice(0, DIGITS);
  }

  /** Whether there is one: whoever only reads makes none. */
  get isMade(): boolean {
    return this.#row() !== undefined;
  }

  /** Wraps it with another master key, in the caller's transaction. */
  wrapAgain(master: MasterKey): void {
    const row = this.#row();
    if (row !== undefined)
      this.connection.database
        .prepare('UPDATE pepper SET wrapped = ?, master = ?')
        .run(wrapKey(master.key, PLACE, this.master.unwrapped(row, PLACE)), master.id);
  }

  /** Of two that make one the first wins. */
  #made(): KeyObject {
    this.connection.write(() => {
      const { current: master } = this.master;
      this.connection.database
        .prepare('INSERT INTO pepper (one, wrapped, master) VALUES (1, ?, ?) ON CONFLICT DO NOTHING')
        .run(wrapKey(master.key, PLACE, randomBytes(KEY_BYTES)), master.id);
    });
    const made = this.#read();
    if (made === null) throw new Error(`the key store ${this.connection.file} does not keep what it is given`);
    return made;
  }

  #read(): KeyObject | null {
    const row = this.#row();
    return row === undefined ? null : createSecretKey(this.master.unwrapped(row, PLACE));
  }

  #row(): Record<string, unknown> | undefined {
    return this.connection.database.prepare('SELECT wrapped, master FROM pepper').get();
  }
}
