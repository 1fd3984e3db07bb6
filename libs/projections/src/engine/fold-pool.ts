import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Opening } from '@afecto/privacy';
import type { PartWork } from '../threads/parts-ahead';
import { partsAway, type ThreadPool, threadPool, threadsBeside } from '../threads/thread-pool';
import { type FoldedPart, partFolder, type PartQuestion, type SpilledLog } from './fold-customers';

/** Folding threads; `close` ends them. */
export interface FoldPool {
  /** So many facts are to be folded, at least: threads start as soon as they are worth it, while the log is read. */
  readonly expect: (facts: number) => void;
  /** How the parts of a log are folded; `question` tells what there is to know of one when its time has come. */
  readonly begin: (log: SpilledLog, question: (part: number) => PartQuestion) => PartWork<FoldedPart>;
  readonly close: () => Promise<void>;
}

/** The compiled thread; absent where TypeScript runs uncompiled (tests), which then folds in its own thread. */
const WORKER = join(__dirname, 'fold-worker.js');

/** Threads take a second to begin and to compile what they run: for less than this it is not worth it. */
const FACTS_WORTH_THREADS = 200_000;

/**
 * Folds the parts of a spilled log in as many threads as the machine has cores, at most `atMost`, the caller's
 * among them: it folds while it has nothing to write. Each of the others holds some 150 MiB. A short log, and one
 * where threads cannot run, is folded in the caller's own, with `opening`; threads open what is sealed with keys
 * that they read.
 */
export const foldPool = (opening: Opening, atMost?: number): FoldPool => {
  const others = threadsBeside(atMost);
  let threads: ThreadPool<SpilledLog, PartQuestion, FoldedPart> | null = null;
  return {
    expect: (facts) => {
      if (threads === null && facts >= FACTS_WORTH_THREADS && others >= 1 && existsSync(WORKER))
        threads = threadPool(WORKER, others);
    },
    begin: (log, question) => {
      const fold = partFolder(log, opening);
      const here = (part: number): Promise<FoldedPart> => fold(question(part));
      if (threads === null) return { here, away: null };
      threads.tell(log);
      return { here, away: partsAway(threads, question) };
    },
    close: async () => threads?.close(),
  };
};
