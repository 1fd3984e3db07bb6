import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/Either';
import { check } from '../check';
import { describeViolation } from '../describe-history';
import { historyOf } from '../record';
import type { Verdict } from '../violation';
import { embeddedRound, type Round } from './embedded-round';
import { buildWithFaultPoints, type FaultBuild, marksIn, readSource, sourcesOf } from './fault-build';
import { gatewayRound } from './gateway-round';

/** What a round runs on. */
export type Ground = 'embedded' | 'gateway';

const marksOf = (isWanted: (file: string) => boolean): ReadonlyArray<string> =>
  sourcesOf('libs/event-store')
    .filter(isWanted)
    // A log is made once, in the first program.
    .toSorted((a, b) => Number(b.endsWith('open-log-file.ts')) - Number(a.endsWith('open-log-file.ts')))
    .flatMap((file) => marksIn(readSource(file)));

/** Marks that a program with a store of its own passes, those of the making of a log first; it restores none. */
export const embeddedMarks = marksOf(
  (file) => (file.includes('/sqlite/') && !file.endsWith('/restore-log.ts')) || file.endsWith('/history/projection.ts'),
);
/** Marks that a gateway passes for each append. */
const gatewayMarks = marksOf(
  (file) => file.endsWith('/sqlite/log-writer.ts') || file.endsWith('/sqlite/commit-queue.ts'),
);
const adapterMarks = marksOf((file) => file.includes('/eventstoredb/'));

/** One round of faults over a log of its own. */
export const runRound = (
  ground: Ground,
  build: FaultBuild,
  folder: string,
  seed: number,
  steps: number,
): Promise<Round> =>
  ground === 'embedded'
    ? embeddedRound({ build, folder, seed, steps, marks: embeddedMarks })
    : gatewayRound({ build, folder, seed, steps, marks: gatewayMarks, adapterMarks });

/** The verdict on a round, or the shortest history that shows what is wrong, for a person. */
export const judgeRound = (ground: Ground, seed: number, { record }: Round): E.Either<string, Verdict> => {
  const history = historyOf(record);
  const again = `npm run history -- --on ${ground} --seed ${seed} --rounds 1`;
  return E.mapLeft((violation: Parameters<typeof describeViolation>[1]) =>
    describeViolation(history, violation, again),
  )(check(history, { tellsRepeats: ground === 'embedded' }));
};

export interface RoundsOptions {
  readonly ground: Ground;
  /** Of the first round; each further one has the next. */
  readonly seed: number;
  readonly steps: number;
  /** Rounds are started until these are done or the time is over. */
  readonly rounds: number;
  readonly milliseconds: number;
  readonly onRound: (seed: number, verdict: Verdict, struck: Round['struck']) => void;
}

/** Keeps a record that shows a violation: one entry a line, the first is moment 0. Returns its file. */
const keep = (ground: Ground, seed: number, { record }: Round): string => {
  const file = join(tmpdir(), `afecto-history-${ground}-${seed}-${Date.now()}.ndjson`);
  writeFileSync(file, record.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  return file;
};

/** Runs rounds one after the other; the left is the description of the first violation. */
export const runRounds = async (options: RoundsOptions): Promise<E.Either<string, number>> => {
  const { ground, seed, steps, rounds, milliseconds, onRound } = options;
  const folder = mkdtempSync(join(tmpdir(), 'afecto-history-'));
  try {
    const build = buildWithFaultPoints(join(folder, 'program'));
    const end = Date.now() + milliseconds;
    let done = 0;
    for (; done < rounds && (done === 0 || Date.now() < end); done++) {
      const place = join(folder, `round-${done}`);
      const round = await runRound(ground, build, place, seed + done, steps);
      const verdict = judgeRound(ground, seed + done, round);
      if (E.isLeft(verdict)) return E.left(`${verdict.left}\nThe whole record: ${keep(ground, seed + done, round)}`);
      onRound(seed + done, verdict.right, round.struck);
      rmSync(place, { recursive: true, force: true });
    }
    return E.right(done);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
