import type { After, CustomerFold } from '@afecto/domain';
import type { Tally } from '@afecto/read-models';

/** A customer as it was committed and announced last. */
export interface Told {
  readonly after: After;
  readonly tally: Tally;
  readonly takenBack: ReadonlyArray<string>;
}

interface Entry {
  readonly fold: CustomerFold;
  readonly weight: number;
  /** As it was committed and announced last; null when that is in the read models only. */
  told: Told | null;
}

/**
 * Folds of customers in use, the least recently used out first. Bounded by the facts they hold, which
 * is what their memory follows; a fold that is gone is made again from the ledger.
 */
export class FoldCache {
  private readonly folds = new Map<string, Entry>();
  private weight = 0;

  constructor(private readonly maxFacts: number) {}

  get(partyId: string): CustomerFold | undefined {
    const entry = this.folds.get(partyId);
    if (entry === undefined) return undefined;
    this.folds.delete(partyId);
    this.folds.set(partyId, entry);
    return entry.fold;
  }

  told(partyId: string): Told | null {
    return this.folds.get(partyId)?.told ?? null;
  }

  tell(partyId: string, told: Told): void {
    const entry = this.folds.get(partyId);
    if (entry !== undefined) entry.told = told;
  }

  put(partyId: string, fold: CustomerFold): void {
    const told = this.told(partyId);
    this.drop(partyId);
    const weight = fold.evidence.factCount + 1;
    this.folds.set(partyId, { fold, weight, told });
    this.weight += weight;
    for (const oldest of this.folds.keys()) {
      if (this.weight <= this.maxFacts || oldest === partyId) return;
      this.drop(oldest);
    }
  }

  drop(partyId: string): void {
    const entry = this.folds.get(partyId);
    if (entry === undefined) return;
    this.folds.delete(partyId);
    this.weight -= entry.weight;
  }

  clear(): void {
    this.folds.clear();
    this.weight = 0;
  }
}
