import { join } from 'node:path';
import type { EventStore } from '../port';
import { expectRight, openStore, temporaryFolder } from '../testing/given-store';
import type { History } from './call';
import { check, violationsOf } from './check';
import { type Entry, historyOf, Recorder } from './record';
import { describeViolation } from './describe-history';
import { shortestHistory } from './shortest';
import { brokenStores } from './testing/broken-stores';
import type { ViolationKind } from './violation';
import { runWorkload } from './workload';

const folder = temporaryFolder();
afterAll(folder.remove);

const historyOn = async (name: string, seed: number, wrap: (store: EventStore) => EventStore): Promise<History> => {
  const entries: Entry[] = [];
  const store = openStore(join(folder.path, `${name}.db`), { clock: Date.now });
  await runWorkload([wrap(store)], new Recorder('a', (entry) => entries.push(entry)), {
    seed,
    run: 'a',
    streams: 5,
    writers: 4,
    steps: 30,
    readers: 3,
    subscribers: 3,
    projection: join(folder.path, `${name}.projection.db`),
    unresolved: [],
    patienceMs: 300,
  });
  await store.close();
  return historyOf(entries);
};

describe('a store with nothing wrong', () => {
  it.each([1, 2])('is found to keep every promise (seed %i)', async (seed) => {
    const history = await historyOn(`sound-${seed}`, seed, (store) => store);
    const verdict = expectRight(check(history));
    expect(verdict.acknowledged).toBeGreaterThan(40);
    expect(verdict.duplicates).toBeGreaterThan(5);
    expect(verdict.refused).toBeGreaterThan(20);
    expect(verdict.shown).toBeGreaterThan(500);
    expect(verdict.projectionStates).toBeGreaterThan(5);
  });
});

const expected: Record<keyof typeof brokenStores, ViolationKind> = {
  'acknowledges what it does not keep': 'lost',
  'answers ok after a refused commit': 'lost',
  'writes an event again on a retry': 'doubled',
  'reorders a read': 'reordered',
  'skips an event between history and live': 'skipped',
  'shows an old log after an acknowledgement': 'stale',
  'refuses what it writes': 'refusedButThere',
  'ignores expected revisions': 'wrongAnswer',
};

describe('a store that', () => {
  it.each(Object.entries(brokenStores))('%s is caught, with a short history', async (name, broken) => {
    const kind = Object.entries(expected).find(([each]) => each === name)?.[1];
    const history = await historyOn(name.replaceAll(' ', '-'), 7, broken);
    expect(check(history)).toMatchObject({ _tag: 'Left' });
    // One fault may break several promises, and which shows first depends on who was how fast.
    const violation = [...violationsOf(history)].find((found) => found.kind === kind);
    if (violation === undefined) throw new Error(`No call shows that something was ${kind}.`);
    const shortest = shortestHistory(history, violation);
    expect(shortest.length).toBeLessThanOrEqual(5);
    expect([...violationsOf(shortest)].map((found) => found.kind)).toContain(kind);
    const lines = describeViolation(history, violation, 'npm run history -- --seed 7').split('\n');
    expect(lines[0]).toContain(`${violation.kind}: `);
    expect(lines.filter((line) => line.startsWith('  ['))).toHaveLength(shortest.length);
    expect(lines.at(-1)).toBe('Again: npm run history -- --seed 7');
  });
});
