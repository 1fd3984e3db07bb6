import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { type Hash, HASH_BYTES } from '../merkle/hash';

/** Hashes of one level that lie in one row: 2 KiB, so that seven rows fill a page and a row is read at once. */
const HASHES_A_CHUNK = 64;
/** Room for the number of a chunk in its key; levels lie above it. */
const CHUNKS_A_LEVEL = 2 ** 44;

const keyOf = (level: number, chunk: number): number => level * CHUNKS_A_LEVEL + chunk;

/** The chunk that a level grows at. */
interface Growing {
  chunk: number;
  count: number;
  readonly bytes: Buffer;
  isChanged: boolean;
}

/**
 * The complete subtrees of a tree by level and index, in rows of 64 neighbours. Hashes that are not
 * committed yet are kept here and written by `flush`; whoever rolls back begins anew.
 */
export class Chunks {
  readonly #growing: Growing[] = [];
  readonly #put: StatementSync;
  readonly #get: StatementSync;
  /** The chunk of each level that was read last: neighbours are asked for one after another. */
  readonly #read: { readonly chunk: number; readonly bytes: Uint8Array }[] = [];

  constructor(database: DatabaseSync) {
    this.#put = database.prepare('INSERT OR REPLACE INTO nodes (id, hashes) VALUES (?, ?)');
    this.#get = database.prepare('SELECT hashes FROM nodes WHERE id = ?');
  }

  /** Adds the next hash of a level. */
  add(level: number, index: number, hash: Hash): void {
    const chunk = Math.floor(index / HASHES_A_CHUNK);
    const growing = this.#chunkToGrow(level, chunk);
    const place = index % HASHES_A_CHUNK;
    growing.bytes.write(hash, place * HASH_BYTES, HASH_BYTES, 'latin1');
    growing.count = place + 1;
    growing.isChanged = true;
    if (growing.count === HASHES_A_CHUNK) this.#write(level, growing);
  }

  /** Writes what is not in the file yet; inside the caller's transaction. */
  flush(): void {
    for (const [level, growing] of this.#growing.entries()) this.#write(level, growing);
  }

  /** Null: it is not there. */
  find(level: number, index: number): Hash | null {
    const chunk = Math.floor(index / HASHES_A_CHUNK);
    const from = (index % HASHES_A_CHUNK) * HASH_BYTES;
    const growing = this.#growing[level];
    const bytes =
      growing?.chunk === chunk
        ? growing.bytes.subarray(0, growing.count * HASH_BYTES)
        : this.#load(level, chunk, from + HASH_BYTES);
    if (bytes === null || bytes.length < from + HASH_BYTES) return null;
    return Buffer.from(bytes.buffer, bytes.byteOffset + from, HASH_BYTES).toString('latin1');
  }

  /** A chunk of at least so many bytes: another process may have gone on with one that was read before. */
  #load(level: number, chunk: number, length: number): Uint8Array | null {
    const read = this.#read[level];
    if (read?.chunk === chunk && read.bytes.length >= length) return read.bytes;
    const bytes = this.#get.get(keyOf(level, chunk))?.['hashes'];
    if (!(bytes instanceof Uint8Array)) return null;
    this.#read[level] = { chunk, bytes };
    return bytes;
  }

  #chunkToGrow(level: number, chunk: number): Growing {
    const growing = this.#growing[level];
    if (growing?.chunk === chunk) return growing;
    if (growing !== undefined) this.#write(level, growing);
    const bytes = growing?.bytes ?? Buffer.alloc(HASHES_A_CHUNK * HASH_BYTES);
    const begun = this.#get.get(keyOf(level, chunk))?.['hashes'];
    if (begun instanceof Uint8Array) bytes.set(begun);
    const next: Growing = { chunk, count: 0, bytes, isChanged: false };
    this.#growing[level] = next;
    return next;
  }

  #write(level: number, growing: Growing): void {
    if (!growing.isChanged) return;
    this.#put.run(keyOf(level, growing.chunk), growing.bytes.subarray(0, growing.count * HASH_BYTES));
    growing.isChanged = false;
    delete this.#read[level];
  }
}
