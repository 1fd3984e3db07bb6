import { EMPTY_ROOT, type Hash, nodeHash } from './hash';

/** Takes the complete subtrees of a growing tree: `index` counts those of one level from the left, leaves are level 0. */
export type NodeSink = (level: number, index: number, hash: Hash) => void;

/**
 * What must be kept of a Merkle tree to let it grow: the roots of the complete subtrees that its size is
 * made of, at most one a level. Memory is O(log size), adding a leaf costs two hashes on average.
 */
export class Frontier {
  #size = 0;
  /** The last complete subtree of each level that is a left child. */
  readonly #left: Hash[] = [];

  get size(): number {
    return this.#size;
  }

  /** The frontier of a tree that is kept elsewhere. */
  static of(size: number, node: (level: number, index: number) => Hash): Frontier {
    const frontier = new Frontier();
    frontier.#size = size;
    for (let level = 0, rest = size; rest > 0; level++, rest = Math.floor(rest / 2))
      if (rest % 2 === 1) frontier.#left[level] = node(level, rest - 1);
    return frontier;
  }

  /** Adds a leaf's hash; the sink is told of it and of every subtree that it completes. */
  push(leaf: Hash, sink?: NodeSink): void {
    let hash = leaf;
    let index = this.#size;
    let level = 0;
    sink?.(level, index, hash);
    for (; index % 2 === 1; level++) {
      hash = nodeHash(this.#left[level] ?? '', hash);
      index = (index - 1) / 2;
      sink?.(level + 1, index, hash);
    }
    this.#left[level] = hash;
    this.#size += 1;
  }

  /** MTH of all leaves so far, RFC 9162 §2.1.1. */
  root(): Hash {
    let root: Hash | null = null;
    for (let level = 0, rest = this.#size; rest > 0; level++, rest = Math.floor(rest / 2)) {
      if (rest % 2 === 0) continue;
      const left = this.#left[level] ?? '';
      root = root === null ? left : nodeHash(left, root);
    }
    return root ?? EMPTY_ROOT;
  }
}
