import { type Fact, factFromStored, isFactType } from '@afecto/domain';
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

export const ledgerFactOf = (event: StoredEvent, fact: Fact): LedgerFact => ({
  position: event.position,
  occurredAt: fact.occurredAt,
  recordedAt: fact.recordedAt,
  type: fact.type,
  channel: fact.channel ?? null,
  subjects: fact.subjects,
  body: JSON.stringify([event.id, event.streamId, event.revision, event.metadata, event.data]),
});

export const placedFromLedger = (entry: LedgerFact): PlacedFact => {
  const [id, streamId, revision, metadata, data]: [string, string, number, unknown, unknown] = JSON.parse(entry.body);
  return {
    position: entry.position,
    revision,
    fact: factFromStored({ id, type: entry.type, streamId, recordedAt: entry.recordedAt, metadata, data }),
  };
};
