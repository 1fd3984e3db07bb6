import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteEventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { messageOf } from '../failure';
import { followLog } from '../tree/follow-log';
import { TreeFile } from '../tree/tree-file';
import type { FollowAnswer, FollowRequest, FollowTask } from './follower';

/** The body of the thread that hashes: reads the log beside its writer, and writes the tree alone. */
const { file, tree: treeFile }: FollowTask = workerData;

const orThrow = <A>(opened: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

const store = orThrow(openSqliteEventStore({ file, clock: Date.now, readOnly: true }));
const tree = orThrow(TreeFile.open(treeFile));
let paused = new AbortController();

const follow = async (): Promise<FollowAnswer> => {
  paused = new AbortController();
  try {
    await followLog(store, tree, { signal: paused.signal });
    return { kind: 'followed' };
  } catch (error) {
    return { kind: 'failed', message: messageOf(error) };
  }
};

parentPort?.on('message', ({ kind }: FollowRequest) => {
  if (kind === 'pause') paused.abort();
  else
    follow().then(
      (answer) => parentPort?.postMessage(answer),
      () => process.exit(1),
    );
});
