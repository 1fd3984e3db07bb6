import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, type Fact, type NewFact, toNewEvent } from '@afecto/domain';
import { type EventStore, openSqliteEventStore, type StoredEvent } from '@afecto/event-store';
import { openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { build } from './build';
import { ProjectionEngine } from './engine';

const folder = mkdtempSync(join(tmpdir(), 'afecto-engine-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NOW = Date.parse('2026-01-01T00:00:00Z');
let made = 0;

const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

const logOf = async (facts: ReadonlyArray<NewFact>): Promise<EventStore> => {
  const store = right(openSqliteEventStore({ file: join(folder, `log-${made++}.db`), clock: () => NOW }));
  for (const outcome of await store.appendMany(
    facts.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] })),
  ))
    right(outcome);
  return store;
};

const eventsOf = async (store: EventStore): Promise<ReadonlyArray<StoredEvent>> => {
  const events: StoredEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  return events;
};

const linesOf = async (readModels: ReadModels, what: 'everything' | 'decisions'): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const line of readModels.dump(what)) lines.push(line);
  return lines;
};

/** Follows a log in batches of these sizes, the clock moving with each batch up to NOW. */
const followed = async (
  store: EventStore,
  sizes: ReadonlyArray<number>,
  clocks: ReadonlyArray<number>,
): Promise<ReadModels> => {
  const readModels = right(openSqliteReadModels(':memory:'));
  const engine = await ProjectionEngine.over(readModels, store);
  const events = await eventsOf(store);
  for (let from = 0, step = 0; from < events.length; step++) {
    const size = sizes[step % sizes.length] ?? 1;
    await engine.apply(events.slice(from, from + size), NOW - (clocks[step % clocks.length] ?? 0) * DAY_MS);
    from += size;
  }
  await engine.advanceTo(NOW);
  return readModels;
};

/**
 * The claims about today's customers that stand after all notifications, those taken back left out. A
 * tier is no claim about the time after the next one, and an item that never should have been is none.
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
    if (event.type !== 'TierChanged' && !undone) standing.set(String(claim), `${event.type} ${String(claim)}`);
  }
  return { claims: [...standing.values()].toSorted(), takenBack };
};

const built = async (store: EventStore): Promise<ReadModels> => {
  const readModels = right(openSqliteReadModels(':memory:'));
  expect(await build(store, readModels, { now: NOW })).toBe(true);
  const engine = await ProjectionEngine.over(readModels, store);
  await engine.advanceTo(NOW);
  return readModels;
};

/** Facts of few parties over three years, no id twice. */
const histories = (maxLength: number): fc.Arbitrary<ReadonlyArray<Fact>> =>
  fc.uniqueArray(arbitraryFactOf(), { selector: ({ eventId }) => eventId, minLength: 1, maxLength });

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
const clocks = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 5 });

describe('the projection engine', () => {
  it('gives byte-identical decisions for any order and any batching of the same facts', async () => {
    await fc.assert(
      fc.asyncProperty(
        histories(40).chain((facts) =>
          fc.tuple(fc.constant(facts), fc.shuffledSubarray([...facts], { minLength: facts.length })),
        ),
        sizes,
        sizes,
        clocks,
        async ([facts, shuffled], some, others, times) => {
          const [first, second] = [await logOf(facts), await logOf(shuffled)];
          const [one, other] = [await followed(first, some, [0]), await followed(second, others, times)];
          expect(await linesOf(other, 'decisions')).toEqual(await linesOf(one, 'decisions'));
          for (const store of [first, second]) await store.close();
          for (const readModels of [one, other]) await readModels.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('has told, after any order and any batching, what stands in the end, and taken back what does not', async () => {
    let takenBack = 0;
    await fc.assert(
      fc.asyncProperty(
        histories(40).chain((facts) => fc.shuffledSubarray([...facts], { minLength: facts.length })),
        sizes,
        clocks,
        async (shuffled, some, times) => {
          const store = await logOf(shuffled);
          const [live, atOnce] = [await followed(store, some, times), await followed(store, [1_000], [0])];
          const told = await standingClaims(live);
          takenBack += told.takenBack;
          expect(told.claims).toEqual((await standingClaims(atOnce)).claims);
          await store.close();
          for (const readModels of [live, atOnce]) await readModels.close();
        },
      ),
      { numRuns: 100 },
    );
    expect(takenBack).toBeGreaterThan(5);
  });

  it('has live what a build makes that was interrupted anywhere, in small parts, at an earlier time', async () => {
    const interruptions = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        histories(60),
        sizes,
        clocks,
        interruptions,
        fc.integer({ min: 1, max: 20 }),
        async (facts, some, times, stops, eventsAPart) => {
          const store = await logOf(facts);
          const live = await followed(store, some, times);
          const rebuilt = right(openSqliteReadModels(':memory:'));
          const options = { now: NOW - (times[0] ?? 0) * DAY_MS, eventsAPart };
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
          expect(await linesOf(rebuilt, 'everything')).toEqual(await linesOf(live, 'everything'));
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
      fc.asyncProperty(histories(60), sizes, clocks, async (facts, some, times) => {
        const store = await logOf(facts);
        const [live, rebuilt] = [await followed(store, some, times), await built(store)];
        expect(await linesOf(live, 'everything')).toEqual(await linesOf(rebuilt, 'everything'));
        await store.close();
        for (const readModels of [live, rebuilt]) await readModels.close();
      }),
      { numRuns: 40 },
    );
  });
});
