import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, type Fact, type Instant, type NewFact, toIso, toNewEvent } from '@afecto/domain';
import { type EventStore, openSqliteEventStore, type StoredEvent } from '@afecto/event-store';
import { openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { arbitraryFactOf } from '../../../../domain/src/facts/arbitrary';
import { build, type BuildOptions } from '../build';
import { ProjectionEngine } from '../engine';
import type { FoldCache } from '../fold-cache';

/** The end of every history: three years and a day after its first fact at most. */
export const NOW: Instant = Date.parse('2026-01-01T00:00:00Z');

const folder = mkdtempSync(join(tmpdir(), 'afecto-projections-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;

/** A file that is not there yet, in a folder that goes with the test file. */
export const newFile = (): string => join(folder, `file-${made++}.db`);

export const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

/** A log on disk with these facts in it; of which it is a copy when another log has recorded them `copiedFrom`. */
export const logOf = async (facts: ReadonlyArray<NewFact>, copiedFrom?: Instant): Promise<EventStore> => {
  const eventOf = (fact: NewFact) => {
    const event = toNewEvent(fact);
    return copiedFrom === undefined
      ? event
      : { ...event, metadata: { ...event.metadata, recordedAt: toIso(copiedFrom) } };
  };
  const store = right(openSqliteEventStore({ file: newFile(), clock: () => NOW }));
  for (const outcome of await store.appendMany(
    facts.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [eventOf(fact)] })),
  ))
    right(outcome);
  return store;
};

export const eventsOf = async (store: EventStore): Promise<ReadonlyArray<StoredEvent>> => {
  const events: StoredEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  return events;
};

export const linesOf = async (
  readModels: ReadModels,
  what: 'everything' | 'decisions' = 'everything',
): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const line of readModels.dump(what)) lines.push(line);
  return lines;
};

export const inMemory = (): ReadModels => right(openSqliteReadModels(':memory:'));

/** How a log is followed: in batches of these sizes, the clock so many days before `NOW`, both over and over. */
export interface Pace {
  readonly sizes: ReadonlyArray<number>;
  readonly clocks: ReadonlyArray<number>;
}

/** The batches of a log and the instants at which they are taken in. */
export const steps = async (
  store: EventStore,
  { sizes, clocks }: Pace,
): Promise<ReadonlyArray<{ readonly events: ReadonlyArray<StoredEvent>; readonly now: Instant }>> => {
  const events = await eventsOf(store);
  const batches: { events: ReadonlyArray<StoredEvent>; now: Instant }[] = [];
  for (let from = 0; from < events.length;) {
    const step = batches.length;
    const size = sizes[step % sizes.length] ?? 1;
    const now = NOW - (clocks[step % clocks.length] ?? 0) * DAY_MS;
    batches.push({ events: events.slice(from, from + size), now });
    from += size;
  }
  return batches;
};

/** Read models that have followed a log to its end, and time to `NOW`. */
export const followed = async (store: EventStore, pace: Pace, cache?: FoldCache): Promise<ReadModels> => {
  const readModels = inMemory();
  const engine = await ProjectionEngine.over(readModels, store, cache);
  for (const { events, now } of await steps(store, pace)) await engine.apply(events, now);
  await engine.advanceTo(NOW);
  return readModels;
};

export const built = async (store: EventStore, options: Partial<BuildOptions> = {}): Promise<ReadModels> => {
  const readModels = inMemory();
  expect(await build(store, readModels, { now: NOW, ...options })).toBe(true);
  await (await ProjectionEngine.over(readModels, store)).advanceTo(NOW);
  return readModels;
};

/** The same facts, where two of three separations name a merge that is there: of their own pair, or of another. */
const namingMerges = (facts: ReadonlyArray<Fact>): ReadonlyArray<Fact> => {
  const merges = facts.flatMap(({ type, eventId }) => (type === 'PartiesMerged' ? [eventId] : []));
  return facts.map((fact, index) => {
    const mergedEventId = merges[index % Math.max(1, merges.length)];
    return fact.type !== 'PartiesSeparated' || mergedEventId === undefined || index % 3 === 0
      ? fact
      : { ...fact, data: { ...fact.data, mergedEventId } };
  });
};

/** Facts of few parties over three years, no id twice. */
export const historiesOf = (
  maxLength: number,
  arbitraryFact: fc.Arbitrary<Fact> = arbitraryFactOf(),
): fc.Arbitrary<ReadonlyArray<Fact>> =>
  fc.uniqueArray(arbitraryFact, { selector: ({ eventId }) => eventId, minLength: 1, maxLength }).map(namingMerges);

/** The same; half of them of what concerns more than one party or a list. */
export const histories = (maxLength: number): fc.Arbitrary<ReadonlyArray<Fact>> =>
  historiesOf(
    maxLength,
    fc.oneof(
      arbitraryFactOf(),
      arbitraryFactOf([
        'OrderPlaced',
        'OrderPlaced',
        'ServiceFailureDetected',
        'ReferralMade',
        'PartiesMerged',
        'PartiesSeparated',
        'WorkItemClaimed',
        'PartyIdentified',
        'ConfigurationActivated',
      ]),
    ),
  );

export const paces: fc.Arbitrary<Pace> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 }),
  clocks: fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 5 }),
});
