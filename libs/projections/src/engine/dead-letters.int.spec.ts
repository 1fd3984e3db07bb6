import type { ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import { ProjectionEngine } from './engine';
import { built, followed, histories, linesOf, logOf, NOW, paces } from './testing/given-log';
import { concernedBy, poisonedHistories, sightOf, without } from './testing/poison';
import { seenLog } from './testing/seen-log';

/** What is decided of everybody else: rows and items of other parties, and what belongs to no party. */
const ofOthers = async (readModels: ReadModels, concerned: ReadonlySet<string>): Promise<ReadonlyArray<string>> =>
  (await linesOf(readModels, 'decisions')).filter((line) => {
    const [table = ''] = line.split(' ', 1);
    const row: ReadonlyArray<unknown> = JSON.parse(line.slice(table.length + 1));
    // Sums over all customers have the concerned in them.
    if (table === 'dead_letter' || table === 'tally' || table === 'tally_block') return false;
    const party = table === 'customer' || table === 'contribution' ? row[0] : table === 'work_item' ? row[1] : null;
    return !concerned.has(String(party));
  });

/**
 * One event that this program could not read, or one fact with which a rule threw, made every step that
 * met it fail, and a step is repeated until it succeeds: no projection of anybody ever went on.
 */
describe('poison in the log', () => {
  it('holds back live whom it holds back in a build, byte for byte, in any batching and any parts', async () => {
    const held = { unreadable: 0, failing: 0 };
    await fc.assert(
      fc.asyncProperty(
        poisonedHistories(histories(50)),
        paces,
        fc.integer({ min: 1, max: 20 }),
        async ({ facts, poisoned }, pace, eventsAPart) => {
          const store = seenLog(await logOf(facts), sightOf(poisoned));
          const [live, rebuilt] = [await followed(store, pace), await built(store, { eventsAPart })];
          for (const { reason } of await live.deadLetters()) held[reason] += 1;
          expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
          for (const { close } of [store, live, rebuilt]) await close();
        },
      ),
      { numRuns: 80 },
    );
    expect(held.unreadable).toBeGreaterThan(10);
    expect(held.failing).toBeGreaterThan(0);
  });

  it('changes nothing for anybody else', async () => {
    let others = 0;
    await fc.assert(
      fc.asyncProperty(poisonedHistories(histories(50)), paces, async ({ facts, poisoned }, pace) => {
        const log = await logOf(facts);
        const live = await followed(seenLog(log, sightOf(poisoned)), pace);
        const clean = await built(seenLog(log, without(poisoned)));
        const concerned = concernedBy(facts, poisoned);
        const lines = await ofOthers(live, concerned);
        others += lines.filter((line) => line.startsWith('customer')).length;
        expect(lines).toEqual(await ofOthers(clean, concerned));
        for (const { close } of [log, live, clean]) await close();
      }),
      { numRuns: 80 },
    );
    expect(others).toBeGreaterThan(10);
  });

  it('that a later program can read is taken in by a replay, and all is as if it had never been', async () => {
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(poisonedHistories(histories(50)), paces, async ({ facts, poisoned }, pace) => {
        const log = await logOf(facts);
        const live = await followed(seenLog(log, sightOf(poisoned)), pace);
        const learned = await ProjectionEngine.over(live, log);
        const replayed = await learned.replay(null, NOW);
        tried += replayed.tried.length;
        expect(replayed.left).toEqual([]);
        const clean = await built(log);
        expect(await linesOf(live)).toEqual(await linesOf(clean));
        for (const { close } of [log, live, clean]) await close();
      }),
      { numRuns: 80 },
    );
    expect(tried).toBeGreaterThan(40);
  });

  it('that is no better by then is a dead letter again, tried once more often, and nothing else changes', async () => {
    await fc.assert(
      fc.asyncProperty(poisonedHistories(histories(50)), paces, async ({ facts, poisoned }, pace) => {
        const store = seenLog(await logOf(facts), sightOf(poisoned));
        const live = await followed(store, pace);
        const [lines, letters] = [await linesOf(live), await live.deadLetters()];
        await (await ProjectionEngine.over(live, store)).replay(null, NOW);
        expect(await linesOf(live)).toEqual(lines);
        expect(await live.deadLetters()).toEqual(
          letters.map((letter) => ({ ...letter, attempts: letter.attempts + 1 })),
        );
        for (const { close } of [store, live]) await close();
      }),
      { numRuns: 40 },
    );
  });
});
