import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { SpilledPart } from '../../engine/spill';
import { type ComparedLog, type ComparedPart, partComparer } from './part-comparer';

export interface ComparisonQuestion {
  readonly id: number;
  readonly part: number;
  readonly spilled: SpilledPart;
}

export type ComparisonAnswer =
  { readonly id: number; readonly compared: ComparedPart } | { readonly id: number; readonly failure: string };

/** Comparing threads; `close` ends them. */
export interface ComparisonPool {
  readonly compare: (part: number, spilled: SpilledPart) => Promise<ComparedPart>;
  readonly close: () => Promise<void>;
}

interface Waiting {
  readonly resolve: (compared: ComparedPart) => void;
  readonly reject: (reason: Error) => void;
}

/** The compiled thread; absent where TypeScript runs uncompiled (tests), which then compares in its own thread. */
const WORKER = join(__dirname, 'comparison-worker.js');

/** Threads take a second to begin: for less than this it is not worth it. Every fact is folded twice. */
const FACTS_WORTH_THREADS = 100_000;
const MOST_THREADS = 8;

const alone = (log: ComparedLog): ComparisonPool => {
  const compare = partComparer(log);
  return {
    compare: async (part, spilled) => {
      await nextTurn();
      return compare(part, spilled);
    },
    close: async () => undefined,
  };
};

/** As many threads as the machine has cores, each holding some 80 MiB; a short log is compared in the caller's own. */
export const comparisonPool = (log: ComparedLog, facts: number): ComparisonPool => {
  const threads = Math.min(MOST_THREADS, availableParallelism());
  if (facts < FACTS_WORTH_THREADS || threads < 2 || !existsSync(WORKER)) return alone(log);
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(WORKER, { workerData: log, resourceLimits: { maxYoungGenerationSizeMb: 64 } });
    worker.on('message', (answer: ComparisonAnswer) => {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('failure' in answer) waiter?.reject(new Error(answer.failure));
      else waiter?.resolve(answer.compared);
    });
    worker.on('error', (error) => {
      for (const { reject } of waiting.values()) reject(error);
      waiting.clear();
    });
    return worker;
  });
  return {
    compare: (part, spilled) =>
      new Promise((resolve, reject) => {
        const id = asked++;
        waiting.set(id, { resolve, reject });
        const question: ComparisonQuestion = { id, part, spilled };
        workers[id % workers.length]?.postMessage(question);
      }),
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};
