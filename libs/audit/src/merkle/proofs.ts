import { EMPTY_ROOT, type Hash, nodeHash } from './hash';

/** The complete subtrees of a tree: `node(level, index)` is the root of the leaves from index·2^level, 2^level of them. */
export interface Nodes {
  readonly node: (level: number, index: number) => Hash;
}

/** The largest power of two smaller than `count`, which is at least 2. */
export const split = (count: number): number => {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
};

/** MTH(D[from:to]) where `from` is a multiple of a power of two that is not below the length. */
export const subtree = (nodes: Nodes, from: number, to: number): Hash => {
  const count = to - from;
  if (count === 0) return EMPTY_ROOT;
  const level = Math.round(Math.log2(count));
  if (2 ** level === count) return nodes.node(level, from / count);
  const k = split(count);
  return nodeHash(subtree(nodes, from, from + k), subtree(nodes, from + k, to));
};

/** The root of the first `size` leaves, O(log size). */
export const rootOf = (nodes: Nodes, size: number): Hash => subtree(nodes, 0, size);

/** PATH(index, D[size]) of RFC 9162 §2.1.3.1, from the leaf upwards. `index` < `size`. */
export const inclusionPath = (nodes: Nodes, index: number, size: number): ReadonlyArray<Hash> => {
  const path: Hash[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + split(to - from);
    if (index < middle) {
      path.push(subtree(nodes, middle, to));
      to = middle;
    } else {
      path.push(subtree(nodes, from, middle));
      from = middle;
    }
  }
  return path.reverse();
};

/** PROOF(first, D[second]) of RFC 9162 §2.1.4.1. 0 < `first` <= `second`; empty when they are equal. */
export const consistencyPath = (nodes: Nodes, first: number, second: number): ReadonlyArray<Hash> => {
  const path: Hash[] = [];
  let [from, to] = [0, second];
  // Whether D[from:first] is the whole old tree, whose root the verifier has.
  let isKnown = true;
  while (first !== to) {
    const middle = from + split(to - from);
    if (first <= middle) {
      path.push(subtree(nodes, middle, to));
      to = middle;
    } else {
      path.push(subtree(nodes, from, middle));
      from = middle;
      isKnown = false;
    }
  }
  if (!isKnown) path.push(subtree(nodes, from, to));
  return path.reverse();
};

/** Whether the path leads from the leaf to the root, RFC 9162 §2.1.3.2. */
export const provesInclusion = (
  leaf: Hash,
  index: number,
  size: number,
  path: ReadonlyArray<Hash>,
  root: Hash,
): boolean => {
  if (index >= size) return false;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else hash = nodeHash(hash, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && hash === root;
};

/** Whether the second tree begins with the first, RFC 9162 §2.1.4.2; a tree without leaves begins every tree. */
export const provesConsistency = (
  first: number,
  second: number,
  path: ReadonlyArray<Hash>,
  firstRoot: Hash,
  secondRoot: Hash,
): boolean => {
  if (first > second) return false;
  if (first === 0) return path.length === 0 && firstRoot === EMPTY_ROOT;
  if (first === second) return path.length === 0 && firstRoot === secondRoot;
  const isPower = 2 ** Math.round(Math.log2(first)) === first;
  const hashes = isPower ? [firstRoot, ...path] : path;
  let [node, last] = [first - 1, second - 1];
  while (node % 2 === 1) [node, last] = [(node - 1) / 2, Math.floor(last / 2)];
  const [begin, ...rest] = hashes;
  if (begin === undefined) return false;
  let [old, grown] = [begin, begin];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sibling, old);
      grown = nodeHash(sibling, grown);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else grown = nodeHash(grown, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && old === firstRoot && grown === secondRoot;
};
