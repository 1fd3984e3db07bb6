import type { Instant } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import { ledgerSource, type PartyHistory, partyHistoryOf, type PlacedFact, placedFact } from '@afecto/projections';
import type { ReadModels } from '@afecto/read-models';

interface Limits {
  readonly asOf: Instant;
  /** Default: all that is recorded. */
  readonly knownAt?: Instant;
}

/** Where the profile of a party comes from: `lastChanges`, `provenanceOf` and `differencesSince` tell it of a history. */
export interface Provenance {
  /** All facts that the profile can follow from, as they were known. Null: nothing is known of the party by then. */
  readonly history: (partyId: string, limits: Limits) => Promise<PartyHistory | null>;
}

export const createProvenance = (readModels: ReadModels, store: EventStore): Provenance => {
  const source = ledgerSource(readModels, store);
  /** Facts about policies and links, read once: they concern every party that is asked about. */
  const known = new Map<bigint, PlacedFact>();

  const worldKnownAt = async (knownAt: Instant): Promise<ReadonlyArray<PlacedFact>> => {
    const positions = await readModels.worldFacts();
    for (const event of await store.eventsAt(positions.filter((position) => !known.has(position)))) {
      const placed = placedFact(event);
      if (placed !== null) known.set(placed.position, placed);
    }
    return positions.flatMap((position) => {
      const placed = known.get(position);
      return placed === undefined || placed.fact.recordedAt > knownAt ? [] : [placed];
    });
  };

  return {
    history: async (partyId, { asOf, knownAt = Number.MAX_SAFE_INTEGER }) =>
      partyHistoryOf(partyId, await worldKnownAt(knownAt), source, { until: asOf, knownAt }),
  };
};
