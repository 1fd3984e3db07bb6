import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { KEY_BYTES, wrapKey } from './field-cipher';
import type { Unwrap } from './key-seeds';
import type { MasterKey } from './master-key';

const PLACE = 'pepper';
const DIGITS = 32;

/** The key of a key store under which fingerprints are taken, in its tables; made when it is first needed. */
export class Pepper {
  #key: KeyObject | null = null;

  /** @param unwrap gives the bytes of what a master key has wrapped */
  constructor(
    private readonly database: DatabaseSync,
    private readonly unwrap: Unwrap,
  ) {}

  /** 32 hexadecimal digits of an HMAC-SHA256; null: there is no key yet. */
  fingerprint(text: string): string | null {
    this.#key ??= this.#read();
    return this.#key === null ? null : createHmac('sha256', this.#key).update(text).digest('hex').slice(0, DIGITS);
  }

  /** In the caller's transaction. Of two that make one the first wins. */
  make(master: MasterKey): void {
    this.database
      .prepare('INSERT INTO pepper (one, wrapped, master) VALUES (1, ?, ?) ON CONFLICT DO NOTHING')
      .run(wrapKey(master.key, PLACE, randomBytes(KEY_BYTES)), master.id);
  }

  /** Wraps it with another master key, in the caller's transaction. */
  wrapAgain(master: MasterKey): void {
    const row = this.#row();
    if (row !== undefined)
      this.database
        .prepare('UPDATE pepper SET wrapped = ?, master = ?')
        .run(wrapKey(master.key, PLACE, this.unwrap(row, PLACE)), master.id);
  }

  #read(): KeyObject | null {
    const row = this.#row();
    return row === undefined ? null : createSecretKey(this.unwrap(row, PLACE));
  }

  #row(): Record<string, unknown> | undefined {
    return this.database.prepare('SELECT wrapped, master FROM pepper').get();
  }
}
