import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { besideReadModels } from '@afecto/application';
import { endsInLog, followLog, TreeFile } from '@afecto/audit';
import type { EventStore } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { CommandSettings } from '../settings';
import { counted } from '../terminal/numbers';
import { progressLine } from '../terminal/progress';
import { temporaryFolder } from './temporary-folder';

const orThrow = <A>(opened: E.Either<{ readonly message: string }, A>): A => {
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

/** The tree that a server keeps of this log, when it is there and ends in the log; null otherwise. */
const keptTree = async (file: string, store: EventStore): Promise<TreeFile | null> => {
  if (!existsSync(file)) return null;
  const opened = TreeFile.open(file, { readOnly: true });
  if (E.isLeft(opened)) return null;
  if (await endsInLog(store, opened.right)) return opened.right;
  opened.right.close();
  return null;
};

/** The whole tree of a log as it is now, for one answer. Null: interrupted. */
export interface WholeTree {
  readonly tree: TreeFile;
  readonly close: () => void;
}

/**
 * The tree of a log up to its end, made without touching the one that a server keeps: a copy of that, or a
 * new one where there is none, brought to the end of the log in a temporary file.
 */
export const wholeTree = async (
  settings: CommandSettings,
  store: EventStore,
  signal: AbortSignal,
): Promise<WholeTree | null> => {
  const kept = await keptTree(besideReadModels(settings.readModels, 'tree'), store);
  const head = await store.head();
  if (kept !== null && kept.position === head) return { tree: kept, close: () => kept.close() };
  const folder = temporaryFolder('afecto-tree-');
  const file = join(folder.path, 'tree.db');
  const line = progressLine('hashing', !settings.json);
  let tree: TreeFile | null = null;
  try {
    kept?.copyTo(file);
    tree = orThrow(TreeFile.open(file));
    await followLog(store, tree, {
      signal,
      onProgress: (size, position) => line.update(Number(position), Number(head), counted(size, 'event')),
    });
    const whole = tree;
    if (signal.aborted) return null;
    tree = null;
    return {
      tree: whole,
      close: () => {
        whole.close();
        folder.remove();
      },
    };
  } finally {
    line.end();
    kept?.close();
    if (tree !== null) {
      tree.close();
      folder.remove();
    } else if (signal.aborted) folder.remove();
  }
};
