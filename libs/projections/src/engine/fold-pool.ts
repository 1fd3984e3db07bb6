import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Opening } from '@afecto/privacy';
import { type FoldedPart, type PartFolder, partFolder, type ReferredOrders, type SpilledLog } from './fold-customers';
import type { SpilledPart } from './spill';

/** The first message to a thread is the log that it folds; then questions follow. */
export type FoldMessage = SpilledLog | FoldQuestion;

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
  /** So many facts are to be folded, at least: threads start as soon as they are worth it, while the log is read. */
  readonly expect: (facts: number) => void;
  /** What is folded, as soon as it is known. */
  readonly begin: (log: SpilledLog) => PartFolder;
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

interface Threads {
  readonly fold: PartFolder;
  readonly begin: (log: SpilledLog) => void;
  readonly close: () => Promise<void>;
}

const started = (threads: number): Threads => {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  /** A thread that ended ends the build, also when nobody waited for it just then. */
  let failure: Error | null = null;
  const lost = (reason: Error): void => {
    failure ??= reason;
    for (const { reject } of waiting.values()) reject(failure);
    waiting.clear();
  };
  const workers = Array.from({ length: threads }, () => {
    const worker = new Worker(WORKER, { resourceLimits: { maxYoungGenerationSizeMb: 64 } });
    worker.on('message', (answer: FoldAnswer) => {
      const waiter = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('failure' in answer) waiter?.reject(new Error(answer.failure));
      else waiter?.resolve(answer.folded);
    });
    worker.on('error', lost);
    // After `close` nobody waits.
    worker.on('exit', (code) => lost(new Error(`a folding thread ended with ${code}`)));
    return worker;
  });
  const fold: PartFolder = (part, spilled, referredOrders) =>
    new Promise((resolve, reject) => {
      if (failure !== null) return reject(failure);
      const id = asked++;
      waiting.set(id, { resolve, reject });
      const question: FoldMessage = { id, part, spilled, referredOrders };
      workers[id % workers.length]?.postMessage(question);
    });
  return {
    fold,
    begin: (log: FoldMessage) => {
      for (const worker of workers) worker.postMessage(log);
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
};

/**
 * Folds the parts of a spilled log while the caller writes rows, in as many threads as the machine has
 * cores, at most `atMost`; each holds some 80 MiB. A short log, and one where threads cannot run, is
 * folded in the caller's own, with `opening`; threads open what is sealed with keys that they read.
 */
export const foldPool = (opening: Opening, atMost = MOST_THREADS): FoldPool => {
  const most = Math.min(atMost, availableParallelism());
  let threads: Threads | null = null;
  return {
    expect: (facts) => {
      if (threads === null && facts >= FACTS_WORTH_THREADS && most >= 2 && existsSync(WORKER)) threads = started(most);
    },
    begin: (log) => {
      if (threads === null) return partFolder(log, opening);
      threads.begin(log);
      return threads.fold;
    },
    close: async () => threads?.close(),
  };
};
