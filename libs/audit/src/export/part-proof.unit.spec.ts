import fc from 'fast-check';
import { Frontier } from '../merkle/frontier';
import { type Hash, leafHash, nodeHash } from '../merkle/hash';
import { inclusionPath } from '../merkle/proofs';
import { type KnownLeaf, partProof, rootOfPart } from './part-proof';

/** A tree in memory. */
const treeOf = (size: number) => {
  const nodes = new Map<string, Hash>();
  const frontier = new Frontier();
  const leaves = Array.from({ length: size }, (_, index) => leafHash(Buffer.from(String(index))));
  for (const leaf of leaves) frontier.push(leaf, (level, index, hash) => nodes.set(`${level} ${index}`, hash));
  const node = (level: number, index: number): Hash => nodes.get(`${level} ${index}`) ?? '';
  return { leaves, root: frontier.root(), nodes: { node } };
};

const parts = fc
  .integer({ min: 1, max: 70 })
  .chain((size) => fc.record({ size: fc.constant(size), indexes: fc.uniqueArray(fc.nat(size - 1)) }))
  .map(({ size, indexes }) => ({ size, indexes: indexes.toSorted((a, b) => a - b) }));

const known = (leaves: ReadonlyArray<Hash>, indexes: ReadonlyArray<number>): ReadonlyArray<KnownLeaf> =>
  indexes.map((index) => ({ index, hash: leaves[index] ?? '' }));

describe('the proof of a part', () => {
  it('leads from any leaves to the root, and from no others', () => {
    let changed = 0;
    fc.assert(
      fc.property(parts, fc.nat(), ({ size, indexes }, which) => {
        const { leaves, root, nodes } = treeOf(size);
        const proof = partProof(nodes, indexes, size);
        const ours = known(leaves, indexes);
        expect(rootOfPart(ours, size, proof)).toBe(root);
        const place = which % Math.max(1, ours.length);
        const other = ours.map((leaf, at) => (at === place ? { ...leaf, hash: leafHash(Buffer.from('x')) } : leaf));
        if (ours.length > 0) {
          changed += 1;
          expect(rootOfPart(other, size, proof)).not.toBe(root);
          expect(rootOfPart(ours.toSpliced(place, 1), size, proof)).not.toBe(root);
        }
        expect(rootOfPart(ours, size, [...proof, root])).toBeNull();
        if (proof.length > 0) expect(rootOfPart(ours, size, proof.slice(1))).not.toBe(root);
      }),
      { numRuns: 150 },
    );
    expect(changed).toBeGreaterThan(20);
  });

  it('of one leaf has the hashes of its inclusion proof, and of none the root alone', () => {
    const { leaves, root, nodes } = treeOf(13);
    expect(new Set(partProof(nodes, [6], 13))).toEqual(new Set(inclusionPath(nodes, 6, 13)));
    expect(partProof(nodes, [], 13)).toEqual([root]);
    expect(
      partProof(
        nodes,
        leaves.map((_, index) => index),
        13,
      ),
    ).toEqual([]);
  });

  it('takes no leaves out of order or beyond the tree', () => {
    const { leaves, nodes } = treeOf(4);
    const proof = partProof(nodes, [1, 2], 4);
    expect(rootOfPart(known(leaves, [2, 1]), 4, proof)).toBeNull();
    expect(rootOfPart(known(leaves, [1, 1]), 4, proof)).toBeNull();
    expect(rootOfPart(known(leaves, [1, 4]), 4, proof)).toBeNull();
    expect(rootOfPart(known(leaves, [1, 2]), 4, proof)).toBe(nodeHash(nodes.node(1, 0), nodes.node(1, 1)));
  });
});
