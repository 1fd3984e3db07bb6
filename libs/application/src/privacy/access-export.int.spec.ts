/**
 * Internal codes were put into neutral words wherever a text was equal to one: who prefers gold was told to prefer
 * "tier 2", and who is called Iron had another name. And the work that a code opened was named by it.
 */
import type { Afecto } from '../system/open';
import { cloudEvent, givenAfecto, type GivenAfecto, order } from '../testing/given-afecto';
import { accessExport } from './access-export';

let given: GivenAfecto;
let afecto: Afecto;

beforeEach(async () => {
  given = givenAfecto(200);
  afecto = await given.open();
});
afterEach(async () => {
  await afecto.close();
  given.remove();
});

describe('what a person is handed over (domain.md §17.6, §21.13)', () => {
  it('has our codes in neutral words, and what the person said to the letter', async () => {
    const said = { partyId: 'p1', source: 'test' };
    await given.accept(afecto, [
      cloudEvent('PartyRegistered', 1, 'p1', { ...said, kind: 'person', displayName: 'lead' }),
      cloudEvent('PreferenceRecorded', 2, 'p1', {
        partyId: 'p1',
        preferenceId: 'metal',
        kind: 'preference',
        key: 'metal',
        value: 'gold',
        origin: 'stated',
        horizon: 'current',
      }),
      ...[100, 130, 160, 190].map((day) => order(`o${day}`, day, 'p1')),
      cloudEvent('WordOfMouthObserved', 195, 'p1', {
        partyId: 'p1',
        polarity: -0.9,
        reach: 'public',
        platform: 'forum',
        verified: true,
      }),
    ]);
    const { answers, projections, readModels, store } = afecto;
    expect((await answers.profile('p1'))?.loyalty.extreme).toBe('terrorist');
    const handed = await accessExport('p1', { answers, engine: projections.engine, readModels, store, now: Date.now });
    expect(handed).toMatchObject({
      profile: {
        identity: { displayName: 'lead' },
        preferences: [{ key: 'metal', value: 'gold' }],
        loyalty: { extreme: 'strong critic' },
        openItems: [{ queue: 'Q1', triggerKey: expect.stringMatching(/^strong critic:/) }],
      },
    });
    expect(JSON.stringify(handed)).not.toContain('terrorist');
  });
});
