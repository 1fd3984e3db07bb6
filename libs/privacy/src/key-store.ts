import { existsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type PersonalClass, personalClasses } from '@afecto/domain';
import { BoundedCache, type PlacedId } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { ErasedKeys } from './erased-keys';
import { type ErasedKey, erasedListFile, readErasedList } from './erased-list';
import type { FieldKey } from './field-cipher';
import { KeyEraser } from './key-eraser';
import { KeyMaker } from './key-maker';
import { type KeySeed, KeySeeds, seededKey } from './key-seeds';
import { KeyStoreConnection } from './key-store-connection';
import { type KeyStoreError, openedToRead, openedToWrite } from './key-store-file';
import type { KeyFiles, KeyRing, LostKey, PendingErasure, UnfinishedErasure } from './keys';
import type { MasterKey } from './master-key';
import { MasterKeyInUse } from './master-key-in-use';
import { Pepper } from './pepper';
import { StoredRings } from './stored-rings';
import { UnfinishedErasures } from './unfinished-erasures';

/** Parties whose keys are held in memory at least, twice as many at most. */
const RINGS_IN_MEMORY = 25_000;
/** Of whoever only reads: a build asks customer by customer, in each of its threads. */
const RINGS_OF_A_READER = 2_500;

const NONE_PASSED_OVER: ReadonlyMap<string, number> = new Map();

/**
 * The keys of all data subjects (`domain.md §17.2`), wrapped by a master key, in a SQLite file of their
 * own. What it answers is durable. Keys of other processes are seen, and so is what they erase.
 */
export class KeyStore {
  readonly #rings: BoundedCache<string, KeyRing | null>;
  readonly #connection: KeyStoreConnection;
  readonly #master: MasterKeyInUse;
  readonly #stored: StoredRings;
  readonly #seeds: KeySeeds;
  readonly #erased: ErasedKeys;
  readonly #unfinished: UnfinishedErasures;
  readonly #pepper: Pepper;
  readonly #maker: KeyMaker;
  readonly #eraser: KeyEraser;

  /** @param passedOver keys that are to be destroyed, and that a reader can only pass over: when they were, by id */
  private constructor(
    readonly database: DatabaseSync,
    readonly files: KeyFiles,
    readonly now: () => number,
    master: MasterKey,
    private readonly isReader: boolean,
    private readonly passedOver: ReadonlyMap<string, number>,
  ) {
    this.#rings = new BoundedCache(isReader ? RINGS_OF_A_READER : RINGS_IN_MEMORY);
    this.#connection = new KeyStoreConnection(database, files.keyStore, () => {
      this.#seeds.takeUp();
      this.#master.takeUp();
    });
    this.#master = new MasterKeyInUse(this.#connection, files, master);
    this.#stored = new StoredRings(database, this.#master, passedOver);
    this.#seeds = new KeySeeds(database, this.#master);
    this.#erased = new ErasedKeys(database);
    this.#unfinished = new UnfinishedErasures(database);
    this.#pepper = new Pepper(this.#connection, this.#master);
    this.#maker = new KeyMaker(
      this.#connection,
      this.#master,
      this.#seeds,
      this.#stored,
      this.#rings,
      this.#erased,
      now,
    );
    this.#eraser = new KeyEraser(this.#connection, this.#seeds, this.#erased, this.#unfinished, now);
  }

  /** Opens or makes the key store and its master key, and erases again what the list beside it says. */
  static open(files: KeyFiles, now: () => number): E.Either<KeyStoreError, KeyStore> {
    return openedToWrite(files, (database, master) => {
      const store = new KeyStore(database, files, now, master, false, NONE_PASSED_OVER);
      store.#eraser.eraseAgain();
      return store;
    });
  }

  /** Reads a key store beside its writer. Null: there is none, and what is sealed stays sealed. */
  static openReadOnly(files: KeyFiles): E.Either<KeyStoreError, KeyStore | null> {
    if (!existsSync(files.keyStore)) return E.right(null);
    return openedToRead(files, (database, master) => {
      const passedOver = new Map(readErasedList(erasedListFile(files.keyStore)).map(({ kid, at }) => [kid, at]));
      return new KeyStore(database, files, Date.now, master, true, passedOver);
    });
  }

  /** Takes up what other processes have written since; cheap enough for every page of events. */
  refresh(): void {
    if (!this.#connection.hasNews()) return;
    this.#rings.clear();
    this.#seeds.forget();
  }

  /** Whether everything personal of the party is erased. */
  isErased(partyId: string): boolean {
    return this.ringOf(partyId)?.erased.has('identity') === true;
  }

  /** The keys of a party; null: it has none yet and is not erased. */
  ringOf(partyId: string): KeyRing | null {
    const kept = this.#rings.get(partyId);
    if (kept !== undefined) return kept;
    const ring = this.#stored.of(partyId);
    this.#rings.set(partyId, ring);
    return ring;
  }

  /** Reads the keys of these parties together, which takes a fraction of reading them one by one. */
  readAhead(partyIds: Iterable<string>): void {
    const unknown = [...new Set(partyIds)].filter((partyId) => this.#rings.get(partyId) === undefined);
    if (unknown.length >= 2) this.#stored.readInto(this.#rings, unknown);
  }

  /**
   * Makes the keys that parties lack; of those erased for good none. When it returns they are on the disk, or,
   * with a place of the log after which they are used, the seed is from which they follow (`settleKeys`).
   */
  make(partyIds: Iterable<string>, after: PlacedId | null = null): void {
    const parties = [...partyIds];
    if (parties.length === 0) return;
    const made = (after === null ? null : this.#maker.fromSeed(parties)) ?? this.#maker.forGood(parties, after);
    for (const [partyId, ring] of made) this.#rings.set(partyId, ring);
  }

  /** All keys that were made are on the disk when this returns, and the seed of this process is gone. */
  settle(): void {
    this.#maker.settle();
  }

  /** Seeds from which keys may follow that are not here: of processes that did not end well, or run beside. */
  seeds(): ReadonlyArray<KeySeed> {
    return this.#seeds.all();
  }

  /** Keys with this id that follow from seeds; none once it is destroyed. */
  seededKeys(partyId: string, keyClass: PersonalClass, kid: string): ReadonlyArray<FieldKey> {
    return this.passedOver.has(kid) ? [] : this.#seeds.all().map((seed) => seededKey(seed, partyId, keyClass, kid));
  }

  /**
   * Keeps keys that followed from a seed, on the disk when this returns, and takes the seed away; not so when a
   * party has another key by now: then the seed still opens what the lost one sealed.
   */
  keep(lost: ReadonlyArray<LostKey>, seed: KeySeed): void {
    this.#maker.keep(lost, seed);
  }

  /** Ids of all keys that a party has or had, of these classes; keys are made for whoever had none. */
  keyIdsOf(partyId: string, classes: ReadonlyArray<PersonalClass> = personalClasses): ReadonlyArray<string> {
    if (this.ringOf(partyId) === null) this.make([partyId]);
    return this.#stored.keyIdsOf(partyId, classes);
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
    this.#eraser.erase(partyIds, pending, contentOnly, expiredAt);
    this.#forgetBytes();
  }

  /** Erasures that are not finished, oldest first; those noted after a place, at most so many, when asked so. */
  pendingErasures(after = 0, limit = Number.MAX_SAFE_INTEGER): ReadonlyArray<UnfinishedErasure> {
    return this.#unfinished.after(after, limit);
  }

  /** The event is in the log and every copy is gone. */
  finish(eventIds: ReadonlyArray<string>): void {
    this.#connection.write(() => this.#unfinished.remove(eventIds));
    this.#forgetBytes();
  }

  /** All keys ever destroyed. */
  erasedKeys(): ReadonlyArray<ErasedKey> {
    return this.#erased.all();
  }

  /**
   * What tells two texts apart and says nothing about them to anybody without the keys: 32 hexadecimal
   * digits of an HMAC-SHA256 under a key of this store. A plain hash of a telephone number is no secret.
   */
  fingerprint(text: string): string {
    return this.#pepper.fingerprint(text);
  }

  /** 32 hexadecimal digits by which the store is known, whatever its file is called; a copy has the same. */
  get id(): string {
    return this.fingerprint('afecto key store');
  }

  /** Whether the store has an id yet: it is made when it is first needed, and not by whoever only reads. */
  get hasId(): boolean {
    return !this.isReader || this.#pepper.isMade;
  }

  /** Wraps every key with a new master key, in one transaction; returns how many. No event is touched. */
  rotateMasterKey(): { readonly masterKeyId: string; readonly keys: number } {
    const rotated = this.#master.rotate((next) => {
      const keys = this.#stored.wrapAgain(next);
      this.#pepper.wrapAgain(next);
      this.#seeds.wrapAgain(next);
      return keys;
    });
    this.#forgetBytes();
    return rotated;
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

  /** Keys that were deleted are held neither in memory nor in the write-ahead log. */
  #forgetBytes(): void {
    this.#rings.clear();
    this.#seeds.forget();
    this.#connection.forgetBytes();
  }
}
