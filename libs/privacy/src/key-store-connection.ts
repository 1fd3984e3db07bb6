import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StoreClosedError } from '@afecto/event-store';

/** A connection to a key store: what it changes, one transaction after another, and whether others change it too. */
export class KeyStoreConnection {
  readonly #version: StatementSync;
  #waits = true;
  /** What others had written when they were last looked for, and when this process last wrote. */
  #seen = -1;
  #written = -1;

  /** @param takeUpOthers takes up what others have changed, in a transaction, before anything is changed in it */
  constructor(
    readonly database: DatabaseSync,
    readonly file: string,
    private readonly takeUpOthers: () => void,
  ) {
    this.#version = database.prepare('PRAGMA data_version');
  }

  /** Whether others have written since this was last asked; throws when it is closed. */
  hasNews(): boolean {
    if (!this.database.isOpen) throw new StoreClosedError(this.file);
    const version = this.#dataVersion();
    if (version === this.#seen) return false;
    this.#seen = version;
    return true;
  }

  /**
   * @param change is told whether nobody else has written since `hasNews`
   * @param waits until it is on the disk; else it is when a later one that waits is, or is lost with the power
   */
  write<A>(change: (isAlone: boolean) => A, waits = true): A {
    if (waits !== this.#waits) this.database.exec(`PRAGMA synchronous = ${waits ? 'FULL' : 'NORMAL'}`);
    this.#waits = waits;
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const version = this.#dataVersion();
      if (version !== this.#written) this.takeUpOthers();
      this.#written = version;
      const changed = change(version === this.#seen);
      this.database.exec('COMMIT');
      return changed;
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Keys that were deleted leave nothing in the write-ahead log either; readers may hold it for a while. */
  forgetBytes(): void {
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Another one when another connection has written. */
  #dataVersion(): number {
    return Number(this.#version.get()?.['data_version'] ?? 0);
  }
}
