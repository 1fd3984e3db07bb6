import type { Instant } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import {
  type FieldProvenance,
  type LastChange,
  lastChanges,
  ledgerSource,
  type PartyHistory,
  partyHistoryOf,
  type PlacedFact,
  placedFact,
  provenanceOf,
} from '@afecto/projections';
import type { ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';

interface Limits {
  readonly asOf: Instant;
  /** Default: all that is recorded. */
  readonly knownAt?: Instant;
}

/** Where the profile of a party comes from. Null: nothing is known of it by then. */
export interface Provenance {
  /** All facts that the profile can follow from, as they were known. */
  readonly history: (partyId: string, limits: Limits) => Promise<PartyHistory | null>;
  /** The last change of every field. */
  readonly fields: (partyId: string, limits: Limits) => Promise<ReadonlyArray<LastChange> | null>;
  /** One field, by JSON Pointer or by a last name that is the only one of its kind. Left: there is none of this name. */
  readonly field: (partyId: string, name: string, limits: Limits) => Promise<E.Either<string, FieldProvenance> | null>;
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

  const history: Provenance['history'] = async (partyId, { asOf, knownAt = Number.MAX_SAFE_INTEGER }) =>
    partyHistoryOf(partyId, await worldKnownAt(knownAt), source, { until: asOf, knownAt });

  return {
    history,
    fields: async (partyId, limits) => {
      const found = await history(partyId, limits);
      return found === null ? null : lastChanges(found);
    },
    field: async (partyId, name, limits) => {
      const found = await history(partyId, limits);
      return found === null ? null : provenanceOf(found, name);
    },
  };
};
