import { ERASED } from '@afecto/domain';
import fc from 'fast-check';
import type { Afecto } from '../system/open';
import { prepareSuccessor } from '../system/successor';
import { cloudEvent, type GivenAfecto, givenAfecto, onDay, order, right } from '../testing/given-afecto';
import { keepFor, lyingAround, merged, preference, registered, rowsOf, survey } from '../testing/given-retention';

const NAME = 'Ana Pérez Quintanilla';
const VERBATIM = 'The parcel stood in the rain for hours';
const LIKING = 'Travels in Patagonia';
const AGAIN = 'This time it came with a smile';

const history = [
  registered('ana', NAME),
  registered('anita', 'Anita P. Quintanilla'),
  registered('bea', 'Bea Robles'),
  merged('ana', 'anita', 2),
  survey('ana', 3, VERBATIM),
  preference('anita', 4, LIKING),
  survey('bea', 39, 'All was well'),
];
const PERIODS = { contentDays: 30, identityDays: 60 };

let given: GivenAfecto;
let afecto: Afecto;
beforeEach(async () => {
  given = givenAfecto(40);
  afecto = await given.open();
});
afterEach(async () => {
  await afecto.close();
  given.remove();
});

const expire = (days: number) => {
  given.clock(days);
  return afecto.expiries.expire(onDay(days));
};
const verbatims = async (partyId: string): Promise<ReadonlyArray<unknown>> =>
  ((await afecto.answers.timeline(partyId, { limit: 50, type: 'SurveyAnswered' }))?.items ?? []).map(
    ({ data }) => Object(data)['verbatim'] as unknown,
  );
const dueOn = async (days: number) => {
  given.clock(Math.max(40, days));
  const due: unknown[] = [];
  for await (const { partyId, class: personalClass, expiresAt } of afecto.expiries.due(onDay(days)))
    due.push([partyId, personalClass, (expiresAt - onDay(0)) / 86_400_000]);
  return due;
};
const erasures = async (): Promise<ReadonlyArray<unknown>> => {
  const told: unknown[] = [];
  for await (const page of afecto.store.readAll({ types: ['PersonalDataErased'] }))
    told.push(...page.map(({ data }) => data));
  return told;
};
const rebuiltIsEqual = async (): Promise<void> => {
  expect(right(await prepareSuccessor(afecto.store, afecto.settings))?.comparison).toMatchObject({ equal: true });
};

describe('personal data whose period is over', () => {
  // coverage: 57
  it('lose their free text first, and their names with all that is left later', async () => {
    await given.accept(afecto, history);
    await keepFor(afecto, PERIODS);
    await afecto.intake.accept([{ ...survey('anita', 5, VERBATIM), time: 'never' }]);
    expect(await dueOn(33.9)).toEqual([]);
    expect(await dueOn(40)).toEqual([['ana', 'content', 34]]);

    expect(await expire(40)).toEqual({ content: 1, identity: 0, waiting: 0 });
    expect(await erasures()).toEqual(
      ['ana', 'anita'].map((partyId) => ({
        partyId,
        keyIds: [expect.any(String)],
        basis: 'retention_period',
        classes: ['content'],
      })),
    );
    expect(await lyingAround(given, [VERBATIM, LIKING])).toEqual([]);
    expect(await verbatims('ana')).toEqual([ERASED]);
    expect(await afecto.answers.profile('ana')).toMatchObject({
      erased: false,
      identity: { displayName: NAME },
      preferences: [{ key: 'reading', value: '' }],
    });
    expect(afecto.quarantine.count()).toBe(0);
    expect(await verbatims('bea')).toEqual(['All was well']);
    await rebuiltIsEqual();

    expect(await dueOn(63.9)).toEqual([]);
    expect(await expire(64)).toEqual({ content: 0, identity: 1, waiting: 0 });
    expect((await erasures()).slice(2)).toEqual(
      ['ana', 'anita'].map((partyId) => ({
        partyId,
        keyIds: [expect.any(String), expect.any(String)],
        basis: 'retention_period',
      })),
    );
    expect(await lyingAround(given, [VERBATIM, LIKING, NAME, 'Anita P. Quintanilla'])).toEqual([]);
    expect(await afecto.answers.profile('ana')).toMatchObject({ erased: true, identity: { displayName: null } });
    expect(await afecto.answers.profile('bea')).toMatchObject({ identity: { displayName: 'Bea Robles' } });
    await rebuiltIsEqual();
    expect(await expire(65)).toEqual({ content: 0, identity: 0, waiting: 0 });
  });

  it('are kept when nobody says for how long', async () => {
    await given.accept(afecto, history);
    given.clock(30_000);
    expect(await afecto.expiries.expire(onDay(30_000))).toEqual({ content: 0, identity: 0, waiting: 0 });
    expect(await verbatims('ana')).toEqual([VERBATIM]);
  });

  it('are kept under legal hold and while something is owed, until that ends', async () => {
    await given.accept(afecto, [...history, order('o1', 5, 'ana')]);
    await keepFor(afecto, PERIODS);
    expect(await dueOn(200)).toEqual([['bea', 'identity', 99]]);
    await given.accept(afecto, [
      cloudEvent('OrderFulfilled', 6, 'ana', {
        orderId: 'o1',
        deliveredAt: '2026-01-07T00:00:00.000Z',
        complete: true,
      }),
    ]);
    expect(await dueOn(65)).toEqual([['ana', 'content', 36]]);
    await keepFor(afecto, PERIODS, ['anita']);
    expect(await dueOn(200)).toEqual([['bea', 'identity', 99]]);
  });

  it('wait when a fact is dated ahead of the boundary', async () => {
    await given.accept(afecto, history);
    await keepFor(afecto, PERIODS);
    await given.accept(afecto, [order('o2', 40.003, 'anita')]);
    expect(await expire(40)).toEqual({ content: 0, identity: 0, waiting: 1 });
    expect(await verbatims('ana')).toEqual([VERBATIM]);
  });

  it('are no answer to what is not over yet', async () => {
    await expect(afecto.expiries.expire(onDay(41))).rejects.toThrow('not over yet');
  });
});

describe('free text about somebody whose free text has expired', () => {
  beforeEach(async () => {
    await given.accept(afecto, history);
    await keepFor(afecto, PERIODS);
    await expire(40);
  });

  it('is kept under a new key when it was said afterwards, and ends in its turn', async () => {
    given.clock(42);
    await given.accept(afecto, [survey('ana', 41, AGAIN)]);
    expect(await verbatims('ana')).toEqual([AGAIN, ERASED]);
    await rebuiltIsEqual();
    await afecto.close();
    afecto = await given.open();
    expect(await verbatims('ana')).toEqual([AGAIN, ERASED]);
    expect(await dueOn(68.9)).toEqual([]);
    expect(await dueOn(71)).toEqual([
      ['bea', 'content', 69],
      ['ana', 'content', 71],
    ]);
    expect(await expire(71)).toMatchObject({ content: 2 });
    expect(await verbatims('ana')).toEqual([ERASED, ERASED]);
  });

  it('is erased as it arrives when it was said before', async () => {
    await given.accept(afecto, [survey('anita', 35, AGAIN)]);
    expect(await lyingAround(given, [AGAIN])).toEqual([]);
    expect(await verbatims('ana')).toEqual([ERASED, ERASED]);
    await rebuiltIsEqual();
  });

  it('is the duplicate that it is when it is sent again, and takes nothing that was said since', async () => {
    given.clock(42);
    await given.accept(afecto, [survey('ana', 41, AGAIN)]);
    const said = right(await afecto.intake.accept([history[4] ?? {}]));
    expect(said).toMatchObject({ duplicates: 1, accepted: 0 });
    const told = cloudEvent('PersonalDataErased', 41.5, 'bea', {
      partyId: 'bea',
      keyIds: ['elsewhere'],
      basis: 'retention_period',
      classes: ['content'],
    });
    await given.accept(afecto, [told, survey('bea', 41.8, 'And again')]);
    await given.accept(afecto, [told]);
    while (afecto.store.keys.pendingErasures().length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await verbatims('bea')).toEqual(['And again', ERASED]);
    expect(await verbatims('ana')).toEqual([AGAIN, ERASED]);
    expect(await afecto.answers.profile('bea')).toMatchObject({ identity: { displayName: 'Bea Robles' } });
  });
});

describe('any history under any periods', () => {
  it('never loses free text before its time nor names before free text, and rebuilds to the same rows', async () => {
    const said = fc.record({ party: fc.constantFrom('p0', 'p1', 'p2'), day: fc.integer({ min: 1, max: 90 }) });
    const length = fc.integer({ min: 1, max: 60 });
    let run = 0;
    let [shredded, forgotten] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.array(said, { minLength: 1, maxLength: 6 }),
        fc.tuple(length, length),
        fc.boolean(),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
        async (texts, [one, other], areMerged, strides) => {
          const periods = { contentDays: Math.min(one, other), identityDays: Math.max(one, other) };
          const own = givenAfecto(90);
          const running = await own.open();
          try {
            const names = ['p0', 'p1', 'p2'].map((partyId) => registered(partyId, `Name of ${partyId} ${run}`));
            const surveys = texts.map(({ party, day }, index) => survey(party, day, `Words ${run} ${index}`));
            await own.accept(running, [...names, ...(areMerged ? [merged('p0', 'p1', 1)] : []), ...surveys]);
            await keepFor(running, periods);
            let today = 90;
            for (const stride of strides) {
              today += stride;
              own.clock(today);
              await running.expiries.expire(onDay(today));
              for (const partyId of ['p0', 'p1', 'p2']) {
                const customer = areMerged && partyId === 'p1' ? 'p0' : partyId;
                const theirs = texts.filter(({ party }) => (areMerged && party === 'p1' ? 'p0' : party) === customer);
                const last = Math.max(1, ...theirs.map(({ day }) => day));
                const isNamed = last + periods.identityDays > today;
                const isHeard = last + periods.contentDays > today;
                const profile = await running.answers.profile(partyId);
                expect(profile?.identity.displayName ?? null).toBe(isNamed ? `Name of ${customer} ${run}` : null);
                const items =
                  (await running.answers.timeline(partyId, { limit: 50, type: 'SurveyAnswered' }))?.items ?? [];
                expect(items).toHaveLength(theirs.length);
                const readable = items.filter(({ data }) => typeof Object(data)['verbatim'] === 'string').length;
                expect(readable).toBe(isHeard ? theirs.length : 0);
                if (!isHeard) shredded += 1;
                if (!isNamed) forgotten += 1;
              }
            }
            const live = await rowsOf(running);
            const prepared = right(await prepareSuccessor(running.store, running.settings));
            expect(prepared?.comparison).toMatchObject({ equal: true });
            expect(live.length).toBeGreaterThan(0);
          } finally {
            await running.close();
            own.remove();
            run += 1;
          }
        },
      ),
      { numRuns: 8 },
    );
    expect([shredded > 0, forgotten > 0]).toEqual([true, true]);
  });
});
