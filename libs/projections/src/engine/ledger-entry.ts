import { type Fact, factFromStored, globalFactTypes, isFactType } from '@afecto/domain';
import type { StoredEvent } from '@afecto/event-store';
import type { LedgerFact } from '@afecto/read-models';

/** A fact with its place in the log. */
export interface PlacedFact {
  readonly position: bigint;
  readonly revision: number;
  readonly fact: Fact;
}

/** The fact of a stored event; null for events of other applications in the same log. */
export const placedFact = (event: StoredEvent): PlacedFact | null =>
  isFactType(event.type) ? { position: event.position, revision: event.revision, fact: factFromStored(event) } : null;

/** Merges and separations say who the customer is, not what happened to it (`domain.md §3`). */
export const isLink = (fact: Fact): boolean => fact.type === 'PartiesMerged' || fact.type === 'PartiesSeparated';

export const ledgerFactOf = ({ position, fact }: PlacedFact): LedgerFact => ({
  position,
  occurredAt: fact.occurredAt,
  subjects: fact.subjects,
  world: globalFactTypes.has(fact.type) || isLink(fact),
});
