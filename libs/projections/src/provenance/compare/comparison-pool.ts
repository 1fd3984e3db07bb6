import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { PartWork } from '../../threads/parts-ahead';
import { partsAway, threadPool, threadsBeside } from '../../threads/thread-pool';
import { type ComparedLog, type ComparedPart, type ComparisonQuestion, partComparer } from './part-comparer';

/** Comparing threads; `close` ends them. */
export interface ComparisonPool {
  readonly work: PartWork<ComparedPart>;
  readonly close: () => Promise<void>;
}

/** The compiled thread; absent where TypeScript runs uncompiled (tests), which then compares in its own thread. */
const WORKER = join(__dirname, 'comparison-worker.js');

/** Threads take a second to begin: for less than this it is not worth it. Every fact is folded twice. */
const FACTS_WORTH_THREADS = 100_000;

/**
 * As many threads as the machine has cores, the caller's among them, each of the others holding some 150 MiB; a
 * short log is compared in the caller's own.
 */
export const comparisonPool = (
  log: ComparedLog,
  facts: number,
  question: (part: number) => ComparisonQuestion,
): ComparisonPool => {
  const compare = partComparer(log);
  const here = async (part: number): Promise<ComparedPart> => compare(question(part));
  const others = threadsBeside();
  if (facts < FACTS_WORTH_THREADS || others < 1 || !existsSync(WORKER))
    return { work: { here, away: null }, close: async () => undefined };
  const threads = threadPool<ComparedLog, ComparisonQuestion, ComparedPart>(WORKER, others);
  threads.tell(log);
  return { work: { here, away: partsAway(threads, question) }, close: threads.close };
};
