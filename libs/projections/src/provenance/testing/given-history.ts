import { type CustomerState, type Fact, type Instant, NEVER, policyAt, rootOf } from '@afecto/domain';
import { foldFromFacts, type FactSource } from '../../engine/customer-facts';
import type { PlacedFact } from '../../engine/ledger-entry';
import { isOfTheWorld } from '../../engine/read-fact';
import { worldOf } from '../../engine/world';
import { type PartyHistory, partyHistoryOf } from '../party-history';

/** Facts with their places, as a log of them alone would give. */
export const placedIn = (facts: ReadonlyArray<Fact>): ReadonlyArray<PlacedFact> =>
  facts.map((fact, index) => ({ fact, position: BigInt(index + 1), revision: 0 }));

/** The facts of a log in memory, as a ledger finds them: read anew for every question. */
export const sourceOf = (placed: ReadonlyArray<PlacedFact>): FactSource => ({
  heldFrom: async () => null,
  facts: async (partyIds, { until, after = null, knownAt = NEVER }) =>
    placed
      .filter(
        ({ fact }) =>
          fact.occurredAt <= until &&
          (after === null || fact.occurredAt > after) &&
          fact.recordedAt <= knownAt &&
          fact.subjects.some((subject) => partyIds.includes(subject)),
      )
      .map((entry) => ({ ...entry })),
});

export interface Limits {
  readonly until: Instant;
  readonly knownAt?: Instant;
}

/** A customer as the questions about the past answer it: by another way than a history goes. */
export const answered = async (
  placed: ReadonlyArray<PlacedFact>,
  partyId: string,
  { until, knownAt = NEVER }: Limits,
): Promise<CustomerState | null> => {
  const known = placed.filter(({ fact }) => fact.recordedAt <= knownAt);
  const world = worldOf(
    known.flatMap(({ fact }) => (isOfTheWorld(fact) ? [fact] : [])),
    until,
  );
  const folded = await foldFromFacts(rootOf(world.links, partyId), world, sourceOf(known), { until });
  if (folded === null) return null;
  const { fold, standing } = folded;
  return { evidence: fold.evidence, standing, policy: policyAt(world.regime, until), asOf: until };
};

export const givenHistory = (
  placed: ReadonlyArray<PlacedFact>,
  partyId: string,
  { until, knownAt = NEVER }: Limits,
): Promise<PartyHistory | null> => {
  const known = placed.filter(({ fact }) => fact.recordedAt <= knownAt);
  return partyHistoryOf(
    partyId,
    known.filter(({ fact }) => isOfTheWorld(fact)),
    sourceOf(known),
    { until },
  );
};
