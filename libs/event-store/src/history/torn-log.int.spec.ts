import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendTo, collect, openStore, temporaryFolder } from '../testing/given-store';
import { Random } from './random';
import { appendToLog, lastCommitsOf, tearLastTransaction } from './testing/torn-log';

const folder = temporaryFolder();
afterAll(folder.remove);

/** A log of five appends as a kill leaves it: copied while the store is open. */
const killed = async (name: string): Promise<string> => {
  const file = join(folder.path, `${name}.original.db`);
  const copy = join(folder.path, `${name}.db`);
  const store = openStore(file);
  for (let n = 0; n < 5; n++) await store.append(appendTo('orders'));
  for (const suffix of ['', '-wal']) copyFileSync(`${file}${suffix}`, `${copy}${suffix}`);
  await store.close();
  return copy;
};

const eventsIn = async (file: string): Promise<number> => {
  const store = openStore(file);
  const events = await collect(store.readAll());
  await store.close();
  return events.length;
};

describe('a log that was torn', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'in its last transaction has all before it, and nothing of it (seed %i)',
    async (seed) => {
      const file = await killed(`torn-${seed}`);
      expect(tearLastTransaction(file, new Random(seed))).toBe(true);
      expect(await eventsIn(file)).toBe(4);
    },
  );

  it.each([1, 2, 3, 4])('behind its last transaction has everything (seed %i)', async (seed) => {
    const file = await killed(`behind-${seed}`);
    expect(appendToLog(file, new Random(seed))).toBe(true);
    expect(await eventsIn(file)).toBe(5);
  });

  it('is understood as SQLite wrote it: the last transaction ends where the file ends', async () => {
    const log = readFileSync(`${await killed('whole')}-wal`);
    const commits = lastCommitsOf(log);
    expect(commits?.last).toBe(log.length);
    expect(commits?.before).toBeLessThan(log.length);
    expect(lastCommitsOf(log.subarray(0, 32))).toBeNull();
  });
});
