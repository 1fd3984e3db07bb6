import type { EventStore, Position } from '@afecto/event-store';
import { LeafEncoder } from '../leaf/leaf-bytes';
import type { NewLeaf, TreeFile } from './tree-file';

/** What is read of a log for its tree. */
export type Records = Pick<EventStore, 'readRecords'>;

export interface FollowOptions {
  /** Last position taken; default the end of the log. */
  readonly to?: Position;
  /** Events read, hashed and committed at once; default `BULK`. Fewer keep the event loop for less long. */
  readonly pageSize?: number;
  /** Ends the following early; what is committed stays. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (size: number, position: Position) => void;
}

/** For a process or a thread that does nothing else: a commit writes a row for each level of the tree. */
const BULK = 4_000;
/** Some milliseconds of the event loop. */
export const BETWEEN_OTHER_WORK = 500;

/** Brings the tree to the end of the log. Each page of leaves is committed with how far it reaches. */
export const followLog = async (
  store: Records,
  tree: TreeFile,
  { to, pageSize = BULK, signal, onProgress }: FollowOptions = {},
): Promise<void> => {
  const encoder = new LeafEncoder();
  const range = { after: tree.position, pageSize, ...(to === undefined ? {} : { to }) };
  for await (const page of store.readRecords(range)) {
    if (signal?.aborted === true) return;
    const leaves: NewLeaf[] = [];
    for (const record of page) leaves.push({ hash: encoder.hash(record), position: record.position });
    tree.append(leaves, tree.size === 0 ? (page[0]?.id ?? '') : tree.origin);
    onProgress?.(tree.size, tree.position);
  }
};

/** Whether the log still has, where the tree ends, the event that the tree ends with. Says nothing about earlier ones. */
export const endsInLog = async (store: Records, tree: TreeFile): Promise<boolean> => {
  if (tree.size === 0) return true;
  const last = tree.size - 1;
  const after = last === 0 ? 0n : tree.positionOf(last - 1);
  for await (const page of store.readRecords({ after, to: tree.position, pageSize: 1 }))
    for (const record of page)
      if (record.position === tree.position) return new LeafEncoder().hash(record) === tree.leaf(last);
  return false;
};
