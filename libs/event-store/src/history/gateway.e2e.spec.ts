import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectRight } from '../testing/given-store';
import { buildWithFaultPoints } from './testing/fault-build';
import { GATEWAY_FAULTS } from './testing/gateway-round';
import { judgeRound, runRound } from './testing/run-rounds';

const folder = mkdtempSync(join(tmpdir(), 'afecto-history-'));
const build = buildWithFaultPoints(join(folder, 'program'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('two adapters over one gateway lose, double, skip and reorder nothing under any fault', async () => {
  const seed = 1;
  const round = await runRound('gateway', build, join(folder, 'faults'), seed, 8);
  const verdict = expectRight(judgeRound('gateway', seed, round));
  expect(Object.keys(round.struck).toSorted()).toEqual(GATEWAY_FAULTS.toSorted());
  expect(verdict.acknowledged).toBeGreaterThan(40);
});
