import { parentPort } from 'node:worker_threads';
import { openingIn } from '@afecto/privacy';
import { type PartFolder, partFolder } from './fold-customers';
import type { FoldAnswer, FoldMessage, FoldQuestion } from './fold-pool';

/** The body of one folding thread: reads the spill, writes nothing. */
let fold: PartFolder | null = null;

const answerTo = async ({ id, part, spilled, referredOrders }: FoldQuestion): Promise<FoldAnswer> => {
  if (fold === null) return { id, failure: 'asked before there is a log' };
  try {
    return { id, folded: await fold(part, spilled, referredOrders) };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
};

parentPort?.on('message', (message: FoldMessage) => {
  // What is thrown here ends the thread, and the pool with it.
  if (!('id' in message)) fold = partFolder(message, openingIn(message.keyFiles));
  else
    answerTo(message)
      .then((answer) =>
        parentPort?.postMessage(answer, 'folded' in answer ? [answer.folded.ledgers.places.buffer] : []),
      )
      .catch(() => process.exit(1));
});
