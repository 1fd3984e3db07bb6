import { parentPort, workerData } from 'node:worker_threads';
import type { ComparisonAnswer, ComparisonQuestion } from './comparison-pool';
import { type ComparedLog, partComparer } from './part-comparer';

/** The body of one comparing thread: reads the spill, writes nothing. */
const log: ComparedLog = workerData;
const compare = partComparer(log);

const answerTo = ({ id, part, spilled }: ComparisonQuestion): ComparisonAnswer => {
  try {
    return { id, compared: compare(part, spilled) };
  } catch (error) {
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
};

parentPort?.on('message', (question: ComparisonQuestion) => parentPort?.postMessage(answerTo(question)));
