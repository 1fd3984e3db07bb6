import { type Fact, type FactMetadata, factFromStored, globalFactTypes, isFactType } from '@afecto/domain';
import type { EventText, StoredEvent } from '@afecto/event-store';
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
export const isLink = ({ type }: Pick<Fact, 'type'>): boolean =>
  type === 'PartiesMerged' || type === 'PartiesSeparated';

const lookedInto: ReadonlySet<string> = new Set(['PartyIdentified', 'ReferralMade', 'WorkItemClaimed']);

/** Whether what the fact says is needed beside its place (`intakeBatch`), links and policies apart. */
export const isLookedInto = ({ type }: EventText): boolean => lookedInto.has(type);

export const storedEventOf = ({ data, metadata, ...place }: EventText): StoredEvent => ({
  ...place,
  data: JSON.parse(data),
  metadata: JSON.parse(metadata),
});

const isOfTheWorld = (fact: Pick<Fact, 'type'>): boolean => globalFactTypes.has(fact.type) || isLink(fact);

export const ledgerFactOf = ({ position, fact }: PlacedFact): LedgerFact => ({
  position,
  occurredAt: fact.occurredAt,
  subjects: fact.subjects,
  world: isOfTheWorld(fact),
});

/** The same without looking into what the fact says; null for events of other applications. */
export const ledgerFactOfText = ({ position, type, metadata }: EventText): LedgerFact | null => {
  if (!isFactType(type)) return null;
  // Written through the codecs, as `factFromStored` takes it.
  const { occurredAt, subjects }: FactMetadata = JSON.parse(metadata);
  return { position, occurredAt: Date.parse(occurredAt), subjects, world: isOfTheWorld({ type }) };
};
