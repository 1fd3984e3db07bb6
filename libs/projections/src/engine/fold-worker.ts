import { parentPort, workerData } from 'node:worker_threads';
import { openingIn } from '@afecto/privacy';
import { partFolder, type SpilledLog } from './fold-customers';
import type { FoldAnswer, FoldQuestion } from './fold-pool';

/** The body of one folding thread: reads the spill, writes nothing. */
const log: SpilledLog = workerData;
const fold = partFolder(log, openingIn(log.keyFiles));

parentPort?.on('message', ({ id, part, spilled, referredOrders }: FoldQuestion) => {
  fold(part, spilled, referredOrders)
    .then((folded): FoldAnswer => ({ id, folded }))
    .catch((error: unknown): FoldAnswer => ({ id, failure: error instanceof Error ? error.message : String(error) }))
    .then((answer) => parentPort?.postMessage(answer, 'folded' in answer ? [answer.folded.ledgers.places.buffer] : []))
    .catch(() => process.exit(1));
});
