import { type Hash, nodeHash } from '../merkle/hash';
import { type Nodes, split, subtree } from '../merkle/proofs';

/** A leaf that is known, and which of the tree it is, from 0. */
export interface KnownLeaf {
  readonly index: number;
  readonly hash: Hash;
}

/** Walks the tree of `size` leaves from the left; `absent` is asked for subtrees without a known leaf. */
const walk = (
  indexes: ReadonlyArray<number>,
  size: number,
  visit: {
    readonly leaf: (place: number) => Hash;
    readonly absent: (from: number, to: number) => Hash;
  },
): Hash => {
  /** `first`..`last`: which of the known leaves lie in the range. */
  const rootOf = (from: number, to: number, first: number, last: number): Hash => {
    if (first === last) return visit.absent(from, to);
    if (to - from === 1) return visit.leaf(first);
    const middle = from + split(to - from);
    let border = first;
    while (border < last && (indexes[border] ?? 0) < middle) border += 1;
    const left = rootOf(from, middle, first, border);
    return nodeHash(left, rootOf(middle, to, border, last));
  };
  return rootOf(0, size, 0, indexes.length);
};

/**
 * What must be known besides some leaves to compute the root: the roots of all subtrees in which none of
 * them lies, as large as they can be, from the left to the right. An inclusion proof (RFC 9162 §2.1.3) of
 * many leaves at once, in which no hash stands twice.
 *
 * @param indexes rising, each below `size`
 */
export const partProof = (nodes: Nodes, indexes: ReadonlyArray<number>, size: number): ReadonlyArray<Hash> => {
  const hashes: Hash[] = [];
  if (size === 0) return hashes;
  walk(indexes, size, {
    leaf: () => '',
    absent: (from, to) => {
      const hash = subtree(nodes, from, to);
      hashes.push(hash);
      return hash;
    },
  });
  return hashes;
};

/** The root that leaves and proof give; null: they do not fit together. */
export const rootOfPart = (leaves: ReadonlyArray<KnownLeaf>, size: number, proof: ReadonlyArray<Hash>): Hash | null => {
  const rises = leaves.every(({ index }, place) => index > (leaves[place - 1]?.index ?? -1) && index < size);
  if (!rises || size === 0) return null;
  let used = 0;
  const root = walk(
    leaves.map(({ index }) => index),
    size,
    { leaf: (place) => leaves[place]?.hash ?? '', absent: () => proof[used++] ?? '' },
  );
  return used === proof.length ? root : null;
};
