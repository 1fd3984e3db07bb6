import { setImmediate as nextTurn } from 'node:timers/promises';
import { toIso } from '@afecto/domain';
import { ProjectionEngine } from '@afecto/projections';
import { openSqliteReadModels, type ReadModels, replaceable } from '@afecto/read-models';
import { OpenWork } from '../commands/open-work';
import { cloudEvent, givenAfecto, onDay, order, right } from '../testing/given-afecto';
import { createAnswers } from './answers';

/** Read models that leave others a turn before they answer: what reads them reads beside all that is committed. */
const unhurried = (readModels: ReadModels): ReadModels => ({
  ...readModels,
  claimCounts: async () => {
    await nextTurn();
    return readModels.claimCounts();
  },
});

/**
 * The figures of a queue are put together from what is open and what is closed. An item that was closed between
 * the two readings was in neither, or in both: a queue had fewer entries than a moment before.
 */
describe('an answer about everybody', () => {
  it('is of one moment of the projections, however much is committed while it is read', async () => {
    const given = givenAfecto(10);
    const afecto = await given.open();
    const complaints = Array.from({ length: 120 }, (_, index) => `c${index}`);
    const about = (complaintId: string, type: string, day: number, data: object): object =>
      cloudEvent(type, day, `party-${complaintId}`, { complaintId, ...data });
    const closed = { decision: 'upheld', rootCause: 'billing', immediate: false, resolvedAt: toIso(onDay(2)) };
    await given.accept(afecto, [
      ...complaints.map((complaintId) =>
        about(complaintId, 'ComplaintReceived', 1, {
          partyId: `party-${complaintId}`,
          channel: 'phone',
          category: 'billing',
          severity: 3,
        }),
      ),
      ...complaints.map((complaintId) => about(complaintId, 'ComplaintResolved', 2, closed)),
      ...complaints.map((complaintId) => about(complaintId, 'ComplaintFollowedUp', 3, { attempt: 1, verdict: 5 })),
    ]);

    const readModels = replaceable(right(openSqliteReadModels(':memory:')));
    const openWork = new OpenWork(readModels);
    const { store, settings } = afecto;
    const { now } = settings;
    const engine = await ProjectionEngine.over(readModels, store);
    const answers = createAnswers({ engine, readModels: unhurried(readModels), store, openWork, now });
    const seen: { readonly entered: number; readonly closed: number }[] = [];
    let isOver = false;
    const asking = (async () => {
      while (!isOver)
        for (const { queue, entered, closed } of await answers.queueKpis())
          if (queue === 'Q1') seen.push({ entered, closed });
    })();
    for await (const events of store.readAll({ pageSize: 3 })) {
      await engine.apply(events, now());
      await nextTurn();
    }
    isOver = true;
    await asking;

    expect(seen.at(-1)).toEqual({ entered: complaints.length, closed: complaints.length });
    const part = seen.filter(({ closed }) => closed > 0 && closed < complaints.length);
    expect(part.length).toBeGreaterThan(5);
    expect(new Set(part.map(({ entered }) => entered))).toEqual(new Set([complaints.length]));
    await readModels.close();
    await afecto.close();
    given.remove();
  });
});

/**
 * What was decided about a customer was taken first, and the facts behind it some turns of the promise queue
 * later: the engine, which had a fact more by then, was heard of in one half of a profile.
 */
describe('an answer about one customer', () => {
  it('is of one moment, whenever its next fact is folded', async () => {
    const given = givenAfecto(400);
    const afecto = await given.open();
    const days = Array.from({ length: 80 }, (_, index) => index * 4);
    await given.accept(
      afecto,
      days.map((day) => order(`o${day}`, day, 'ana', 1_000 + day)),
    );
    const readModels = right(openSqliteReadModels(':memory:'));
    const { store, settings } = afecto;
    const { now } = settings;
    const engine = await ProjectionEngine.over(readModels, store);
    const openWork = new OpenWork(replaceable(readModels));
    const answers = createAnswers({ engine, readModels, store, openWork, now });
    const whole = new Set<string>();
    const between: string[] = [];
    let turns = 0;
    for await (const events of store.readAll({ pageSize: 1 })) {
      const applied = engine.apply(events, now());
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      between.push(JSON.stringify(await answers.profile('ana')));
      await applied;
      whole.add(JSON.stringify(await answers.profile('ana')));
      turns += 1;
    }
    expect(between.filter((profile) => profile !== 'null' && !whole.has(profile))).toEqual([]);
    expect(whole.size).toBeGreaterThanOrEqual(days.length);
    await readModels.close();
    await afecto.close();
    given.remove();
  });
});
