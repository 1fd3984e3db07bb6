import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Opening } from '@afecto/privacy';
import { type FoldedPart, type PartFolder, partFolder, type ReferredOrders, type SpilledLog } from './fold-customers';
import type { SpilledPart } from './spill';

export interface FoldQuestion {
  readonly id: number;
  readonly part: number;
  readonly spilled: SpilledPart;
  readonly referredOrders: ReferredOrders;
}

export type FoldAnswer =
  { readonly id: number; readonly folded: FoldedPart } | { readonly id: number; readonly failure: string };

/** Folding threads; `close` ends them. */
export interface FoldPool {
  readonly fold: PartFolder;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (folded: FoldedPart) => void;
  readonly reject: (reason: Error) => void;
}

/** The compiled thread; absent where TypeScript runs uncompiled (tests), which then folds in its own thread. */
const WORKER = join(__dirname, 'fold-worker.js');

/** Threads take a second to begin and to compile what they run: for less than this it is not worth it. */
const FACTS_WORTH_THREADS = 200_000;
const MOST_THREADS = 8;

/** Folds in this thread. */
const alone = (log: SpilledLog, opening: Opening): FoldPool => ({
  fold: partFolder(log, opening),
  close: async () => undefined,
});

/**
 * Folds the parts of a spilled log while the caller writes rows, in as many threads as the machine has
 * cores, at most `atMost`; each holds some 80 MiB. A short log, and one where threads cannot run, is
 * folded in the caller's own, with `opening`; threads open what is sealed with keys that they read.
 */
export const foldPool = (log: SpilledLog, opening: Opening, facts: number, atMost = MOST_THREADS): FoldPool => {
  const threads = Math.min(atMost, availableParallelism());
  if (facts < FACTS_WORTH_THREADS || threads < 2 || !existsSync(WORKER)) return alone(log, opening);
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(WORKER, { workerData: log, resourceLimits: { maxYoungGenerationSizeMb: 64 } });
    worker.on('message', (answer: FoldAnswer) => {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('failure' in answer) waiter?.reject(new Error(answer.failure));
      else waiter?.resolve(answer.folded);
    });
    worker.on('error', (error) => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return worker;
  });
  return {
    fold: (part, spilled, referredOrders) =>
      new Promise((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        const question: FoldQuestion = { id, part, spilled, referredOrders };
        workers[id % workers.length]?.postMessage(question);
      }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};
