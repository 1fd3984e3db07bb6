import { setImmediate as nextTurn } from 'node:timers/promises';
import { ERASED } from '@afecto/domain';
import type { Afecto } from '../system/open';
import { type GivenAfecto, givenAfecto, onDay, right } from '../testing/given-afecto';
import { keepFor, lyingAround, merged, registered, survey } from '../testing/given-retention';
import { createExpiries, type ExpiryRun, type ExpirySources } from './expiries';

/*
 * Who is due was looked up in the read models, and then keys were destroyed. A fact that came in between, or that
 * was in the log and not in the read models yet, was sealed under the key that went: what somebody had said
 * after the expiry read as erased.
 */
const NAME = 'Ana Pérez Quintanilla';
const VERBATIM = 'The parcel stood in the rain for hours';
const AGAIN = 'This time it came with a smile';
const NOBODY = { content: 0, identity: 0, waiting: 0 };

let given: GivenAfecto;
let afecto: Afecto;
beforeEach(async () => {
  given = givenAfecto(40.02);
  afecto = await given.open();
  await given.accept(afecto, [
    registered('ana', NAME),
    registered('anita', 'Anita'),
    merged('ana', 'anita', 2),
    survey('ana', 3, VERBATIM),
  ]);
});
afterEach(async () => {
  await afecto.close();
  given.remove();
});

/** The run of day 40 with something that happens in it. */
const expireWith = async (own: (sources: ExpirySources) => Partial<ExpirySources>): Promise<ExpiryRun> => {
  const { store, readModels, projections, settings } = afecto;
  const sources: ExpirySources = {
    store,
    readModels,
    engine: projections.engine,
    // The erasures that are running here finish what is begun.
    erasures: { remember: async () => () => undefined, finishTogether: (run) => run((begin) => begin()) },
    upToDate: async () => {
      await projections.waitFor(await store.head(), 10_000);
    },
    now: settings.now,
  };
  const run = await createExpiries({ ...sources, ...own(sources) }).expire(onDay(40));
  while (store.keys.pendingErasures().length > 0) await nextTurn();
  return run;
};
const verbatims = async (): Promise<ReadonlyArray<unknown>> =>
  ((await afecto.answers.timeline('ana', { limit: 50, type: 'SurveyAnswered' }))?.items ?? []).map(
    ({ data }) => Object(data)['verbatim'] as unknown,
  );

describe('free text that is said', () => {
  beforeEach(() => keepFor(afecto, { contentDays: 30, identityDays: 60 }));

  it('after the last look at what has expired and before its key is destroyed is kept under a new key', async () => {
    let came: ReturnType<Afecto['intake']['accept']> | null = null;
    const run = await expireWith(({ readModels }) => ({
      readModels: {
        ...readModels,
        newestFacts: async (members, range) => {
          const known = await readModels.newestFacts(members, range);
          came ??= afecto.intake.accept([survey('anita', 40.01, AGAIN)]);
          for (let turn = 0; turn < 50; turn++) await nextTurn();
          return known;
        },
      },
    }));
    expect(run).toEqual({ content: 1, identity: 0, waiting: 0 });
    const accepted = right(await (came ?? afecto.intake.accept([])));
    await afecto.projections.waitFor(accepted.position, 10_000);
    expect(accepted).toMatchObject({ accepted: 1, rejected: [] });
    expect(await verbatims()).toEqual([AGAIN, ERASED]);
    expect(await lyingAround(given, [VERBATIM])).toEqual([]);
  });
});

describe('of whom something is in the log that is not in the read models', () => {
  /** Facts come when it is known who is due, and projections stand still until they are waited for. */
  const expireAfter = async (fact: object): Promise<ExpiryRun> => {
    const [held, standing] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const { engine } = afecto.projections;
    let isStanding = false;
    return expireWith(({ readModels, upToDate }) => ({
      readModels: {
        ...readModels,
        expiringCustomers: async (at, page) => {
          const found = await readModels.expiringCustomers(at, page);
          if (isStanding) return found;
          isStanding = true;
          void engine.exclusively(() => {
            standing.resolve();
            return held.promise;
          });
          await standing.promise;
          right(await afecto.intake.accept([fact]));
          return found;
        },
      },
      upToDate: async () => {
        if (isStanding) held.resolve();
        await upToDate();
      },
      erasures: {
        remember: async () => () => undefined,
        finishTogether: (run) => run((begin) => begin().finally(held.resolve)),
      },
    }));
  };

  it('who spoke after the expiry is not due, and nothing is lost', async () => {
    await keepFor(afecto, { contentDays: 30, identityDays: 60 });
    expect(await expireAfter(survey('anita', 40.01, AGAIN))).toEqual(NOBODY);
    expect(await verbatims()).toEqual([AGAIN, VERBATIM]);
    given.clock(71);
    expect(await afecto.expiries.expire(onDay(71))).toMatchObject({ content: 1 });
    expect(await verbatims()).toEqual([ERASED, ERASED]);
  });

  it('who spoke before it is not due, and nothing is lost', async () => {
    await keepFor(afecto, { contentDays: 30, identityDays: 60 });
    expect(await expireAfter(survey('anita', 39, AGAIN))).toEqual(NOBODY);
    expect(await verbatims()).toEqual([AGAIN, VERBATIM]);
  });

  it('keeps the name too that was due', async () => {
    await keepFor(afecto, { contentDays: 20, identityDays: 30 });
    expect(await expireAfter(survey('anita', 40.01, AGAIN))).toEqual(NOBODY);
    expect(await afecto.answers.profile('ana')).toMatchObject({ identity: { displayName: NAME } });
  });

  it('waits when somebody was merged into it', async () => {
    await given.accept(afecto, [registered('bea', 'Bea')]);
    await keepFor(afecto, { contentDays: 30, identityDays: 60 });
    expect(await expireAfter(merged('ana', 'bea', 5))).toMatchObject({ content: 0, waiting: 1 });
    expect(await afecto.expiries.expire(onDay(40))).toMatchObject({ content: 1, waiting: 0 });
    expect(await verbatims()).toEqual([ERASED]);
  });
});
