import { openSqliteReadModels, type OutgoingEvent, type ReadModels } from '@afecto/read-models';
import { DAY_MS, defaultConfiguration, toIso } from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import fc from 'fast-check';
import { ordered, said } from '../tally/given-customers';
import { ProjectionEngine } from './engine';
import {
  built,
  followed,
  histories,
  linesOf,
  logOf,
  newFile,
  NOW,
  type Pace,
  paces,
  right,
  steps,
} from './testing/given-log';
import { poisonedHistories, sightOf } from './testing/poison';
import { seenLog } from './testing/seen-log';

class Crash extends Error {}

/** Read models of which the nth commit is the last one, done or not done. */
const crashingAt = (readModels: ReadModels, nth: number, moment: 'before' | 'after'): ReadModels => {
  let commits = 0;
  return {
    ...readModels,
    commit: async (batch) => {
      commits += 1;
      if (commits === nth && moment === 'before') throw new Crash();
      await readModels.commit(batch);
      if (commits === nth) throw new Crash();
    },
  };
};

/**
 * What is announced, in order for each customer: nothing is promised about the order between customers,
 * and a step that is done again may take them in another one.
 */
const told = async (readModels: ReadModels): Promise<ReadonlyArray<ReadonlyArray<OutgoingEvent>>> =>
  [...Map.groupBy(await readModels.outgoing(1_000_000), ({ streamId }) => streamId)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, events]) => events);

/** Follows a log step by step; false when it came to a crash. */
const follow = async (store: EventStore, readModels: ReadModels, pace: Pace): Promise<boolean> => {
  try {
    const engine = await ProjectionEngine.over(readModels, store);
    for (const { events, now } of await steps(store, pace)) await engine.apply(events, now);
    await engine.advanceTo(NOW);
    return true;
  } catch (error) {
    if (error instanceof Crash) return false;
    throw error;
  }
};

/**
 * Stops projections that follow a log before and after each of their commits, and starts them again: they
 * end with the rows of a rebuild and the notifications of a run without a stop. Resolves to the number of
 * stops; closes the log.
 */
const stoppedEverywhere = async (store: EventStore, pace: Pace): Promise<number> => {
  let crashes = 0;
  const [through, rebuilt] = [await followed(store, pace), await built(store)];
  const lines = await linesOf(rebuilt);
  expect(await linesOf(through)).toEqual(lines);
  for (const moment of ['before', 'after'] as const)
    for (let nth = 1; ; nth++) {
      const file = newFile();
      const stopped = right(openSqliteReadModels(file));
      const ended = await follow(store, crashingAt(stopped, nth, moment), pace);
      await stopped.close();
      const again = right(openSqliteReadModels(file));
      expect(await follow(store, again, pace)).toBe(true);
      expect(await linesOf(again)).toEqual(lines);
      expect(await told(again)).toEqual(await told(through));
      await again.close();
      if (ended) break;
      crashes += 1;
    }
  for (const { close } of [store, through, rebuilt]) await close();
  return crashes;
};

describe('projections that are stopped between any two steps', () => {
  it('end, started again, with the rows of a rebuild and the notifications of a run without a stop', async () => {
    let crashes = 0;
    await fc.assert(
      fc.asyncProperty(poisonedHistories(histories(16)), paces, async ({ facts, poisoned }, pace) => {
        crashes += await stoppedEverywhere(seenLog(await logOf(facts), sightOf(poisoned)), pace);
      }),
      { numRuns: 14 },
    );
    expect(crashes).toBeGreaterThan(10);
  });

  // A policy makes everyone due, and customers are evaluated in commits of their own. What a stop between
  // them left due was evaluated at the next instant, when an order dated ahead counted too: what was told
  // of the change then had another id.
  it('end what a policy made due at the instant at which it came', async () => {
    const policy = {
      ...defaultConfiguration,
      version: 2,
      loyalty: {
        ...defaultConfiguration.loyalty,
        zones: { ...defaultConfiguration.loyalty.zones, defectionBelow: 60, affectionFrom: 90 },
      },
    };
    const facts = [
      said('SurveyAnswered', 60, {
        surveyId: 's1',
        partyId: 'p1',
        instrument: 'csat_relationship',
        score: 3,
        scaleMin: 1,
        scaleMax: 5,
      }),
      ordered('p1', 5, 'o1'),
      said('ConfigurationActivated', 90, { version: 2, effectiveFrom: toIso(NOW - 90 * DAY_MS), config: policy }),
    ];
    expect(await stoppedEverywhere(await logOf(facts), { sizes: [2, 1], clocks: [14] })).toBeGreaterThan(3);
  });

  // What is in memory is read anew after a failure, the world last. A question that came in between was answered,
  // and its fold kept, by the merge of a step that had come to nothing.
  it('fold by what is committed when a question comes while they take up the read models again', async () => {
    const store = await logOf([
      ordered('p1', 50, 'o1'),
      ordered('p2', 40, 'o2'),
      said('PartiesMerged', 30, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' }),
    ]);
    const readModels = right(openSqliteReadModels(newFile()));
    let failing = false;
    let asked = 0;
    const engine = await ProjectionEngine.over(
      {
        ...readModels,
        announcementsOf: async (partyIds) => {
          if (failing) throw new Crash();
          return readModels.announcementsOf(partyIds);
        },
        worldFacts: async () => {
          if (failing) {
            asked += 1;
            await engine.foldOf('p1');
          }
          return readModels.worldFacts();
        },
      },
      store,
    );
    const [before, step] = await steps(store, { sizes: [2], clocks: [0] });
    if (before === undefined || step === undefined) throw new Error('the log has three events');
    await engine.apply(before.events, before.now);
    failing = true;
    await expect(engine.apply(step.events, step.now)).rejects.toThrow(Crash);
    expect(asked).toBe(1);
    expect([...((await engine.foldOf('p1'))?.evidence.members ?? [])]).toEqual(['p1']);
    for (const { close } of [store, readModels]) await close();
  });

  // The last commit of `advanceTo` once left its instant in memory when it failed: the next call found
  // nothing to do, and the checkpoint stayed behind.
  it('that go on after a failed commit do so as if it had not failed', async () => {
    await fc.assert(
      fc.asyncProperty(
        poisonedHistories(histories(30)),
        paces,
        fc.nat({ max: 20 }),
        async ({ facts, poisoned }, pace, nth) => {
          const store = seenLog(await logOf(facts), sightOf(poisoned));
          const through = await followed(store, pace);
          const readModels = right(openSqliteReadModels(newFile()));
          const engine = await ProjectionEngine.over(
            crashingAt(readModels, nth + 1, nth % 2 === 0 ? 'before' : 'after'),
            store,
          );
          const insisting = async (step: () => Promise<void>): Promise<void> => {
            try {
              await step();
            } catch (error) {
              if (!(error instanceof Crash)) throw error;
              await step();
            }
          };
          for (const { events, now } of await steps(store, pace)) await insisting(() => engine.apply(events, now));
          await insisting(() => engine.advanceTo(NOW));
          expect(await linesOf(readModels)).toEqual(await linesOf(through));
          expect(await told(readModels)).toEqual(await told(through));
          for (const { close } of [store, through, readModels]) await close();
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a service that was down while time went on', () => {
  it('tells and has afterwards what one tells and has that was up all the time', async () => {
    let notifications = 0;
    await fc.assert(
      fc.asyncProperty(
        poisonedHistories(histories(40)),
        fc.integer({ min: 1, max: 500 }),
        fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 4 }),
        async ({ facts, poisoned }, daysDown, ticks) => {
          const stoppedAt = NOW - daysDown * DAY_MS;
          const known = facts.filter(({ occurredAt }) => occurredAt <= stoppedAt);
          const store = seenLog(await logOf(known), sightOf(poisoned));
          const pace: Pace = { sizes: [5], clocks: [daysDown] };
          const [up, down] = [right(openSqliteReadModels(':memory:')), right(openSqliteReadModels(newFile()))];
          for (const readModels of [up, down]) {
            const engine = await ProjectionEngine.over(readModels, store);
            for (const { events, now } of await steps(store, pace)) await engine.apply(events, now);
            await engine.advanceTo(stoppedAt);
          }
          const before = (await told(up)).flat().length;
          const running = await ProjectionEngine.over(up, store);
          for (let at = stoppedAt, step = 0; at < NOW; step++) {
            at = Math.min(NOW, at + (ticks[step % ticks.length] ?? 1) * DAY_MS);
            await running.advanceTo(at);
          }
          await (await ProjectionEngine.over(down, store)).advanceTo(NOW);
          expect(await linesOf(down)).toEqual(await linesOf(up));
          // One step over all that time tells in the order of what happened, many steps in that of noticing.
          const byId = (a: OutgoingEvent, b: OutgoingEvent): number => (a.event.id < b.event.id ? -1 : 1);
          expect((await told(down)).flat().toSorted(byId)).toEqual((await told(up)).flat().toSorted(byId));
          notifications += (await told(down)).flat().length - before;
          for (const { close } of [store, up, down]) await close();
        },
      ),
      { numRuns: 100 },
    );
    expect(notifications).toBeGreaterThan(0);
  });
});
