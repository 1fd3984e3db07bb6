import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillLog, largeHistory } from './log-file';
import { perform } from './tasks';

describe('work that is measured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-tasks-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { signal } = new AbortController();
  const file = join(folder, 'log.db');
  const at = { eventStore: `sqlite:${file}`, folder };

  it('is done: every fact of the history is in the log and in the build, and days pass over it', async () => {
    const { facts, endsAt } = largeHistory(600, 60, folder);
    const made = [...facts];
    const told: string[] = [];
    const run = { signal, say: (note: string) => void told.push(note), facts: null, parties: null };
    await fillLog(file, { facts: made, endsAt }, run);
    expect(told.at(-1)).toBe(`${made.length} facts taken in`);

    const scanned = await perform({ kind: 'raw scan', file });
    expect(scanned.count).toBe(made.length);
    const built = await perform({ kind: 'build', ...at, now: endsAt });
    expect(built).toMatchObject({ count: made.length, parties: 60 });
    const passed = await perform({ kind: 'days', ...at, now: endsAt, days: 400 });
    expect(passed.seconds).toHaveLength(400);
    // In more than a year of silence something becomes due.
    expect(passed.count).toBeGreaterThan(0);
    const reviewed = await perform({ kind: 'review', eventStore: at.eventStore, now: endsAt });
    expect(reviewed).toMatchObject({ count: made.length + 1, parties: 60 });
    for (const { seconds, residentMiB } of [scanned, built, passed, reviewed])
      expect(Math.min(...seconds, residentMiB)).toBeGreaterThan(0);
  });

  it('ends when it is interrupted', async () => {
    const run = { signal: AbortSignal.abort(), say: () => undefined, facts: null, parties: null };
    const history = largeHistory(600, 60, folder);
    await expect(fillLog(join(folder, 'other.db'), history, run)).rejects.toThrow('abort');
  });
});
