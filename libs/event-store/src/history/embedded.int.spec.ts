import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectLeft, expectRight } from '../testing/given-store';
import { EMBEDDED_FAULTS, EmbeddedRound } from './testing/embedded-round';
import { buildWithFaultPoints } from './testing/fault-build';
import { embeddedMarks, judgeRound, runRound } from './testing/run-rounds';

const STEPS = 8;

const folder = mkdtempSync(join(tmpdir(), 'afecto-history-'));
const build = buildWithFaultPoints(join(folder, 'program'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the embedded store', () => {
  it('loses, doubles, skips and reorders nothing under any fault', async () => {
    const seed = 1;
    const round = await runRound('embedded', build, join(folder, 'faults'), seed, STEPS);
    const verdict = expectRight(judgeRound('embedded', seed, round));
    // A program may end before it comes by a drawn mark so often; the next test leaves nothing to chance.
    expect(Object.keys(round.struck)).toEqual(
      expect.arrayContaining(EMBEDDED_FAULTS.filter((fault) => fault !== 'killed at a mark')),
    );
    expect(verdict.acknowledged).toBeGreaterThan(100);
    expect(verdict.unknown.there + verdict.unknown.absent).toBeGreaterThan(0);
  });

  it('loses nothing when it is killed at any mark', async () => {
    const seed = 2;
    const round = new EmbeddedRound({ build, folder: join(folder, 'marks'), seed, steps: STEPS, marks: embeddedMarks });
    for (const mark of embeddedMarks) expect([mark, await round.killAtMark(mark, 1)]).toEqual([mark, true]);
    const verdict = expectRight(judgeRound('embedded', seed, await round.finish()));
    expect(verdict.unknown.there + verdict.unknown.absent).toBeGreaterThan(embeddedMarks.length);
  });
});

describe('a store that is broken in its program', () => {
  it('is caught, and the shortest history is printed with the way to see it again', async () => {
    const sound = 'looked = page.looked;';
    // Now and then the next event is taken for looked at.
    const broken = 'looked = page.looked + (page.looked % 3 === 0 ? 1 : 0);';
    let changes = 0;
    const brokenBuild = buildWithFaultPoints(join(folder, 'broken program'), (file, source) => {
      if (!file.endsWith('/sqlite/subscription.ts')) return source;
      changes += source.split(sound).length - 1;
      return source.replace(sound, broken);
    });
    expect(changes).toBe(1);
    const seed = 3;
    const options = { folder: join(folder, 'broken'), seed, steps: STEPS, marks: embeddedMarks };
    const round = await new EmbeddedRound({ ...options, build: brokenBuild }).finish();
    const text = expectLeft(judgeRound('embedded', seed, round));
    expect(text).toMatch(/^(skipped|lost): /);
    expect(text).toContain('subscribe ');
    expect(text.split('\n').filter((line) => line.startsWith('  [')).length).toBeLessThanOrEqual(5);
    expect(text).toContain('Again: npm run history -- --on embedded --seed 3 --rounds 1');
  });
});
