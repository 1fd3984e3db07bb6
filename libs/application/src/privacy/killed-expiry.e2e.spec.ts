import { setTimeout as pause } from 'node:timers/promises';
import { ERASED } from '@afecto/domain';
import { type GivenAfecto, givenAfecto, onDay } from '../testing/given-afecto';
import { keepFor, lyingAround, merged, preference, registered, survey } from '../testing/given-retention';
import { killedAt } from '../testing/killed-erasure';

const NAMES = ['Ana Pérez Quintanilla', 'Anita Q. Perez'] as const;
const VERBATIM = 'The parcel stood in the rain for hours';
const LIKING = 'Travels in Patagonia';
/** Free text is due on day 34, names on day 64. */
const history = () => [
  registered('ana', NAMES[0]),
  registered('anita', NAMES[1]),
  merged('ana', 'anita', 2),
  survey('ana', 3, VERBATIM),
  preference('anita', 4, LIKING),
];

const steps = [
  ['before any key is destroyed', 'erase', 'before'],
  ['when the keys are destroyed and the event is not there', 'erase', 'after'],
  ['when the event is there and the copies are', 'forgetPersonalData', 'before'],
  ['when the customer is folded and the files are not cleared', 'forgetPersonalData', 'after'],
  ['when the files are cleared and nobody has noted it', 'finish', 'before'],
  ['when it is over', 'finish', 'after'],
] as const;

describe('an expiry that is killed', () => {
  let given: GivenAfecto;
  beforeEach(async () => {
    given = givenAfecto(30);
    const afecto = await given.open();
    await given.accept(afecto, history());
    await keepFor(afecto, { contentDays: 30, identityDays: 60 });
    await afecto.close();
  });
  afterEach(() => given.remove());

  /** The next start, and its run at the same boundary or a later one. */
  const goneOnWith = async (days: number) => {
    given.clock(days);
    const afecto = await given.open();
    await afecto.expiries.expire(onDay(days));
    while (afecto.store.keys.pendingErasures().length > 0) await pause(5);
    const told: unknown[] = [];
    for await (const page of afecto.store.readAll({ types: ['PersonalDataErased'] }))
      told.push(...page.map(({ data }) => [Object(data)['partyId'], Object(data)['classes'] ?? 'all']));
    const profile = await afecto.answers.profile('ana');
    const surveys = await afecto.answers.timeline('ana', { limit: 9, type: 'SurveyAnswered' });
    const name = profile?.identity.displayName ?? null;
    await afecto.close();
    return { told, name, verbatim: Object(surveys?.items[0]?.data)['verbatim'] as unknown };
  };

  const ofContent = [
    ['ana', ['content']],
    ['anita', ['content']],
  ];

  it.each(steps)(
    '%s ends as one that is not: names without free text, and in the end neither',
    async (_, step, moment) => {
      await killedAt(given, onDay(40), step, moment, 'expired');
      expect(await goneOnWith(41)).toEqual({ told: ofContent, name: NAMES[0], verbatim: ERASED });
      expect(await lyingAround(given, [VERBATIM, LIKING, NAMES[0]])).toEqual([NAMES[0]]);
      await killedAt(given, onDay(64), step, moment, 'expired');
      const all = ['ana', 'anita'].map((partyId) => [partyId, 'all']);
      expect(await goneOnWith(65)).toEqual({ told: [...ofContent, ...all], name: null, verbatim: ERASED });
      expect(await lyingAround(given, [VERBATIM, LIKING, ...NAMES])).toEqual([]);
    },
  );
});
