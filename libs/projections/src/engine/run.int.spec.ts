import { setImmediate as nextTurn } from 'node:timers/promises';
import { DAY_MS, defaultConfiguration, toIso, toNewEvent } from '@afecto/domain';
import type { Batch } from '@afecto/read-models';
import { ordered, said } from '../tally/given-customers';
import { startProjections } from './run';
import { built, inMemory, linesOf, logOf, NOW, right } from './testing/given-log';

const customers = Array.from({ length: 350 }, (_, index) => `p${index}`);
const aLogOfThem = () => logOf(customers.map((partyId) => ordered(partyId, 20, `order-${partyId}`)));

/**
 * The first commit of a new policy names its place in the log; the customers that it is about follow in
 * commits of a hundred, with a turn for others between them. An answer in such a turn said that it held
 * the policy (`position`, `minPosition`), and held the rows of the one before for most customers.
 */
describe('the position of projections', () => {
  it('is named when every customer is judged by all that lies before it', async () => {
    const store = await aLogOfThem();
    const readModels = inMemory();
    const projections = await startProjections(store, readModels, { now: () => NOW });
    const config = { ...defaultConfiguration, version: 1 };
    const activated = said('ConfigurationActivated', 0, {
      version: 1,
      effectiveFrom: toIso(NOW - DAY_MS),
      config,
    });
    const { events } = right(
      await store.append({ streamId: activated.streamId, expectedRevision: 'any', events: [toNewEvent(activated)] }),
    );
    const position = events[0]?.position ?? 0n;

    let turnsBetween = 0;
    while (projections.position() < position) {
      if (projections.engine.at.position === position) turnsBetween += 1;
      await nextTurn();
    }
    expect(turnsBetween).toBeGreaterThan(1);
    expect(await readModels.dueCustomers(NOW, 1)).toEqual([]);
    expect(await projections.waitFor(position, 0)).toBe(true);
    await projections.stop();
    await readModels.close();
    await store.close();
  });
});

describe('what time alone changes', () => {
  it('is in every row when it is asked for, or an earlier instant is named of which all rows are', async () => {
    const store = await aLogOfThem();
    const readModels = inMemory();
    let clock = NOW;
    const projections = await startProjections(store, readModels, { now: () => clock });
    while (!projections.caughtUp()) await nextTurn();
    clock = NOW + 400 * DAY_MS;
    expect(await readModels.dueCustomers(clock, 1_000)).toHaveLength(customers.length);

    // Customers are evaluated a hundred at a time: this comes back before the second hundred.
    expect(await projections.evaluatedTo(clock, 0)).toBe(NOW);
    expect(await readModels.dueCustomers(clock, 1)).not.toEqual([]);
    expect(await projections.evaluatedTo(clock, 60_000)).toBe(clock);
    expect(await readModels.dueCustomers(clock, 1)).toEqual([]);
    await projections.stop();
    await readModels.close();
    await store.close();
  });
});

/**
 * What is in memory goes ahead of the rows until they are committed, and follows the read models after a failure.
 * When reading them failed as well (a disk that is gone for a while), it stayed ahead: the next step passed over
 * what had never been committed, and its checkpoint said that it was there.
 */
describe('projections whose read models can neither be written nor read for a while', () => {
  it.each(
    (['checkpoint', 'deadLetters', 'worldFacts'] as const).flatMap((reading) =>
      (['before', 'after'] as const).map((moment) => [reading, moment] as const),
    ),
  )('pass over nothing (%s fails, %s the commit)', async (reading, moment) => {
    const store = await logOf([ordered('p1', 20, 'o1'), ordered('p2', 19, 'o2')]);
    const readModels = inMemory();
    let writes = 0;
    let reads = 0;
    const failing = {
      ...readModels,
      commit: async (batch: Batch) => {
        writes -= 1;
        if (writes === 0 && moment === 'before') throw new Error('the disk is gone');
        await readModels.commit(batch);
        if (writes === 0) throw new Error('the disk is gone');
      },
      [reading]: async () => {
        if (writes > 0 || reads === 0) return readModels[reading]();
        reads -= 1;
        throw new Error('the disk is gone');
      },
    };
    const projections = await startProjections(store, failing, { now: () => NOW });
    while (!projections.caughtUp()) await nextTurn();
    [writes, reads] = [1, 4];
    const facts = [
      ordered('p3', 5, 'o3'),
      said('PartiesMerged', 4, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' }),
      said('ConfigurationActivated', 0, {
        version: 1,
        effectiveFrom: toIso(NOW - DAY_MS),
        config: { ...defaultConfiguration, version: 1 },
      }),
    ];
    for (const outcome of await store.appendMany(
      facts.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] })),
    ))
      right(outcome);

    expect(await projections.waitFor(await store.head(), 20_000)).toBe(true);
    expect(reads).toBe(0);
    await projections.stop();
    const rebuilt = await built(store);
    expect(await linesOf(readModels)).toEqual(await linesOf(rebuilt));
    for (const { close } of [rebuilt, readModels, store]) await close();
  });
});
