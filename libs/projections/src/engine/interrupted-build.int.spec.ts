import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNewEvent } from '@afecto/domain';
import { openSqliteEventStore } from '@afecto/event-store';
import { openSqliteReadModels, type ReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { build, type BuildProgress } from './build';
import { needsBuild, startProjections } from './run';

const folder = mkdtempSync(join(tmpdir(), 'afecto-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = (): number => Date.parse('2026-01-01T00:00:00Z');

const linesOf = async (models: ReadModels): Promise<ReadonlyArray<string>> => {
  const lines: string[] = [];
  for await (const line of models.dump('everything')) lines.push(line);
  return lines;
};

const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left));
  return either.right;
};

/**
 * The engine's first commit says that the read models are whole. Following the log over a build that
 * was interrupted therefore made half of the customers disappear for good: nothing ever built them.
 */
describe('a start that is interrupted while it builds', () => {
  it('follows nothing and leaves the rest of the build to the next start', async () => {
    const store = right(openSqliteEventStore({ file: join(folder, 'log.db'), clock: now }));
    const facts = fc.sample(arbitraryFactOf(), { numRuns: 60, seed: 7 });
    await store.appendMany(
      facts.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] })),
    );
    const readModels = right(openSqliteReadModels(':memory:'));
    const interruption = new AbortController();
    const projections = await startProjections(store, readModels, {
      now,
      signal: interruption.signal,
      onProgress: () => interruption.abort(),
    });
    expect(projections.caughtUp()).toBe(false);
    await projections.stop();
    expect(await needsBuild(readModels)).toBe(true);

    expect(await build(store, readModels, { now: now() })).toBe(true);
    const whole = right(openSqliteReadModels(':memory:'));
    expect(await build(store, whole, { now: now() })).toBe(true);
    expect(await linesOf(readModels)).toEqual(await linesOf(whole));
    await store.close();
    await readModels.close();
    await whole.close();
  });
});

describe('a build that is interrupted when all customers are there', () => {
  it('reads nothing again, makes the indexes that are missing, and ends as one that was not', async () => {
    const store = right(openSqliteEventStore({ file: join(folder, 'indexes.db'), clock: now }));
    const facts = fc.sample(arbitraryFactOf(), { numRuns: 60, seed: 11 });
    await store.appendMany(
      facts.map((fact) => ({ streamId: fact.streamId, expectedRevision: 'any', events: [toNewEvent(fact)] })),
    );
    const readModels = right(openSqliteReadModels(':memory:'));
    let made = 0;
    const interruptedAfter = async (indexes: number): Promise<boolean> => {
      const interruption = new AbortController();
      const steps: string[] = [];
      const counting: ReadModels = {
        ...readModels,
        makeIndex: async () => {
          const isMade = await readModels.makeIndex();
          if (isMade && ++made === indexes) interruption.abort();
          return isMade;
        },
      };
      const options = {
        now: now(),
        signal: interruption.signal,
        onProgress: ({ step }: BuildProgress) => steps.push(step),
      };
      const isWhole = await build(store, counting, options);
      if (indexes > 1) expect(steps).toEqual([]);
      return isWhole;
    };
    expect(await interruptedAfter(1)).toBe(false);
    expect(await interruptedAfter(4)).toBe(false);
    expect(await needsBuild(readModels)).toBe(true);
    expect(await interruptedAfter(Number.POSITIVE_INFINITY)).toBe(true);
    expect(made).toBeGreaterThan(4);

    const whole = right(openSqliteReadModels(':memory:'));
    expect(await build(store, whole, { now: now() })).toBe(true);
    expect(await linesOf(readModels)).toEqual(await linesOf(whole));
    await store.close();
    await readModels.close();
    await whole.close();
  });
});
