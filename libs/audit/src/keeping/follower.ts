import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { EmbeddedEventStore, EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { BETWEEN_OTHER_WORK, endsInLog, followLog } from '../tree/follow-log';
import { TreeFile, type TreeFileError } from '../tree/tree-file';

/** Keeps a tree at the end of its log. */
export interface Follower {
  /** As it was when `follow` last ended. */
  readonly tree: TreeFile;
  /** Brings the tree to the end that the log has now, or as far as it comes before the signal. */
  readonly follow: (signal: AbortSignal) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** The tree file and the log are not of one history: nothing may be added to the tree, and nothing signed. */
const parted = (tree: TreeFile): E.Either<TreeFileError, never> =>
  E.left({
    code: 'TreeUnreadable',
    message:
      `the log does not have, at position ${tree.position}, the event with which the tree file ${tree.file} ends: the log was changed ` +
      'or replaced. No checkpoint is taken until that is settled: see afecto verify; to begin a new tree, move the file away',
  });

/** In this thread, between other work. */
const followHere = (store: EventStore, tree: TreeFile): Follower => ({
  tree,
  follow: (signal) => followLog(store, tree, { signal, pageSize: BETWEEN_OTHER_WORK }),
  close: async () => tree.close(),
});

/** The compiled thread; absent where TypeScript runs uncompiled (tests), which then follows in its own thread. */
const THREAD = join(__dirname, 'follow-thread.js');

export interface FollowTask {
  /** The log. */
  readonly file: string;
  readonly tree: string;
}
export type FollowRequest = { readonly kind: 'follow' } | { readonly kind: 'pause' };
export type FollowAnswer = { readonly kind: 'followed' } | { readonly kind: 'failed'; readonly message: string };

const answerOf = (thread: Worker, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const pause = (): void => thread.postMessage({ kind: 'pause' } satisfies FollowRequest);
    const end = (): void => {
      signal.removeEventListener('abort', pause);
      thread.off('message', answered).off('error', failed).off('exit', exited);
    };
    const failed = (error: unknown): void => {
      end();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const exited = (): void => failed(new Error('the thread that follows the log has ended'));
    const answered = (answer: FollowAnswer): void => {
      if (answer.kind === 'failed') return failed(new Error(answer.message));
      end();
      resolve();
    };
    thread.on('message', answered).on('error', failed).on('exit', exited);
    signal.addEventListener('abort', pause);
    thread.postMessage({ kind: 'follow' } satisfies FollowRequest);
    if (signal.aborted) pause();
  });

/** In a thread of its own, so that whoever answers callers hashes nothing. The tree is open here for reading only. */
const followBeside = (task: FollowTask, tree: TreeFile): Follower => {
  const thread = new Worker(THREAD, { workerData: task });
  thread.unref();
  // Between two requests nobody listens; the next request finds out.
  thread.on('error', () => undefined);
  let isGone = false;
  thread.on('exit', () => {
    isGone = true;
  });
  return {
    tree,
    follow: async (signal) => {
      if (isGone) throw new Error('the thread that follows the log has ended');
      await answerOf(thread, signal);
      tree.refresh();
    },
    close: async () => {
      await thread.terminate();
      tree.close();
    },
  };
};

/**
 * Opens the tree of a log and whoever keeps it at the log's end: for an embedded log a thread of its own,
 * which reads the file beside its writer. Left: the tree is not this log's.
 */
export const openFollower = async (
  store: EventStore | EmbeddedEventStore,
  treeFile: string,
): Promise<E.Either<TreeFileError, Follower>> => {
  const opened = TreeFile.open(treeFile);
  if (E.isLeft(opened)) return opened;
  const tree = opened.right;
  if (!(await endsInLog(store, tree))) {
    const refusal = parted(tree);
    tree.close();
    return refusal;
  }
  if (!('encoded' in store) || !existsSync(THREAD)) return E.right(followHere(store, tree));
  tree.close();
  const beside = TreeFile.open(treeFile, { readOnly: true });
  if (E.isLeft(beside)) return beside;
  return E.right(followBeside({ file: store.encoded.file, tree: treeFile }, beside.right));
};
