import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DriverTask } from '../programs/driver';
import type { FaultPlan } from '../programs/fault-actions';
import { Random } from '../random';
import type { FaultBuild } from './fault-build';
import { killProgram, pauseProgram, type RecordOfLog, startDriver, unresolvedIn } from './programs-run';
import { appendToLog, tearLastTransaction } from './torn-log';

/** Faults of the embedded store; each is one run of its program. */
export const EMBEDDED_FAULTS = [
  'killed',
  'killed at a mark',
  'torn transaction',
  'garbage behind the log',
  'failing commit',
  'disk full',
  'file limit',
  'read-only',
  'slow disk',
  'paused',
] as const;
export type EmbeddedFault = (typeof EMBEDDED_FAULTS)[number];

export interface RoundOptions {
  readonly build: FaultBuild;
  /** A folder of its own; it is made. */
  readonly folder: string;
  readonly seed: number;
  /** Steps of each writer in one run. */
  readonly steps: number;
  /** Marks at which a kill may happen. */
  readonly marks: ReadonlyArray<string>;
}

export interface Round {
  readonly record: RecordOfLog;
  /** How often each fault has struck. */
  readonly struck: Readonly<Record<string, number>>;
}

const PATIENCE_MS = 20_000;
/** Entries that the shortest program writes before it ends by itself. */
const LAST_KILL = 200;

/** One log, and the programs that have it one after the other. */
export class EmbeddedRound {
  readonly record: RecordOfLog = [];
  readonly struck: Record<string, number> = {};
  readonly #random: Random;
  readonly #file: string;
  #runs = 0;

  constructor(readonly options: RoundOptions) {
    mkdirSync(options.folder, { recursive: true });
    this.#file = join(options.folder, 'log.db');
    this.#random = new Random(options.seed, 'round');
  }

  #task(
    plan: ReadonlyArray<FaultPlan>,
    given: { readOnly?: boolean; maxBytes?: number; projects?: boolean } = {},
  ): DriverTask {
    this.#runs += 1;
    const { readOnly = false, maxBytes = null, projects = true } = given;
    return {
      store: { engine: 'sqlite', file: this.#file, readOnly, maxBytes },
      workload: {
        seed: this.options.seed,
        run: `r${this.#runs}`,
        streams: 6,
        writers: 4,
        steps: this.options.steps,
        readers: 2,
        subscribers: 3,
        projection: projects ? join(this.options.folder, 'projection.db') : null,
        unresolved: unresolvedIn(this.record),
        patienceMs: PATIENCE_MS,
      },
      plan,
    };
  }

  #bytes(): number {
    return existsSync(this.#file) ? statSync(this.#file).size : 0;
  }

  /** Runs a program to its end, by itself or by a kill after so many entries. */
  async #run(task: DriverTask, { killAt = Infinity, fileBytes = null as number | null } = {}): Promise<boolean> {
    let reached: () => void = () => undefined;
    const due = new Promise<void>((resolve) => (reached = resolve));
    const running = startDriver(this.options.build, task, this.record, {
      fileBytes,
      onEntry: (count) => {
        if (count === killAt) reached();
      },
    });
    await Promise.race([running.ended, due.then(() => pause(this.#random.below(3)))]);
    const { code, signal, stderr } = await (killAt === Infinity ? running.ended : killProgram(running));
    this.record.push({ entry: 'ended', with: 'store' });
    if (signal === null && code !== 0) throw new Error(`The store's program ended with ${code}: ${stderr}`);
    return signal === 'SIGKILL';
  }

  /** Kills the program when it passes a mark for the nth time. False: it did not come by so often. */
  async killAtMark(at: string, hit: number): Promise<boolean> {
    return this.#run(this.#task([{ at, hit, action: 'kill' }]));
  }

  async strike(fault: EmbeddedFault): Promise<void> {
    if (await this.#strike(fault)) this.struck[fault] = (this.struck[fault] ?? 0) + 1;
  }

  async #strike(fault: EmbeddedFault): Promise<boolean> {
    const random = this.#random;
    switch (fault) {
      case 'killed':
        return this.#run(this.#task([]), { killAt: 1 + random.below(LAST_KILL) });
      case 'killed at a mark':
        return this.killAtMark(random.of(this.options.marks), 1 + random.below(8));
      case 'torn transaction': {
        // Killed before anybody was told of the commit: the disk may have it, a part of it, or nothing. A
        // commit without an event writes nothing, and the last transaction is then one that was told of.
        const plan: FaultPlan = {
          at: 'the writer has committed',
          provided: 'the writer has inserted an event',
          hit: 1 + random.below(15),
          action: 'kill',
        };
        return (await this.#run(this.#task([plan]))) && tearLastTransaction(this.#file, random);
      }
      case 'garbage behind the log':
        return (
          (await this.#run(this.#task([]), { killAt: 1 + random.below(LAST_KILL) })) && appendToLog(this.#file, random)
        );
      case 'failing commit': {
        const plan = [2, 5, 9].map((n): FaultPlan => ({
          at: random.of(['the writer is about to commit', 'the writer has inserted an event']),
          hit: n + random.below(10),
          action: 'fail',
        }));
        await this.#run(this.#task(plan));
        return true;
      }
      case 'disk full':
        await this.#run(this.#task([], { maxBytes: this.#bytes() + random.below(40_000) }));
        return true;
      case 'file limit':
        // Of the write-ahead log too. The projection would be in want of a disk like everything else.
        await this.#run(this.#task([], { projects: false }), {
          fileBytes: this.#bytes() + 60_000 + random.below(200_000),
        });
        return true;
      case 'read-only':
        return this.#readOnly();
      case 'slow disk': {
        const milliseconds = 1 + random.below(15);
        await this.#run(this.#task([{ at: 'the writer is about to commit', hit: 1, action: 'delay', milliseconds }]));
        return true;
      }
      case 'paused': {
        const running = startDriver(this.options.build, this.#task([]), this.record);
        await Promise.race([running.ended, pause(150 + random.below(250))]);
        if (running.child.exitCode === null) await pauseProgram(running, 50 + random.below(300));
        const { code, stderr } = await running.ended;
        this.record.push({ entry: 'ended', with: 'store' });
        if (code !== 0) throw new Error(`The paused program ended with ${code}: ${stderr}`);
        return true;
      }
    }
  }

  /** A file that nobody may write: a writer is refused, a reader sees what is there, appends are refused. */
  async #readOnly(): Promise<boolean> {
    if (!existsSync(this.#file)) return false;
    chmodSync(this.#file, 0o444);
    try {
      const refused = startDriver(this.options.build, this.#task([]), this.record);
      const { code } = await refused.ended;
      if (code !== 4) throw new Error(`A read-only file was opened for writing (exit code ${code})`);
      await this.#run(this.#task([], { readOnly: true }));
      return true;
    } finally {
      chmodSync(this.#file, 0o644);
    }
  }

  /** A last run with nothing wrong, which reads everything. */
  async finish(): Promise<Round> {
    await this.#run(this.#task([]));
    return { record: this.record, struck: this.struck };
  }
}

/** Every fault of the embedded store once over one log, in an order that the seed gives. */
export const embeddedRound = async (options: RoundOptions): Promise<Round> => {
  const round = new EmbeddedRound(options);
  const random = new Random(options.seed, 'faults');
  const faults: EmbeddedFault[] = [...EMBEDDED_FAULTS];
  while (faults.length > 0) {
    const [fault] = faults.splice(random.below(faults.length), 1);
    if (fault !== undefined) await round.strike(fault);
  }
  return round.finish();
};
