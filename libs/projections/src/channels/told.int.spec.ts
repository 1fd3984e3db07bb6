import type { Fact, FactData } from '@afecto/domain';
import type { ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import { ProjectionEngine } from '../engine/engine';
import { eventsOf, inMemory, logOf, NOW } from '../engine/testing/given-log';
import { isoDaysAgo, ordered, said } from '../tally/given-customers';

const contact = (ago: number, answerCode: string, given: Partial<FactData['InteractionRecorded']> = {}): Fact =>
  said('InteractionRecorded', ago, {
    interactionId: `i${ago}`,
    partyId: 'p1',
    direction: 'inbound',
    channel: 'phone',
    purpose: 'service',
    topicCode: 'billing',
    startedAt: isoDaysAgo(ago),
    outcome: 'answered',
    reAskedFields: [],
    links: {},
    answerCode,
    ...given,
  });

/** What is told of facts that arrive one by one in this order. */
const toldOf = async (facts: ReadonlyArray<Fact>, type: string) => {
  const store = await logOf(facts);
  const readModels: ReadModels = inMemory();
  const engine = await ProjectionEngine.over(readModels, store);
  for (const event of await eventsOf(store)) await engine.apply([event], NOW);
  const told = (await readModels.outgoing(1_000)).map(({ event }) => event).filter((event) => event.type === type);
  await store.close();
  await readModels.close();
  return told;
};

describe('what is told of contradictions and quadrants (domain.md §14.3)', () => {
  // Told with the fold's own list at first: what was announced grew with it, and nothing was ever new.
  it('another answer is told once, with both facts', async () => {
    const [first, second, third] = [contact(20, 'yes'), contact(10, 'no'), contact(5, 'no', { topicCode: 'other' })];
    const told = await toldOf([first, second, third], 'ChannelInconsistencyDetected');
    expect(told).toMatchObject([
      {
        data: { partyId: 'p1', rule: 'CX2', channel: 'phone', about: ['billing'] },
        metadata: { causedBy: [first.eventId, second.eventId], occurredAt: isoDaysAgo(10) },
      },
    ]);
  });

  it('a contact that arrives late and is the nearer contradiction stands for the one that was told', async () => {
    const [first, late, second] = [contact(20, 'yes'), contact(15, 'perhaps'), contact(10, 'no')];
    const told = await toldOf([first, second, late], 'ChannelInconsistencyDetected');
    expect(told).toHaveLength(3);
    const [wrong] = told;
    expect(told.slice(1).flatMap(({ metadata }) => metadata['supersedes'] ?? [])).toEqual([wrong?.metadata['claim']]);
  });

  it('what stands after any order of arrival is what is told when all comes at once', async () => {
    const answers = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 90 }), fc.constantFrom('yes', 'no', 'perhaps')), {
      minLength: 2,
      maxLength: 7,
      selector: ([ago]) => ago,
    });
    const standing = (told: Awaited<ReturnType<typeof toldOf>>): ReadonlyArray<unknown> => {
      const claims = new Set<unknown>();
      for (const { metadata } of told) {
        const { supersedes } = metadata;
        for (const wrong of Array.isArray(supersedes) ? supersedes : []) claims.delete(wrong);
        claims.add(metadata['claim']);
      }
      return [...claims].toSorted();
    };
    let contradictions = 0;
    await fc.assert(
      fc.asyncProperty(
        answers.chain((given) => {
          const facts = given.map(([ago, answerCode]) => contact(ago, answerCode));
          return fc.shuffledSubarray(facts, { minLength: facts.length });
        }),
        async (shuffled) => {
          const inOrder = shuffled.toSorted((one, other) => one.occurredAt - other.occurredAt);
          const expected = standing(await toldOf(inOrder, 'ChannelInconsistencyDetected'));
          contradictions += expected.length;
          expect(standing(await toldOf(shuffled, 'ChannelInconsistencyDetected'))).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
    expect(contradictions).toBeGreaterThan(0);
  });

  it('quadrants are told as they are entered, also by time alone', async () => {
    const told = await toldOf(
      [
        ...[400, 370, 340].map((ago) => ordered('p1', ago, `o${ago}`)),
        said('SurveyAnswered', 335, {
          surveyId: 's1',
          partyId: 'p1',
          instrument: 'csat_relationship',
          score: 5,
          scaleMin: 1,
          scaleMax: 5,
        }),
      ],
      'LoyaltyQuadrantChanged',
    );
    expect(told.map(({ data }) => data)).toEqual([
      { partyId: 'p1', quadrant: 'loyalist', previousQuadrant: null },
      { partyId: 'p1', quadrant: 'mercenary', previousQuadrant: 'loyalist' },
    ]);
    expect(told[1]?.metadata['causedBy']).toEqual([]);
  });
});
