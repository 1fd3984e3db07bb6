import { parseArgs } from 'node:util';
import * as E from 'fp-ts/Either';
import { type Ground, runRounds } from './testing/run-rounds';
import type { Verdict } from './violation';

const USAGE = `npm run history -- [--seed N] [--minutes M] [--rounds R] [--steps S] [--on embedded|gateway]

Runs writers, readers, subscribers and a projection against the event store while faults are injected,
records every call and its answer, and decides whether anything acknowledged was lost, doubled, skipped or
reordered. Each round has a log and a seed of its own and every fault once. Exit code 0: nothing was found;
1: a violation, with the shortest history that shows it; 2: the run itself failed.

  --seed N      of the first round; each further one has the next (1)
  --minutes M   rounds are started for so long (1)
  --rounds R    at most so many rounds
  --steps S     steps of each of four writers in one run (40)
  --on GROUND   embedded: the store in a child process; gateway: the adapter over a gateway (embedded)
`;

const line = (seed: number, verdict: Verdict, faults: number): string =>
  `seed ${seed}: ${verdict.calls} calls, ${verdict.acknowledged} acknowledged, ${verdict.refused} refused, ` +
  `${verdict.unknown.there} + ${verdict.unknown.absent} unknown (there + absent), ${verdict.events} events shown ` +
  `${verdict.shown} times, ${faults} faults: nothing lost\n`;

const main = async (): Promise<number> => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      minutes: { type: 'string', default: '1' },
      rounds: { type: 'string', default: 'Infinity' },
      steps: { type: 'string', default: '40' },
      on: { type: 'string', default: 'embedded' },
      help: { type: 'boolean', default: false },
    },
  });
  const [seed, minutes, rounds, steps] = [values.seed, values.minutes, values.rounds, values.steps].map(Number);
  const ground: Ground | null = values.on === 'embedded' || values.on === 'gateway' ? values.on : null;
  const isWrong = !Number.isSafeInteger(seed) || !((minutes ?? 0) > 0) || !((rounds ?? 0) > 0) || !((steps ?? 0) > 0);
  if (values.help || ground === null || isWrong) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  const total = { calls: 0, acknowledged: 0, faults: 0 };
  const started = Date.now();
  const done = await runRounds({
    ground,
    seed: seed ?? 1,
    steps: steps ?? 40,
    rounds: rounds ?? Infinity,
    milliseconds: (minutes ?? 1) * 60_000,
    onRound: (round, verdict, struck) => {
      const faults = Object.values(struck).reduce((sum, times) => sum + times, 0);
      total.calls += verdict.calls;
      total.acknowledged += verdict.acknowledged;
      total.faults += faults;
      process.stdout.write(line(round, verdict, faults));
    },
  });
  if (E.isLeft(done)) {
    process.stdout.write(`${done.left}\n`);
    return 1;
  }
  process.stdout.write(
    `${done.right} rounds on ${ground} in ${Math.round((Date.now() - started) / 1_000)} s: ${total.calls} calls, ` +
      `${total.acknowledged} appends acknowledged, ${total.faults} faults, no violation\n`,
  );
  return 0;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 2;
  },
);
