import { compareFacts, DAY_MS } from '@afecto/domain';
import type { ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { ordered, said } from '../tally/given-customers';
import { build } from './build';
import { ProjectionEngine } from './engine';
import { FoldCache } from './fold-cache';
import { built, eventsOf, followed, historiesOf, inMemory, linesOf, logOf, NOW, paces } from './testing/given-log';

/**
 * The claims about today's customers that stand after all notifications, those taken back left out. An
 * item that never should have been is none.
 */
const standingClaims = async (
  readModels: ReadModels,
): Promise<{ readonly claims: ReadonlyArray<string>; readonly takenBack: number }> => {
  const standing = new Map<string, string>();
  const ids = new Set<string>();
  let takenBack = 0;
  for (const { event } of await readModels.outgoing(100_000)) {
    const { claim, supersedes = [] } = event.metadata;
    expect(ids.has(event.id)).toBe(false);
    ids.add(event.id);
    for (const wrong of Array.isArray(supersedes) ? supersedes : []) if (standing.delete(String(wrong))) takenBack += 1;
    const { data } = event;
    const undone = typeof data === 'object' && data !== null && 'closedBy' in data && data.closedBy === 'undone';
    const [partyId] = Array.isArray(event.metadata['subjects']) ? event.metadata['subjects'] : [];
    if ((await readModels.customer(String(partyId))) === null) continue;
    if (!undone) standing.set(String(claim), `${event.type} ${String(claim)}`);
  }
  return { claims: [...standing.values()].toSorted(), takenBack };
};

describe('the projection engine', () => {
  it('gives byte-identical decisions for any order and any batching of the same facts', async () => {
    await fc.assert(
      fc.asyncProperty(
        historiesOf(40).chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts], { minLength: facts.length })),
        ),
        paces,
        paces,
        async ([facts, shuffled], { sizes }, pace) => {
          const [first, second] = [await logOf(facts), await logOf(shuffled)];
          const [one, other] = [await followed(first, { sizes, clocks: [0] }), await followed(second, pace)];
          expect(await linesOf(other, 'decisions')).toEqual(await linesOf(one, 'decisions'));
          for (const store of [first, second]) await store.close();
          for (const readModels of [one, other]) await readModels.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    ['one customer, and the others packed', 1e6],
    ['one customer', 0],
  ])('gives the same rows and tells the same when it remembers no more than %s', async (_memory, bytes) => {
    await fc.assert(
      fc.asyncProperty(historiesOf(40), paces, async (facts, pace) => {
        const store = await logOf(facts.toSorted(compareFacts));
        const [one, other] = [await followed(store, pace), await followed(store, pace, new FoldCache(1, bytes))];
        expect(await linesOf(other)).toEqual(await linesOf(one));
        expect(await other.outgoing(100_000)).toEqual(await one.outgoing(100_000));
        await store.close();
        for (const readModels of [one, other]) await readModels.close();
      }),
      { numRuns: 40 },
    );
  });

  it('has told, after any order and any batching, what stands in the end, and taken back what does not', async () => {
    let takenBack = 0;
    await fc.assert(
      fc.asyncProperty(
        historiesOf(40).chain((facts) => fc.shuffledSubarray([...facts], { minLength: facts.length })),
        paces,
        async (shuffled, pace) => {
          const store = await logOf(shuffled);
          const [live, atOnce] = [await followed(store, pace), await followed(store, { sizes: [1_000], clocks: [0] })];
          const told = await standingClaims(live);
          takenBack += told.takenBack;
          expect(told.claims).toEqual((await standingClaims(atOnce)).claims);
          await store.close();
          for (const readModels of [live, atOnce]) await readModels.close();
        },
      ),
      { numRuns: 100 },
    );
    expect(takenBack).toBeGreaterThan(0);
  });

  it('has live what a build makes that was interrupted anywhere, in small parts, at an earlier time', async () => {
    const interruptions = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        historiesOf(60),
        paces,
        interruptions,
        fc.integer({ min: 1, max: 20 }),
        async (facts, pace, stops, eventsAPart) => {
          const store = await logOf(facts);
          const live = await followed(store, pace);
          const rebuilt = inMemory();
          const options = { now: NOW - (pace.clocks[0] ?? 0) * DAY_MS, eventsAPart };
          for (const stop of stops) {
            const interruption = new AbortController();
            let steps = 0;
            const onProgress = (): void => {
              steps += 1;
              if (steps === stop) interruption.abort();
            };
            await build(store, rebuilt, { ...options, signal: interruption.signal, onProgress });
          }
          expect(await build(store, rebuilt, options)).toBe(true);
          await (await ProjectionEngine.over(rebuilt, store)).advanceTo(NOW);
          expect(await linesOf(rebuilt)).toEqual(await linesOf(live));
          await store.close();
          for (const readModels of [live, rebuilt]) await readModels.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  // coverage: 5
  it('has live what a rebuild makes, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(historiesOf(60), paces, async (facts, pace) => {
        const store = await logOf(facts);
        const [live, rebuilt] = [await followed(store, pace), await built(store)];
        expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
        await store.close();
        for (const readModels of [live, rebuilt]) await readModels.close();
      }),
      { numRuns: 40 },
    );
  });
  /**
   * A fact dated ahead makes its own customer due when its time has come; that an order counts for the
   * customer who referred the buyer as well was seen only when the order came, not when it took effect.
   */
  it('counts an order that is dated ahead for whoever referred the buyer, once its time has come', async () => {
    const facts = [
      said('ReferralMade', 60, { referralId: 'r1', referrerId: 'p1', referredId: 'p2', channel: 'web' }),
      ordered('p2', 10, 'o1'),
    ];
    const store = await logOf(facts);
    const [live, rebuilt] = [await followed(store, { sizes: [1], clocks: [14] }), await built(store)];
    expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
    expect(
      (await linesOf(live)).filter((line) => line.startsWith('tally ["scorecard|referralsConverted')),
    ).toHaveLength(1);
    for (const { close } of [store, live, rebuilt]) await close();
  });

  it('counts an order that is merged in for whoever referred the party, once a merge dated ahead has taken effect', async () => {
    const facts = [
      said('ReferralMade', 60, { referralId: 'r1', referrerId: 'p1', referredId: 'p2', channel: 'web' }),
      ordered('p3', 50, 'o1'),
      said('PartiesMerged', 10, { survivorId: 'p2', absorbedId: 'p3', matchScore: 1, reason: 'same' }),
    ];
    const store = await logOf(facts);
    const [live, rebuilt] = [await followed(store, { sizes: [1], clocks: [14] }), await built(store)];
    expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
    expect(
      (await linesOf(live)).filter((line) => line.startsWith('tally ["scorecard|referralsConverted')),
    ).toHaveLength(1);
    for (const { close } of [store, live, rebuilt]) await close();
  });

  it('passes over what it has folded already, alone or before what is new', async () => {
    const store = await logOf([ordered('p1', 60, 'o1'), ordered('p1', 50, 'o2'), ordered('p1', 40, 'o3')]);
    const events = await eventsOf(store);
    const [live, rebuilt] = [inMemory(), await built(store)];
    const engine = await ProjectionEngine.over(live, store);
    for (const batch of [events.slice(0, 2), events.slice(1), events.slice(2), events]) await engine.apply(batch, NOW);
    await engine.advanceTo(NOW);
    expect(engine.at.facts).toBe(3);
    expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
    for (const { close } of [store, live, rebuilt]) await close();
  });

  /**
   * Erasing removed the identifiers that were there; one that another system told of afterwards, in the order
   * of the log, made the party findable again.
   */
  it('finds nobody who is erased by an identifier, whichever fact came first', async () => {
    const identified = said('PartyIdentified', 20, {
      partyId: 'p1',
      identifiers: [{ scheme: 'email', value: 'ana@example.org', verified: true, preferred: true, valid: true }],
    });
    const erased = said('PersonalDataErased', 10, { partyId: 'p1', keyIds: ['k1'], basis: 'request' });
    for (const facts of [
      [identified, erased],
      [erased, identified],
    ]) {
      const store = await logOf(facts);
      const [live, rebuilt] = [await followed(store, { sizes: [1], clocks: [0] }), await built(store)];
      expect(await live.ownersOf('email', 'ana@example.org')).toEqual([]);
      expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
      for (const { close } of [store, live, rebuilt]) await close();
    }
  });

  /**
   * A separation undid whichever merge it named, while only the customers of its own pair were folded again:
   * the others stayed merged in the rows and were separated in a rebuild.
   */
  it('keeps a merge that the separation of another pair names, live as rebuilt', async () => {
    const merged = said('PartiesMerged', 60, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' });
    const { eventId: mergedEventId } = merged;
    const store = await logOf([
      ordered('p1', 70, 'o1'),
      ordered('p2', 70, 'o2'),
      ordered('p5', 70, 'o3'),
      merged,
      said('PartiesSeparated', 50, { survivorId: 'p5', separatedId: 'p6', mergedEventId, reason: 'wrong' }),
    ]);
    const [live, rebuilt] = [await followed(store, { sizes: [1], clocks: [0] }), await built(store)];
    expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
    expect(await rebuilt.customer('p2')).toBeNull();
    for (const { close } of [store, live, rebuilt]) await close();
  });

  it('has live what a rebuild makes when customers count for one another, merged, separated, or yet to be', async () => {
    const ofOneAnother = arbitraryFactOf(['OrderPlaced', 'ReferralMade', 'PartiesMerged', 'PartiesSeparated']);
    await fc.assert(
      fc.asyncProperty(historiesOf(30, ofOneAnother), paces, async (facts, pace) => {
        const store = await logOf(facts);
        const [live, rebuilt] = [await followed(store, pace), await built(store)];
        expect(await linesOf(live)).toEqual(await linesOf(rebuilt));
        for (const { close } of [store, live, rebuilt]) await close();
      }),
      { numRuns: 60 },
    );
  });
});
