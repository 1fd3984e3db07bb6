import { isOfSqlite, messageOf } from '../failure';
import { type Hash, nodeHash } from '../merkle/hash';
import { TreeDamagedError, type TreeFile } from '../tree/tree-file';
import type { CheckedRecord } from './order-check';

/** The first leaf in which log and tree differ. */
export interface LeafDifference {
  readonly index: number;
  readonly explanation: string;
}

/** Whether the node above a leaf is not the hash of the two leaves below it. */
const contradictsItself = (tree: TreeFile, index: number): boolean => {
  const left = index - (index % 2);
  return left + 1 < tree.size && nodeHash(tree.leaf(left), tree.leaf(left + 1)) !== tree.node(1, left / 2);
};

const known = (tree: TreeFile, index: number, what: string): string => `${what} (position ${tree.positionOf(index)})`;

/**
 * The tree file beside the leaves of the log, one after another. Leaf by leaf, so that the first event
 * that differs is known at once; and node by node, so that a tree file with changed nodes is no witness.
 */
export class TreeComparison {
  /** Where log and tree part; what lies behind it is not compared. */
  difference: LeafDifference | null = null;
  /** Why the file is no witness from here on; null: it is one. */
  damage: string | null = null;
  /** Leaves that are equal in both. */
  equal = 0;

  /** @param tree null: there is none */
  constructor(readonly tree: TreeFile | null) {}

  /** Compares the next leaf. */
  leaf(index: number, record: CheckedRecord, hash: Hash): void {
    this.#read((tree) => {
      if (index >= tree.size) return;
      if (tree.leaf(index) !== hash) {
        if (contradictsItself(tree, index)) this.damage = `its leaf ${index} does not belong to the node above it`;
        else
          this.difference = {
            index,
            explanation: known(tree, index, 'is not the event that the tree file knows there'),
          };
        return;
      }
      const position = tree.positionOf(index);
      if (position !== record.position)
        this.difference = { index, explanation: `is known to the tree file at position ${position}` };
      else this.equal = index + 1;
    });
  }

  /** Compares a complete subtree of more than one leaf. */
  node(level: number, index: number, hash: Hash): void {
    if (level === 0) return;
    this.#read((tree) => {
      if ((index + 1) * 2 ** level > tree.size || tree.node(level, index) === hash) return;
      this.damage = `its node ${index} of level ${level} is not the hash of the two below it`;
    });
  }

  /** The log has ended after `size` events. */
  end(size: number): void {
    this.#read((tree) => {
      if (tree.size <= size) return;
      const missing = tree.size - size;
      this.difference = {
        index: size,
        explanation: known(
          tree,
          size,
          `is missing, and ${missing - 1} behind it: the tree file knows ${tree.size} events`,
        ),
      };
    });
  }

  #read(compare: (tree: TreeFile) => void): void {
    if (this.tree === null || this.difference !== null || this.damage !== null) return;
    try {
      compare(this.tree);
    } catch (error) {
      if (!(error instanceof TreeDamagedError) && !isOfSqlite(error)) throw error;
      this.damage = messageOf(error);
    }
  }
}
