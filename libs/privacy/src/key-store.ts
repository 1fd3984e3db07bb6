import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { type PersonalClass, personalClasses } from '@afecto/domain';
import { BoundedCache, type PlacedId, StoreClosedError } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { appendErasedList, type ErasedKey, erasedListFile, readErasedList } from './erased-list';
import { ErasedKeys } from './erased-keys';
import { FieldKey, unwrapKey, wrapKey } from './field-cipher';
import { findMasterKey, makeMasterKey, type MasterKey, nextMasterKeyFile, settleMasterKey } from './master-key';
import { KeySeeds, type KeySeed, seededBytes, seededKey } from './key-seeds';
import { hasSeeds, type KeyStoreError, masterOf, writable } from './key-store-file';
import {
  boundTo,
  type KeyFiles,
  type KeyRing,
  type LostKey,
  NONE_DESTROYED,
  NONE_ERASED,
  type PendingErasure,
  type UnfinishedErasure,
} from './keys';
import { INSERT_KEY, NewKeys } from './new-keys';
import { Pepper } from './pepper';
import { UnfinishedErasures } from './unfinished-erasures';

/** Parties whose keys are held in memory at least, twice as many at most. */
const RINGS_IN_MEMORY = 25_000;
/** Of whoever only reads: a build asks customer by customer, in each of its threads. */
const RINGS_OF_A_READER = 2_500;
const BUSY_MS = 10_000;
/** Parties whose keys follow from one seed, at most: what is sealed under them is looked at after a power cut. */
const PARTIES_A_SEED = 1_000;

/** Of whom nothing personal is to stay. */
const ALL = personalClasses;
const CONTENT_ONLY: ReadonlyArray<PersonalClass> = ['content'];

const isPersonalClass = (text: unknown): text is PersonalClass => personalClasses.some((known) => known === text);

/**
 * The keys of all data subjects (`domain.md §17.2`), wrapped by a master key, in a SQLite file of their
 * own. What it answers is durable. Keys of other processes are seen, and so is what they erase.
 */
export class KeyStore {
  readonly #rings: BoundedCache<string, KeyRing | null>;
  readonly #ofParty: StatementSync;
  readonly #version: StatementSync;
  readonly #masterId: StatementSync;
  readonly #unfinished: UnfinishedErasures;
  readonly #erased: ErasedKeys;
  readonly #seeds: KeySeeds;
  readonly #pepper: Pepper;
  #insert: StatementSync | null = null;
  #ofParties: StatementSync | null = null;
  /** From which this process makes keys, and for how many parties yet. */
  #seed: { readonly seed: KeySeed; left: number } | null = null;
  #known: ReadonlyArray<KeySeed> | null = null;
  #waits = true;
  /** What others had written when rings were taken up, and when this process last wrote. */
  #seen = -1;
  #written = -1;
  #master: MasterKey;
  /** Keys that are to be destroyed, and that a reader can only pass over: when they were, by id. */
  #passedOver: ReadonlyMap<string, number> = new Map();

  private constructor(
    readonly database: DatabaseSync,
    readonly files: KeyFiles,
    readonly now: () => number,
    master: MasterKey,
    rings: number,
  ) {
    this.#master = master;
    this.#rings = new BoundedCache(rings);
    this.#ofParty = database.prepare(
      `SELECT class, kid, wrapped, master, 0 AS erased_at FROM key_ring WHERE party_id = ?1
       UNION ALL SELECT class, kid, NULL, NULL, erased_at FROM erased WHERE party_id = ?1`,
    );
    this.#unfinished = new UnfinishedErasures(database);
    this.#erased = new ErasedKeys(database);
    this.#seeds = new KeySeeds(database);
    this.#pepper = new Pepper(database, (row, place) => this.#unwrapped(row, place));
    this.#version = database.prepare('PRAGMA data_version');
    this.#masterId = database.prepare('SELECT id FROM master');
  }

  /** Opens or makes the key store and its master key, and erases again what the list beside it says. */
  static open(files: KeyFiles, now: () => number): E.Either<KeyStoreError, KeyStore> {
    try {
      for (const file of [files.keyStore, files.masterKey]) mkdirSync(dirname(file), { recursive: true });
    } catch (error) {
      return E.left({ code: 'CannotOpen', message: `folder of ${files.keyStore} cannot be made: ${String(error)}` });
    }
    return KeyStore.#opened(files, now, (database) => writable(database, files));
  }

  /** Reads a key store beside its writer. Null: there is none, and what is sealed stays sealed. */
  static openReadOnly(files: KeyFiles): E.Either<KeyStoreError, KeyStore | null> {
    if (!existsSync(files.keyStore)) return E.right(null);
    return KeyStore.#opened(files, Date.now, (database) => masterOf(database, files), true);
  }

  static #opened(
    files: KeyFiles,
    now: () => number,
    masterIn: (database: DatabaseSync) => E.Either<KeyStoreError, MasterKey>,
    readOnly = false,
  ): E.Either<KeyStoreError, KeyStore> {
    let database: DatabaseSync | null = null;
    try {
      database = new DatabaseSync(files.keyStore, { readOnly, timeout: BUSY_MS });
      const master = masterIn(database);
      if (E.isLeft(master)) {
        database.close();
        return master;
      }
      const store = new KeyStore(database, files, now, master.right, readOnly ? RINGS_OF_A_READER : RINGS_IN_MEMORY);
      if (readOnly)
        store.#passedOver = new Map(readErasedList(erasedListFile(files.keyStore)).map(({ kid, at }) => [kid, at]));
      else store.#eraseAgain();
      return E.right(store);
    } catch (error) {
      database?.close();
      return E.left({ code: 'Damaged', message: `the key store ${files.keyStore} cannot be read: ${String(error)}` });
    }
  }

  /** Takes up what other processes have written since; cheap enough for every page of events. */
  refresh(): void {
    if (!this.database.isOpen) throw new StoreClosedError(this.files.keyStore);
    const version = this.#dataVersion();
    if (version === this.#seen) return;
    this.#seen = version;
    this.#rings.clear();
    this.#known = null;
  }

  /** The keys of a party; null: it has none yet and is not erased. */
  ringOf(partyId: string): KeyRing | null {
    const kept = this.#rings.get(partyId);
    if (kept !== undefined) return kept;
    const ring = this.#read(partyId);
    this.#rings.set(partyId, ring);
    return ring;
  }

  /**
   * Makes the keys that parties lack; of those erased for good none. When it returns they are on the disk, or,
   * with a place of the log after which they are used, the seed is from which they follow (`settleKeys`).
   */
  make(partyIds: Iterable<string>, after: PlacedId | null = null): void {
    const parties = [...partyIds];
    if (parties.length === 0) return;
    const made = (after === null ? null : this.#madeFromSeed(parties)) ?? this.#madeForGood(parties, after);
    for (const [partyId, ring] of made) this.#rings.set(partyId, ring);
  }

  /** Null: there is no seed for so many, or another process has taken it away. */
  #madeFromSeed(parties: ReadonlyArray<string>): ReadonlyMap<string, KeyRing> | null {
    const inHand = this.#seed;
    if (inHand === null || inHand.left < parties.length) return null;
    inHand.left -= parties.length;
    return this.#write(
      (isAlone) => (this.#seed === inHand ? this.#completed(parties, inHand.seed, isAlone) : null),
      false,
    );
  }

  #madeForGood(parties: ReadonlyArray<string>, after: PlacedId | null): ReadonlyMap<string, KeyRing> {
    const { made, next } = this.#write(() => {
      if (this.#seed !== null) this.#seeds.remove(this.#seed.seed.id);
      return {
        next: after === null ? null : this.#seeds.make(after, this.#master),
        made: this.#completed(parties, null, false),
      };
    });
    this.#seed = next === null ? null : { seed: next, left: PARTIES_A_SEED };
    this.#known = null;
    return made;
  }

  #completed(parties: ReadonlyArray<string>, seed: KeySeed | null, isAlone: boolean): ReadonlyMap<string, KeyRing> {
    this.#insert ??= this.database.prepare(INSERT_KEY);
    const fresh = new NewKeys(this.#insert, parties.length, seed);
    const now = this.now();
    try {
      // Another process may have made them, or destroyed them, since we looked.
      const known = (partyId: string): KeyRing | null => (isAlone ? this.ringOf(partyId) : this.#read(partyId));
      return new Map(parties.map((partyId) => [partyId, fresh.complete(partyId, known(partyId), this.#master, now)]));
    } finally {
      fresh.wipe();
    }
  }

  /** All keys that were made are on the disk when this returns, and the seed of this process is gone. */
  settle(): void {
    const inHand = this.#seed;
    if (inHand === null) return;
    this.#write(() => this.#seeds.remove(inHand.seed.id));
    this.#seed = null;
    this.#known = null;
  }

  /** Seeds from which keys may follow that are not here: of processes that did not end well, or run beside. */
  seeds(): ReadonlyArray<KeySeed> {
    return (this.#known ??= hasSeeds(this.database)
      ? this.#seeds.all((row, place) => this.#unwrapped(row, place))
      : []);
  }

  /** Keys with this id that follow from seeds; none once it is destroyed. */
  seededKeys(partyId: string, keyClass: PersonalClass, kid: string): ReadonlyArray<FieldKey> {
    return this.#passedOver.has(kid) ? [] : this.seeds().map((seed) => seededKey(seed, partyId, keyClass, kid));
  }

  /**
   * Keeps keys that followed from a seed, on the disk when this returns, and takes the seed away; not so when a
   * party has another key by now: then the seed still opens what the lost one sealed.
   */
  keep(lost: ReadonlyArray<LostKey>, seed: KeySeed): void {
    this.#write(() => {
      const insert = this.database.prepare(`${INSERT_KEY} ON CONFLICT DO NOTHING`);
      const now = this.now();
      let areKept = true;
      for (const { partyId, class: keyClass, kid } of lost) {
        const ring = this.#read(partyId);
        if (ring?.destroyed.has(kid) === true) continue;
        const [bytes, place] = [seededBytes(seed, partyId, keyClass, kid), boundTo(partyId, keyClass, kid)];
        const wrapped = wrapKey(this.#master.key, place, bytes);
        if (insert.run(partyId, keyClass, kid, wrapped, this.#master.id, now).changes === 0) areKept = false;
        if (ring?.erased.has('identity') === true) this.#erased.bury({ partyId, class: keyClass, kid, at: now });
      }
      if (areKept) this.#seeds.remove(seed.id);
    });
    this.#rings.clear();
    this.#known = null;
  }

  /** Ids of all keys that a party has or had, of these classes; keys are made for whoever had none. */
  keyIdsOf(partyId: string, classes: ReadonlyArray<PersonalClass> = ALL): ReadonlyArray<string> {
    if (this.ringOf(partyId) === null) this.make([partyId]);
    return this.database
      .prepare(
        `SELECT class, kid FROM (SELECT class, kid FROM key_ring WHERE party_id = :party
           UNION SELECT class, kid FROM erased WHERE party_id = :party) ORDER BY class DESC, kid`,
      )
      .all({ party: partyId })
      .flatMap(({ class: keyClass, kid }) => (classes.some((each) => each === keyClass) ? [String(kid)] : []));
  }

  /**
   * Destroys the keys of these parties for good and remembers what is still to be done about it, in one
   * transaction; then exports the list. Doing it again changes nothing. Whoever had no keys is erased too.
   * `contentOnly`: those among them whose key of free text goes, and no other; what they say after `expiredAt`
   * is kept again.
   */
  erase(
    partyIds: ReadonlyArray<string>,
    pending: PendingErasure | null = null,
    contentOnly: ReadonlyArray<string> = pending?.contentOnly ?? [],
    expiredAt: number | null = pending?.happenedAt ?? null,
  ): void {
    const destroyed: ErasedKey[] = [];
    const ofContent = new Set(contentOnly);
    const now = this.now();
    const until = Math.min(now, expiredAt ?? now);
    this.#write(() => {
      const isBegun = pending !== null && !this.#unfinished.note(pending);
      for (const partyId of new Set(partyIds)) {
        if (!ofContent.has(partyId)) destroyed.push(...this.#erased.destroy(partyId, ALL, now));
        // What was said since the erasure began is under a key of its own, which is none of its concern.
        else if (!isBegun) destroyed.push(...this.#erased.destroy(partyId, CONTENT_ONLY, until));
      }
      this.#seeds.removeAll();
    });
    this.#seed = null;
    appendErasedList(erasedListFile(this.files.keyStore), destroyed);
    this.#forgetBytes();
  }

  /** Erasures that are not finished, oldest first; those noted after a place, at most so many, when asked so. */
  pendingErasures(after = 0, limit = Number.MAX_SAFE_INTEGER): ReadonlyArray<UnfinishedErasure> {
    return this.#unfinished.after(after, limit);
  }

  /** The event is in the log and every copy is gone. */
  finish(eventIds: ReadonlyArray<string>): void {
    this.#write(() => this.#unfinished.remove(eventIds));
    this.#forgetBytes();
  }

  /**
   * What tells two texts apart and says nothing about them to anybody without the keys: 32 hexadecimal
   * digits of an HMAC-SHA256 under a key of this store. A plain hash of a telephone number is no secret.
   */
  fingerprint(text: string): string {
    const kept = this.#pepper.fingerprint(text);
    if (kept !== null) return kept;
    this.#write(() => this.#pepper.make(this.#master));
    const made = this.#pepper.fingerprint(text);
    if (made === null) throw new Error(`the key store ${this.files.keyStore} does not keep what it is given`);
    return made;
  }

  /** 32 hexadecimal digits by which the store is known, whatever its file is called; a copy has the same. */
  get id(): string {
    return this.fingerprint('afecto key store');
  }

  /** All keys ever destroyed. */
  erasedKeys(): ReadonlyArray<ErasedKey> {
    return this.#erased.all();
  }

  /** Wraps every key with a new master key, in one transaction; returns how many. No event is touched. */
  rotateMasterKey(): { readonly masterKeyId: string; readonly keys: number } {
    const next = nextMasterKeyFile(this.files.masterKey);
    let keys = 0;
    let master = this.#master;
    this.#write(() => {
      settleMasterKey(this.files.masterKey, this.#master.id);
      master = makeMasterKey(next);
      const update = this.database.prepare(
        'UPDATE key_ring SET wrapped = ?, master = ? WHERE party_id = ? AND class = ?',
      );
      for (const row of this.database.prepare('SELECT party_id, class, kid, wrapped, master FROM key_ring').all()) {
        const [partyId, keyClass] = [String(row['party_id']), String(row['class'])];
        const place = boundTo(partyId, keyClass, String(row['kid']));
        update.run(wrapKey(master.key, place, this.#unwrapped(row, place)), master.id, partyId, keyClass);
        keys += 1;
      }
      this.#pepper.wrapAgain(master);
      this.#seeds.wrapAgain((row, place) => this.#unwrapped(row, place), master);
      this.database.prepare('UPDATE master SET id = ?').run(master.id);
    });
    this.#master = master;
    settleMasterKey(this.files.masterKey, master.id);
    this.#forgetBytes();
    return { masterKeyId: master.id, keys };
  }

  close(): void {
    this.#rings.clear();
    if (!this.database.isOpen) return;
    try {
      this.settle();
    } catch {
      // The seed stays, and the keys are looked for when the store is opened again.
    }
    this.database.close();
  }

  /** Reads the keys of these parties together, which takes a fraction of reading them one by one. */
  readAhead(partyIds: Iterable<string>): void {
    const unknown = [...new Set(partyIds)].filter((partyId) => this.#rings.get(partyId) === undefined);
    if (unknown.length < 2) return;
    const rows = new Map<string, Record<string, unknown>[]>(unknown.map((partyId) => [partyId, []]));
    this.#ofParties ??= this.database.prepare(
      `WITH asked AS MATERIALIZED (SELECT value FROM json_each(?))
       SELECT party_id, class, kid, wrapped, master, 0 AS erased_at FROM key_ring WHERE party_id IN asked
       UNION ALL SELECT party_id, class, kid, NULL, NULL, erased_at FROM erased WHERE party_id IN asked`,
    );
    for (const row of this.#ofParties.all(JSON.stringify(unknown))) rows.get(String(row['party_id']))?.push(row);
    for (const [partyId, own] of rows) this.#rings.set(partyId, this.#ringFrom(partyId, own));
  }

  #read(partyId: string): KeyRing | null {
    return this.#ringFrom(partyId, this.#ofParty.all(partyId));
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
      const erasedAt = row['wrapped'] === null ? Number(row['erased_at']) : this.#passedOver.get(kid);
      if (erasedAt !== undefined) {
        destroyed.add(kid);
        erased.set(keyClass, Math.max(erasedAt, erased.get(keyClass) ?? erasedAt));
      } else {
        const master = this.#masterOf(row);
        keys.set(keyClass, new FieldKey(kid, () => this.#unwrappedBy(master, row, boundTo(partyId, keyClass, kid))));
      }
    }
    if (erased.size === 0) return { keys, erased: NONE_ERASED, destroyed: NONE_DESTROYED };
    return { keys, erased, destroyed };
  }

  /** The master key that wraps what is in a row. */
  #masterOf(row: Record<string, unknown>): MasterKey {
    const wrappedBy = String(row['master']);
    if (wrappedBy !== this.#master.id) {
      // Another process has rotated the master key.
      const found = findMasterKey(this.files.masterKey, wrappedBy);
      if (E.isLeft(found)) throw new Error(found.left.message);
      this.#master = found.right;
    }
    return this.#master;
  }

  #unwrapped(row: Record<string, unknown>, place: string): Buffer {
    return this.#unwrappedBy(this.#masterOf(row), row, place);
  }

  #unwrappedBy(master: MasterKey, row: Record<string, unknown>, place: string): Buffer {
    const bytes = row['wrapped'] instanceof Uint8Array ? unwrapKey(master.key, place, row['wrapped']) : null;
    if (bytes === null) throw new Error(`the key store ${this.files.keyStore} is damaged: a key of it does not unwrap`);
    return bytes;
  }

  /** The list beside the key store and the one in it say the same, whichever of the two was restored. */
  #eraseAgain(): void {
    const file = erasedListFile(this.files.keyStore);
    const listed = readErasedList(file);
    const known = new Set(this.erasedKeys().map(({ kid }) => kid));
    const missing = listed.filter(({ kid }) => !known.has(kid));
    if (missing.length > 0) {
      this.#write(() => {
        for (const key of missing) this.#erased.bury(key);
        // Erased for good, whatever keys were made while the list was away.
        for (const { partyId, class: keyClass } of missing)
          if (keyClass === 'identity') this.#erased.destroy(partyId, ALL, this.now());
        this.#seeds.removeAll();
      });
      this.#forgetBytes();
    }
    const exported = new Set(listed.map(({ kid }) => kid));
    appendErasedList(
      file,
      this.erasedKeys().filter(({ kid }) => !exported.has(kid)),
    );
  }

  /**
   * @param change is told whether nobody else has written since `refresh`
   * @param waits until it is on the disk; else it is when a later one that waits is, or is lost with the power
   */
  #write<A>(change: (isAlone: boolean) => A, waits = true): A {
    if (waits !== this.#waits) this.database.exec(`PRAGMA synchronous = ${waits ? 'FULL' : 'NORMAL'}`);
    this.#waits = waits;
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const version = this.#dataVersion();
      if (version !== this.#written) this.#takeUpOthers();
      this.#written = version;
      const changed = change(version === this.#seen);
      this.database.exec('COMMIT');
      return changed;
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Another process may have rotated the master key, or put away the seed of this one. */
  #takeUpOthers(): void {
    if (this.#seed !== null && !this.#seeds.has(this.#seed.seed.id)) this.#seed = null;
    const id = String(this.#masterId.get()?.['id']);
    if (id === this.#master.id) return;
    const found = findMasterKey(this.files.masterKey, id);
    if (E.isLeft(found)) throw new Error(found.left.message);
    this.#master = found.right;
  }

  /** Another one when another connection has written. */
  #dataVersion(): number {
    return Number(this.#version.get()?.['data_version'] ?? 0);
  }

  /** Keys that were deleted leave nothing in the write-ahead log either; readers may hold it for a while. */
  #forgetBytes(): void {
    this.#rings.clear();
    this.#known = null;
    this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }
}
