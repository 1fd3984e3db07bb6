/**
 * What is said about the past of a field is held against the answers themselves: at any instant, and as
 * anything was known, a profile folded from its facts by the way that questions take.
 */
import { DAY_MS, type Fact, type Instant } from '@afecto/domain';
import * as E from 'fp-ts/Either';
import fc from 'fast-check';
import { EPOCH } from '../../../domain/src/facts/arbitrary';
import { histories } from '../engine/testing/given-log';
import { profileOf } from '../profile/profile';
import { profileFields } from './fields';
import { stateOf } from './party-history';
import { lastChanges, provenanceOf } from './provenance';
import { answered, givenHistory, placedIn } from './testing/given-history';
import { traceOf } from './trace';

const DAYS = 1_100;
const instant = fc.integer({ min: 0, max: DAYS * 4 }).map((quarter): Instant => EPOCH + (quarter * DAY_MS) / 4);

/** Facts of few parties, each learned up to a year after it happened. */
const arbitraryLog = fc
  .tuple(histories(40), fc.array(fc.integer({ min: 0, max: 365 }), { minLength: 1, maxLength: 7 }))
  .map(([facts, delays]) =>
    facts.map((fact, index): Fact => ({
      ...fact,
      recordedAt: fact.occurredAt + (delays[index % delays.length] ?? 0) * DAY_MS,
    })),
  );

const arbitraryQuestion = fc.record({
  partyId: fc.constantFrom('p1', 'p2', 'p3'),
  until: instant,
  knownAt: fc.option(instant, { nil: undefined }),
});

const textOf = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));
const done = <A>(work: Generator<void, A>): A => {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
};

describe('the provenance of any field', () => {
  it('ends with what the profile says, at any instant and as known at any', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryLog, arbitraryQuestion, async (facts, { partyId, until, knownAt }) => {
        const limits = knownAt === undefined ? { until } : { until, knownAt };
        const placed = placedIn(facts);
        const history = await givenHistory(placed, partyId, limits);
        const state = await answered(placed, partyId, limits);
        expect(history === null || stateOf(history) === null).toBe(state === null);
        if (history === null || state === null) return;
        const profile = profileOf(state);
        const changes = (await lastChanges(history)) ?? [];
        expect(changes.map(({ field, last }) => [field, textOf(last?.value)])).toEqual(
          profileFields.map(({ pointer, read }) => [pointer, textOf(read(profile))]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('says of every earlier instant what the profile said as of then, but for what passes with time', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryLog,
        arbitraryQuestion,
        fc.array(instant, { minLength: 3, maxLength: 3 }),
        async (facts, { partyId, until }, instants) => {
          const placed = placedIn(facts);
          const history = await givenHistory(placed, partyId, { until });
          if (history === null) return;
          const trails = done(
            traceOf(history, (customer) => {
              if (customer === null) return profileFields.map(() => '');
              const profile = profileOf(customer);
              return profileFields.map(({ read }) => textOf(read(profile)));
            }),
          );
          for (const then of instants.filter((one) => one <= until)) {
            const state = await answered(placed, partyId, { until: then });
            const profile = state === null ? null : profileOf(state);
            for (const [index, { pointer, read }] of profileFields.entries()) {
              const trail = trails[index];
              if (trail === undefined || trail.passing) continue;
              const told = trail.changes.findLast(({ since }) => since <= then)?.text ?? '';
              expect([pointer, told]).toEqual([pointer, profile === null ? '' : textOf(read(profile))]);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('rests on exactly those events without which it would be another', async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryLog,
        arbitraryQuestion,
        fc.constantFrom(...profileFields),
        async (facts, { partyId, until }, field) => {
          const placed = placedIn(facts);
          const history = await givenHistory(placed, partyId, { until });
          if (history === null || stateOf(history) === null) return;
          const provenance = await provenanceOf(history, field.pointer);
          if (provenance === null || E.isLeft(provenance)) throw new Error(field.pointer);
          const { restsOn: found } = provenance.right;
          if (!found.complete) throw new Error(found.detail);
          const named = new Set(found.events.map(({ event }) => event.eventId));
          const valueWithout = async (left: Fact | null): Promise<string> => {
            const state = await answered(
              placed.filter(({ fact }) => fact !== left),
              partyId,
              { until },
            );
            return state === null ? '' : textOf(field.read(profileOf(state)));
          };
          const present = await valueWithout(null);
          for (const fact of facts)
            expect([fact.eventId, (await valueWithout(fact)) !== present]).toEqual([
              fact.eventId,
              named.has(fact.eventId),
            ]);
        },
      ),
      { numRuns: 20 },
    );
  });
});
