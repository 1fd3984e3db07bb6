import type { Fact } from '@afecto/domain';
import type { Json, StoredEvent } from '@afecto/event-store';
import fc from 'fast-check';
import { isLink, isOfTheWorld } from '../read-fact';
import type { Sight } from './seen-log';

/** How an event is poison: its version is not known, its content or its envelope is none, or folding it throws. */
export const poisons = ['future', 'content', 'envelope', 'failing'] as const;
export type Poison = (typeof poisons)[number];

const isRecord = (value: Json): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Content that has the shape of a fact's and breaks the rule that folds it. */
const breaking = (data: Json): Json => (isRecord(data) ? { ...data, lines: null, partyIds: null } : data);

/** Types of which the rules look into a list that `breaking` takes away. */
const breakable: ReadonlySet<string> = new Set(['OrderPlaced', 'ServiceFailureDetected']);

const poisonedEvent = (event: StoredEvent, poison: Poison): StoredEvent => {
  switch (poison) {
    case 'future':
      return { ...event, metadata: { ...event.metadata, schemaVersion: 99 } };
    case 'content':
      return { ...event, data: 'AAECAw==' };
    case 'envelope':
      return { ...event, metadata: { schemaVersion: 1 } };
    case 'failing':
      return { ...event, data: breaking(event.data) };
  }
};

/** Which facts of a history are poison, by event id. */
export type Poisoned = ReadonlyMap<string, Poison>;

export const sightOf =
  (poisoned: Poisoned): Sight =>
  (event) => {
    const poison = poisoned.get(event.id);
    return poison === undefined ? event : poisonedEvent(event, poison);
  };

/** The same log without them. */
export const without =
  (poisoned: Poisoned): Sight =>
  (event) =>
    poisoned.has(event.id) ? null : event;

/** A history with up to four poison facts in it. */
export const poisonedHistories = (
  histories: fc.Arbitrary<ReadonlyArray<Fact>>,
): fc.Arbitrary<{ readonly facts: ReadonlyArray<Fact>; readonly poisoned: Poisoned }> =>
  fc
    .tuple(histories, fc.array(fc.tuple(fc.nat(), fc.constantFrom(...poisons)), { minLength: 1, maxLength: 4 }))
    .map(([facts, chosen]) => {
      const poisoned = new Map<string, Poison>();
      const breakables = facts.filter(({ type }) => breakable.has(type));
      for (const [index, poison] of chosen) {
        const among = poison === 'failing' ? breakables : facts;
        const fact = among[index % among.length];
        if (fact !== undefined) poisoned.set(fact.eventId, poison);
      }
      return { facts, poisoned };
    });

/** With them everyone who is or was one customer with one of them. */
const withMerged = (facts: ReadonlyArray<Fact>, parties: ReadonlySet<string>): Set<string> => {
  const merged = new Set(parties);
  for (let size = -1; size !== merged.size;) {
    size = merged.size;
    for (const fact of facts)
      if (isLink(fact) && fact.subjects.some((subject) => merged.has(subject)))
        for (const subject of fact.subjects) merged.add(subject);
  }
  return merged;
};

/**
 * Parties whom poison may hold back, or of whom it may be told. An order that breaks the fold of its own
 * customer still converts the referral of another.
 */
export const concernedBy = (facts: ReadonlyArray<Fact>, poisoned: Poisoned): ReadonlySet<string> => {
  const heldBy = (wanted: ReadonlyArray<Poison>): Set<string> =>
    withMerged(
      facts,
      new Set(
        facts
          .filter((fact) => wanted.some((poison) => poison === poisoned.get(fact.eventId)) && !isOfTheWorld(fact))
          .flatMap(({ subjects }) => subjects),
      ),
    );
  const broken = heldBy(['failing']);
  const referrers = facts.flatMap((fact) =>
    fact.type === 'ReferralMade' && broken.has(fact.data.referredId ?? '') ? [fact.data.referrerId] : [],
  );
  return withMerged(facts, new Set([...heldBy(['future', 'content', 'failing']), ...referrers]));
};
