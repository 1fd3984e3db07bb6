import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Instant } from '@afecto/domain';
import type { CustomerFolder } from '@afecto/projections';
import type { CustomerChange } from '@afecto/read-models';

export interface FoldSources {
  readonly log: string;
  readonly readModels: string;
  readonly horizon: Instant;
}

export interface FoldQuestion {
  readonly id: number;
  readonly partyIds: ReadonlyArray<string>;
}

export type FoldAnswer =
  | { readonly id: number; readonly changes: ReadonlyArray<CustomerChange> }
  | { readonly id: number; readonly failure: string };

/** Folding threads, started at the first question and ended by `close`. */
export interface FoldPool {
  readonly foldElsewhere: (horizon: Instant) => CustomerFolder;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (changes: ReadonlyArray<CustomerChange>) => void;
  readonly reject: (reason: Error) => void;
}

/** The compiled thread; absent where TypeScript runs uncompiled (tests), which then folds in its own thread. */
const WORKER = join(__dirname, 'fold-worker.js');

const MOST_THREADS = 8;

/**
 * Threads that fold customers from the files of the log and the read models while the caller writes
 * rows; as many as the machine has cores, at most `atMost`: each holds some 80 MiB. Null where they
 * cannot run.
 */
export const createFoldPool = (
  { log, readModels }: Omit<FoldSources, 'horizon'>,
  atMost = MOST_THREADS,
): FoldPool | null => {
  if (!existsSync(WORKER) || readModels === ':memory:') return null;
  const workers: Worker[] = [];
  const waiting = new Map<number, Waiting>();
  let asked = 0;

  const start = (horizon: Instant): void => {
    const sources: FoldSources = { log, readModels, horizon };
    for (let core = 0; core < Math.min(atMost, availableParallelism()); core++) {
      const worker = new Worker(WORKER, { workerData: sources, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
      worker.on('message', (answer: FoldAnswer) => {
        const waiter = waiting.get(answer.id);
        waiting.delete(answer.id);
        if ('failure' in answer) waiter?.reject(new Error(answer.failure));
        else waiter?.resolve(answer.changes);
      });
      worker.on('error', (error) => {
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
      });
      workers.push(worker);
    }
  };

  return {
    foldElsewhere: (horizon) => {
      if (workers.length === 0) start(horizon);
      return (partyIds) =>
        new Promise((resolve, reject) => {
          const id = asked++;
          waiting.set(id, { resolve, reject });
          const question: FoldQuestion = { id, partyIds };
          workers[id % workers.length]?.postMessage(question);
        });
    },
    close: async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.terminate()));
    },
  };
};
