import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '@afecto/server';
import type { BenchRun } from './bench-run';
import { inProcess, withGateway } from './child-process';
import { median } from './figures';
import { inFolder } from './in-folder';
import { demoHistory, fillLog, type History, largeHistory } from './log-file';

const ROUNDS = 3;
/** Against this size a larger one is held. */
const ONE_MILLION = 1_000_000;

export interface RebuildFigures {
  readonly rate: Figure;
  readonly memory: Figure;
  /** The rate beside that of a tenth of the parties and of 1 million facts; null below that. */
  readonly large: Figure | null;
}

const perSecond = ({ count, seconds }: { readonly count: number; readonly seconds: ReadonlyArray<number> }): number =>
  count / (seconds[0] ?? Number.NaN);

interface Rebuilt {
  readonly rate: Figure;
  readonly memory: Figure;
}

/** Builds all projections of one log, each time in a process of its own, and scans the log by plain SQL beside. */
const rebuilt = (
  history: (folder: string) => Promise<History> | History,
  rounds: number,
  run: BenchRun,
): Promise<Rebuilt> =>
  inFolder(async (folder) => {
    const { signal, say } = run;
    const file = join(folder, 'log.db');
    const { facts, endsAt } = await history(folder);
    await fillLog(file, { facts, endsAt }, run);
    const [rates, raw, memory]: [number[], number[], number[]] = [[], [], []];
    let note = '';
    for (let round = 0; round < rounds; round += 1) {
      say(`rebuild, round ${round + 1}`);
      raw.push(perSecond(await inProcess({ kind: 'raw scan', file }, signal)));
      const built = await inProcess({ kind: 'build', eventStore: `sqlite:${file}`, folder, now: endsAt }, signal);
      rates.push(perSecond(built));
      memory.push(built.residentMiB);
      note = `${built.count.toLocaleString('en-GB')} facts, ${built.parties.toLocaleString('en-GB')} parties`;
    }
    return {
      rate: { unit: 'facts/s', rounds: rates, raw, note },
      memory: { unit: 'MiB', rounds: memory, raw: null, note },
    };
  });

/**
 * All projections from an empty file, persisted: of eight times the demonstration or, with a size, of a
 * synthetic history of it, and then against one of 1 million facts. Raw: every row of the log read and parsed by
 * plain SQL. Memory: the most that the building process, with its threads, has had.
 */
export const measureRebuild = async (run: BenchRun): Promise<RebuildFigures> => {
  const { facts } = run;
  if (facts === null) return { ...(await rebuilt(() => demoHistory(8), ROUNDS, run)), large: null };
  const parties = run.parties ?? Math.ceil(facts / 10);
  const ofSize = (size: number, rounds: number): Promise<Rebuilt> =>
    rebuilt((folder) => largeHistory(size, Math.round((parties * size) / facts), folder), rounds, run);
  const base = facts > ONE_MILLION ? await ofSize(ONE_MILLION, ROUNDS) : null;
  // One build of ten million takes minutes; it is long enough to be its own average.
  const { rate, memory } = await ofSize(facts, base === null ? ROUNDS : 1);
  const large: Figure | null =
    base === null
      ? null
      : { ...rate, raw: [median(base.rate.rounds)], note: `raw: the rate at ${base.rate.note ?? ''}` };
  return { rate, memory, large };
};

/**
 * The same with the log on a gateway in another process, nothing of it here before; raw: the official
 * client reads all of it and does nothing else.
 */
export const measureServerRebuild = (run: BenchRun): Promise<Figure> =>
  inFolder(async (folder) => {
    const { signal, say } = run;
    const file = join(folder, 'log.db');
    const history = await demoHistory(2);
    await fillLog(file, history, run);
    return withGateway(file, signal, async (url) => {
      const [rates, raw]: [number[], number[]] = [[], []];
      let note = '';
      for (let round = 0; round <= ROUNDS; round += 1) {
        say(`rebuild from a server, ${round === 0 ? 'warming up' : `round ${round}`}`);
        const read = await inProcess({ kind: 'client read', url }, signal);
        if (round === 0) continue;
        raw.push(perSecond(read));
        const own = join(folder, `round-${round}`);
        mkdirSync(own);
        const built = await inProcess({ kind: 'build', eventStore: url, folder: own, now: history.endsAt }, signal);
        rmSync(own, { recursive: true });
        rates.push(perSecond(built));
        note = `${built.count.toLocaleString('en-GB')} facts`;
      }
      return { unit: 'facts/s', rounds: rates, raw, note };
    });
  });
