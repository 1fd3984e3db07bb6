import type { StatementSync } from 'node:sqlite';
import type { BoundedCache, PlacedId } from '@afecto/event-store';
import type { ErasedKeys } from './erased-keys';
import { wrapKey } from './field-cipher';
import { type KeySeed, type KeySeeds, seededBytes } from './key-seeds';
import type { KeyStoreConnection } from './key-store-connection';
import { boundTo, type KeyRing, type LostKey } from './keys';
import type { MasterKeyInUse } from './master-key-in-use';
import { INSERT_KEY, NewKeys } from './new-keys';
import type { StoredRings } from './stored-rings';

/** Parties whose keys follow from one seed, at most: what is sealed under them is looked at after a power cut. */
const PARTIES_A_SEED = 1_000;

/** Makes the keys of parties, at random or from a seed, and puts on the disk those that went with the power. */
export class KeyMaker {
  #insert: StatementSync | null = null;

  /** @param rings those that are held in memory */
  constructor(
    private readonly connection: KeyStoreConnection,
    private readonly master: MasterKeyInUse,
    private readonly seeds: KeySeeds,
    private readonly stored: StoredRings,
    private readonly rings: BoundedCache<string, KeyRing | null>,
    private readonly erased: ErasedKeys,
    private readonly now: () => number,
  ) {}

  /** Null: there is no seed for so many, or another process has taken it away. */
  fromSeed(parties: ReadonlyArray<string>): ReadonlyMap<string, KeyRing> | null {
    const { inHand } = this.seeds;
    if (inHand === null || inHand.left < parties.length) return null;
    inHand.left -= parties.length;
    return this.connection.write(
      (isAlone) => (this.seeds.inHand === inHand ? this.#completed(parties, inHand.seed, isAlone) : null),
      false,
    );
  }

  /** They are on the disk when this returns, and so is the seed of those that come next, if there is a place for it. */
  forGood(parties: ReadonlyArray<string>, after: PlacedId | null): ReadonlyMap<string, KeyRing> {
    const { made, next } = this.connection.write(() => {
      if (this.seeds.inHand !== null) this.seeds.remove(this.seeds.inHand.seed.id);
      return {
        next: after === null ? null : this.seeds.make(after),
        made: this.#completed(parties, null, false),
      };
    });
    this.seeds.inHand = next === null ? null : { seed: next, left: PARTIES_A_SEED };
    this.seeds.forget();
    return made;
  }

  /** All keys that were made are on the disk when this returns, and the seed of this process is gone. */
  settle(): void {
    const { inHand } = this.seeds;
    if (inHand === null) return;
    this.connection.write(() => this.seeds.remove(inHand.seed.id));
    this.seeds.inHand = null;
    this.seeds.forget();
  }

  /** Keeps keys that followed from a seed, and takes it away when every one of them has found its place. */
  keep(lost: ReadonlyArray<LostKey>, seed: KeySeed): void {
    this.connection.write(() => {
      const insert = this.connection.database.prepare(`${INSERT_KEY} ON CONFLICT DO NOTHING`);
      const now = this.now();
      let areKept = true;
      for (const { partyId, class: keyClass, kid } of lost) {
        const ring = this.stored.of(partyId);
        if (ring?.destroyed.has(kid) === true) continue;
        const [bytes, place] = [seededBytes(seed, partyId, keyClass, kid), boundTo(partyId, keyClass, kid)];
        const { current: master } = this.master;
        const wrapped = wrapKey(master.key, place, bytes);
        if (insert.run(partyId, keyClass, kid, wrapped, master.id, now).changes === 0) areKept = false;
        if (ring?.erased.has('identity') === true) this.erased.bury({ partyId, class: keyClass, kid, at: now });
      }
      if (areKept) this.seeds.remove(seed.id);
    });
    this.rings.clear();
    this.seeds.forget();
  }

  #completed(parties: ReadonlyArray<string>, seed: KeySeed | null, isAlone: boolean): ReadonlyMap<string, KeyRing> {
    this.#insert ??= this.connection.database.prepare(INSERT_KEY);
    const fresh = new NewKeys(this.#insert, parties.length, seed);
    const now = this.now();
    try {
      return new Map(
        parties.map((partyId) => [
          partyId,
          fresh.complete(partyId, this.#known(partyId, isAlone), this.master.current, now),
        ]),
      );
    } finally {
      fresh.wipe();
    }
  }

  /** Another process may have made them, or destroyed them, since we looked. */
  #known(partyId: string, isAlone: boolean): KeyRing | null {
    const held = isAlone ? this.rings.get(partyId) : undefined;
    return held === undefined ? this.stored.of(partyId) : held;
  }
}
