import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toNewEvent } from '@afecto/domain';
import { openSqliteEventStore } from '@afecto/event-store';
import { openSqliteReadModels } from '@afecto/read-models';
import fc from 'fast-check';
import * as E from 'fp-ts/Either';
import { arbitraryFactOf } from '../../../domain/src/facts/arbitrary';
import { build } from './build';
import { needsBuild, startProjections } from './run';

const folder = mkdtempSync(join(tmpdir(), 'afecto-build-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const now = (): number => Date.parse('2026-01-01T00:00:00Z');

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
    const linesOf = async (models: typeof whole): Promise<ReadonlyArray<string>> => {
      const lines: string[] = [];
      for await (const line of models.dump('everything')) lines.push(line);
      return lines;
    };
    expect(await linesOf(readModels)).toEqual(await linesOf(whole));
    await store.close();
    await readModels.close();
    await whole.close();
  });
});
