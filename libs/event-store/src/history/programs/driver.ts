import { writeSync } from 'node:fs';
import * as E from 'fp-ts/Either';
import type { EventStore } from '../../port';
import { openEventStoreDb } from '../../eventstoredb/open-event-store-db';
import { StoreUnreachableError } from '../../eventstoredb/store-unreachable-error';
import type { EventStoreDbTimings } from '../../eventstoredb/timings';
import { openSqliteEventStore } from '../../sqlite/open-sqlite-event-store';
import { Random } from '../random';
import { type Entry, Recorder } from '../record';
import { runWorkload, type WorkloadOptions } from '../workload';
import { type FaultPlan, standStill, takePlan } from './fault-actions';
import { jumpingClock } from './jumping-clock';

/** What a driver is told in its first argument, as JSON. */
export interface DriverTask {
  readonly store:
    | {
        readonly engine: 'sqlite';
        readonly file: string;
        readonly readOnly: boolean;
        /** Where the disk is full, in bytes; `null`: nowhere. */
        readonly maxBytes: number | null;
      }
    | { readonly engine: 'eventstoredb'; readonly url: string; readonly timings: Partial<EventStoreDbTimings> };
  readonly workload: WorkloadOptions;
  readonly plan: ReadonlyArray<FaultPlan>;
}

/** Exit codes. */
export const CANNOT_OPEN = 4;

/** Whole lines to the parent, before anything else happens: what was written is not lost with the process. */
const writeLine = (text: string): void => {
  const bytes = Buffer.from(`${text}\n`);
  for (let written = 0; written < bytes.length;)
    try {
      written += writeSync(1, bytes, written);
    } catch (error) {
      // The pipe is full: the parent has not read it yet.
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'EAGAIN') throw error;
      standStill(1);
    }
};

/** Connections to a server: writers of different ones meet only there. */
const CONNECTIONS = 2;

type Opened = E.Either<{ readonly message: string }, EventStore>;

const open = ({ store, workload }: DriverTask): ReadonlyArray<Promise<Opened>> => {
  if (store.engine === 'eventstoredb')
    return Array.from({ length: CONNECTIONS }, () => openEventStoreDb({ url: store.url, timings: store.timings }));
  const { file, readOnly, maxBytes } = store;
  const clock = jumpingClock(new Random(workload.seed, `${workload.run}/clock`));
  const options = { file, readOnly, clock, ...(maxBytes === null ? {} : { maxBytes }) };
  return [Promise.resolve<Opened>(openSqliteEventStore(options))];
};

const main = async (): Promise<number> => {
  const task: DriverTask = JSON.parse(process.argv[2] ?? '');
  takePlan(task.plan);
  const stores: EventStore[] = [];
  for (const opening of open(task)) {
    const opened = await opening;
    if (E.isLeft(opened)) {
      process.stderr.write(`${opened.left.message}\n`);
      return CANNOT_OPEN;
    }
    stores.push(opened.right);
  }
  const [first, ...others] = stores;
  if (first === undefined) throw new Error('There is no store');
  const recorder = new Recorder(task.workload.run, (entry: Entry) => writeLine(JSON.stringify(entry)));
  const isAway = (error: unknown): boolean =>
    task.store.engine === 'eventstoredb' && error instanceof StoreUnreachableError;
  await runWorkload([first, ...others], recorder, task.workload, isAway);
  await Promise.all(stores.map((store) => store.close()));
  return 0;
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
