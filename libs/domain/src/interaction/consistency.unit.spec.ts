import { fact, isoOnDay } from '../customer/fact-builder';
import { evolve } from '../customer/evolve';
import { emptyEvidence } from '../customer/mutable-evidence';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';

/** What the facts of p1 contradict, in fold order: rule, about what, and the fact contradicted. */
const contradictions = (facts: ReadonlyArray<Fact>) => {
  const evidence = emptyEvidence('p1', [], defaultConfiguration);
  for (const each of facts) evolve(evidence, each);
  return evidence.inconsistencies.map(({ rule, about, earlierEventId, channel, earlierChannel }) => ({
    rule,
    about,
    earlierEventId,
    channels: [earlierChannel, channel],
  }));
};

const offer = (day: number, id: string, given: Partial<FactData['OfferMade']> = {}) =>
  fact(
    'OfferMade',
    day,
    {
      offerId: id,
      partyId: 'p1',
      kind: 'new',
      skus: ['s1'],
      netMinor: 1_000,
      listMinor: 1_000,
      validUntil: isoOnDay(day + 10),
      channel: 'email',
      propositionId: 'p',
      appliedPreferenceIds: [],
      ...given,
    },
    { eventId: id },
  );

const contact = (day: number, id: string, given: Partial<FactData['InteractionRecorded']> = {}) =>
  fact(
    'InteractionRecorded',
    day,
    {
      interactionId: id,
      partyId: 'p1',
      direction: 'inbound',
      channel: 'phone',
      purpose: 'service',
      topicCode: 'billing',
      startedAt: isoOnDay(day),
      outcome: 'answered',
      reAskedFields: [],
      links: {},
      ...given,
    },
    { eventId: id },
  );

// coverage: 13
describe('CX1, another price (domain.md §4.4)', () => {
  it('two offers of one sku that stand together at other prices contradict, across channels', () => {
    expect(contradictions([offer(0, 'a'), offer(5, 'b', { netMinor: 900, channel: 'web' })])).toEqual([
      { rule: 'CX1', about: ['s1'], earlierEventId: 'a', channels: ['email', 'web'] },
    ]);
  });
  it.each([
    ['the price is the same', {}],
    ['no sku is in common', { netMinor: 900, skus: ['s2'] }],
  ])('they do not when %s', (_, given) => {
    expect(contradictions([offer(0, 'a'), offer(5, 'b', given)])).toEqual([]);
  });
  it.each([
    ['a millisecond before the first ends', 10 - 1 / 86_400_000, 1],
    ['when the first ends', 10, 0],
  ])('the second made %s', (_, day, count) => {
    expect(contradictions([offer(0, 'a'), offer(day, 'b', { netMinor: 900 })])).toHaveLength(count);
  });
  it('of several the latest is named, and a reason given does not make the prices equal', () => {
    const facts = [offer(0, 'a'), offer(1, 'b'), offer(2, 'c', { netMinor: 900, overrideReason: 'goodwill' })];
    expect(contradictions(facts).map(({ earlierEventId }) => earlierEventId)).toEqual(['b']);
  });
});

// coverage: 13
describe('CX2, another answer (domain.md §4.4)', () => {
  it.each([
    ['30 days later', 30, 1],
    ['a millisecond more', 30 + 1 / 86_400_000, 0],
  ])('the same topic answered otherwise %s', (_, day, count) => {
    const facts = [contact(0, 'a', { answerCode: 'yes' }), contact(day, 'b', { answerCode: 'no', channel: 'chat' })];
    expect(contradictions(facts)).toHaveLength(count);
  });
  it.each([
    ['the same answer', { answerCode: 'yes' }],
    ['another topic', { answerCode: 'no', topicCode: 'delivery' }],
    ['no answer', {}],
  ])('%s contradicts nothing', (_, given) => {
    expect(contradictions([contact(0, 'a', { answerCode: 'yes' }), contact(1, 'b', given)])).toEqual([]);
  });
  it('an answer that returns to the first contradicts the one between', () => {
    const facts = ['yes', 'no', 'yes'].map((answerCode, day) => contact(day, `c${day}`, { answerCode }));
    expect(contradictions(facts).map(({ earlierEventId }) => earlierEventId)).toEqual(['c0', 'c1']);
  });
});

// coverage: 13, 56
describe('CX3, asked again (domain.md §4.4)', () => {
  const known = [
    fact('PartyRegistered', 0, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'test' }),
    fact('PartyIdentified', 1, {
      partyId: 'p1',
      identifiers: [{ scheme: 'email', value: 'a@example.org', verified: true, preferred: false, valid: true }],
    }),
  ];
  it.each([
    ['the name', 'name', 1],
    ['an address of a kind that is known', 'email', 1],
    ['one of a kind that is not', 'phone', 0],
    ['a preference told before, however it is spelt', 'preferredTime', 1],
    ['what nobody has told', 'birthYear', 0],
    ['a field named like what all objects have', 'constructor', 0],
  ])('asked for %s', (_, field, count) => {
    const preference = fact('PreferenceRecorded', 2, {
      partyId: 'p1',
      kind: 'preference',
      key: 'preferred_time',
      value: 'evening',
      origin: 'stated',
      horizon: 'current',
      preferenceId: 'pref',
    });
    expect(contradictions([...known, preference, contact(3, 'c', { reAskedFields: [field] })])).toHaveLength(count);
  });
  // Only a to z told fields apart: agents were blamed for what is another field, and not for one in other letters.
  it.each([
    ['another of several children', 'child2_name', 0],
    ['the same one', 'Child1Name', 1],
    ['a field in letters of another alphabet', '家族', 1],
    ['one with an accent, however it is composed', 'alergi\u0301as', 1],
    ['an interest', 'interest', 1],
    ['a goal of the business', 'businessGoal', 0],
    ['its wallet', 'wallet', 1],
  ])('asked for %s', (_, field, count) => {
    const preferences = ['child1_name', '家族', 'alergías'].map((key, index) =>
      fact('PreferenceRecorded', 2, {
        partyId: 'p1',
        kind: 'interest',
        key,
        value: 'x',
        origin: 'stated',
        horizon: 'current',
        preferenceId: `pref-${index}`,
      }),
    );
    const wallet = fact('WalletReported', 2, {
      partyId: 'p1',
      category: 'books',
      competitorIds: [],
      origin: 'survey',
      rank: 1,
      brandsUsed: 2,
    });
    const asked = contact(3, 'c', { reAskedFields: [field] });
    expect(contradictions([...known, ...preferences, wallet, asked])).toHaveLength(count);
  });
  it('names the known ones only, and what is told later was not known then', () => {
    expect(contradictions([contact(-1, 'b', { reAskedFields: ['name'] })])).toEqual([]);
    expect(contradictions([...known, contact(3, 'c', { reAskedFields: ['phone', 'email'] })])).toEqual([
      { rule: 'CX3', about: ['email'], earlierEventId: null, channels: [null, 'phone'] },
    ]);
  });
});
