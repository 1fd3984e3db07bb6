import type { After, CustomerFold } from '@afecto/domain';
import { BoundedCache } from '@afecto/event-store';
import type { Tally } from '@afecto/read-models';

/** A customer as it was committed and announced last. */
export interface Told {
  readonly after: After;
  readonly tally: Tally;
  readonly takenBack: ReadonlyArray<string>;
}

interface Entry {
  readonly fold: CustomerFold;
  /** As it was committed and announced last; null when that is in the read models only. */
  told: Told | null;
}

/**
 * Folds of customers in use. Bounded by the facts they hold, which is what their memory follows; a fold that is
 * gone is made again from the ledger.
 */
export class FoldCache {
  readonly #folds: BoundedCache<string, Entry>;

  /** @param facts of folds that are kept at least; at most twice as many */
  constructor(facts: number) {
    this.#folds = new BoundedCache(facts, ({ fold }) => fold.evidence.factCount + 1);
  }

  get(partyId: string): CustomerFold | undefined {
    return this.#folds.get(partyId)?.fold;
  }

  told(partyId: string): Told | null {
    return this.#folds.get(partyId)?.told ?? null;
  }

  tell(partyId: string, told: Told): void {
    const entry = this.#folds.get(partyId);
    if (entry !== undefined) entry.told = told;
  }

  put(partyId: string, fold: CustomerFold): void {
    this.#folds.set(partyId, { fold, told: this.told(partyId) });
  }

  drop(partyId: string): void {
    this.#folds.delete(partyId);
  }

  clear(): void {
    this.#folds.clear();
  }
}
