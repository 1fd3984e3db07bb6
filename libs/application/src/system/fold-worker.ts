import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteEventStore } from '@afecto/event-store';
import { type CustomerFolder, customerFolder } from '@afecto/projections';
import { openSqliteReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import type { FoldAnswer, FoldQuestion, FoldSources } from './fold-pool';

/** The body of one folding thread: reads the log and the ledger beside the writer, writes nothing. */
const open = async ({ log, readModels, horizon }: FoldSources): Promise<CustomerFolder> => {
  const store = openSqliteEventStore({ file: log, clock: Date.now, readOnly: true });
  const models = openSqliteReadModels(readModels);
  if (E.isLeft(store)) throw new Error(store.left.message);
  if (E.isLeft(models)) throw new Error(models.left.message);
  return customerFolder(store.right, models.right, horizon);
};

const sources: FoldSources = workerData;
const folding = open(sources);

parentPort?.on('message', ({ id, partyIds }: FoldQuestion) => {
  folding
    .then((fold) => fold(partyIds))
    .then((changes): FoldAnswer => ({ id, changes }))
    .catch((error: unknown): FoldAnswer => ({ id, failure: error instanceof Error ? error.message : String(error) }))
    .then((answer) => parentPort?.postMessage(answer))
    .catch(() => process.exit(1));
});
