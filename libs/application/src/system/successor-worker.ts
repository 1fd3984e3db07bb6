import { parentPort, workerData } from 'node:worker_threads';
import * as E from 'fp-ts/Either';
import { prepareBeside, type SuccessorMessage, type SuccessorQuestion } from './succession';

/** The body of the thread that builds a successor: reads the log beside its writer, writes files of its own. */
const { eventStore, readModels, keyStore, masterKey, now }: SuccessorQuestion = workerData;
const stopped = new AbortController();
parentPort?.on('message', () => stopped.abort());

const say = (message: SuccessorMessage): void => parentPort?.postMessage(message);

prepareBeside(
  { eventStore, readModels, keyStore, masterKey, quarantine: '', now: () => now },
  {
    signal: stopped.signal,
    onProgress: (progress) => say({ kind: 'progress', progress }),
    // One core is left to those who ask.
    threads: 1,
  },
)
  .catch((error: unknown) =>
    E.left({ code: 'Failed', message: error instanceof Error ? error.message : String(error) }),
  )
  .then((prepared) => {
    say({ kind: 'prepared', prepared });
    parentPort?.close();
  })
  .catch(() => process.exit(1));
