import { getHeapStatistics } from 'node:v8';
import type { CustomerFold } from '@afecto/domain';
import { BoundedCache } from '@afecto/event-store';
import { packed, type PackedFold, type RememberedFold, type Told, unpacked } from './packed-fold';

/**
 * Facts held by folds as they are, about a kilobyte each with what hangs on them: no more than a sixth of a small
 * heap, which a flood would otherwise fill until nothing but collecting was done.
 */
const FACTS = Math.min(150_000, Math.floor(getHeapStatistics().heap_size_limit / 6 / 1_024));
/** Of folds that are packed, 128 MiB or less: some 190 bytes a fact. */
const BYTES = FACTS * 895;
/** What an entry takes beside its bytes. */
const OVERHEAD = 300;

/**
 * Folds of customers: those in use as they are, bounded by the facts they hold, which is what their memory
 * follows; others packed. A fold that is gone is made again from the ledger.
 */
export class FoldCache {
  readonly #folds: BoundedCache<string, RememberedFold>;
  readonly #packed: BoundedCache<string, PackedFold>;

  /**
   * @param facts of folds that are kept as they are
   * @param bytes of those that are kept packed
   */
  constructor(facts = FACTS, bytes = BYTES) {
    this.#packed = new BoundedCache(bytes, { weigh: (fold) => fold.bytes.byteLength + OVERHEAD });
    this.#folds = new BoundedCache(facts, {
      weigh: ({ fold }) => fold.evidence.factCount + 1,
      onEvicted: (partyId, remembered) => this.#packed.set(partyId, packed(remembered)),
    });
  }

  get(partyId: string): CustomerFold | undefined {
    return this.#remembered(partyId)?.fold;
  }

  told(partyId: string): Told | null {
    return this.#remembered(partyId)?.told ?? null;
  }

  tell(partyId: string, told: Told): void {
    const remembered = this.#remembered(partyId);
    if (remembered !== undefined) remembered.told = told;
  }

  put(partyId: string, fold: CustomerFold): void {
    this.#folds.set(partyId, { fold, told: this.told(partyId) });
  }

  drop(partyId: string): void {
    this.#folds.delete(partyId);
    this.#packed.delete(partyId);
  }

  clear(): void {
    this.#folds.clear();
    this.#packed.clear();
  }

  #remembered(partyId: string): RememberedFold | undefined {
    const inUse = this.#folds.get(partyId);
    if (inUse !== undefined) return inUse;
    const away = this.#packed.get(partyId);
    if (away === undefined) return undefined;
    this.#packed.delete(partyId);
    const remembered = unpacked(away);
    this.#folds.set(partyId, remembered);
    return remembered;
  }
}
