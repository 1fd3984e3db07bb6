import fc from 'fast-check';
import { Frontier } from './frontier';
import { EMPTY_ROOT, type Hash, leafHash, nodeHash, toHex } from './hash';
import { consistencyPath, inclusionPath, type Nodes, provesConsistency, provesInclusion, rootOf } from './proofs';

/** The classical test tree of Certificate Transparency (RFC 6962, RFC 9162): eight leaves and their known hashes. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const NODES = {
  leaf1: '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
  leaf4: 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
  leaves2To3: '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
  leaves4To5: '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
  leaves6To7: 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
  leaves4To7: '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
};

/** A tree in memory. */
const treeOf = (hashes: ReadonlyArray<Hash>): { readonly nodes: Nodes; readonly frontier: Frontier } => {
  const kept = new Map<string, Hash>();
  const frontier = new Frontier();
  for (const hash of hashes) frontier.push(hash, (level, index, node) => kept.set(`${level}/${index}`, node));
  const node: Nodes['node'] = (level, index) => {
    const found = kept.get(`${level}/${index}`);
    if (found === undefined) throw new Error(`no node ${index} of level ${level}`);
    return found;
  };
  return { nodes: { node }, frontier };
};

/** MTH exactly as RFC 9162 §2.1.1 writes it, for comparison. */
const plainRoot = (hashes: ReadonlyArray<Hash>): Hash => {
  if (hashes.length === 0) return EMPTY_ROOT;
  const [first = ''] = hashes;
  if (hashes.length === 1) return first;
  let k = 1;
  while (k * 2 < hashes.length) k *= 2;
  return nodeHash(plainRoot(hashes.slice(0, k)), plainRoot(hashes.slice(k)));
};

const classical = LEAVES.map((hex) => leafHash(Buffer.from(hex, 'hex')));
const anonymous = (count: number): ReadonlyArray<Hash> =>
  Array.from({ length: count }, (_, n) => leafHash(Buffer.from(String(n))));

describe('the Merkle tree', () => {
  it('has the known roots of the classical test tree', () => {
    expect(toHex(EMPTY_ROOT)).toBe(ROOTS[0]);
    for (const [size, root] of ROOTS.entries()) {
      const { frontier, nodes } = treeOf(classical.slice(0, size));
      expect([toHex(frontier.root()), toHex(rootOf(nodes, size))]).toEqual([root, root]);
    }
  });

  it.each([
    [0, 1, []],
    [0, 8, [NODES.leaf1, NODES.leaves2To3, NODES.leaves4To7]],
    [5, 8, [NODES.leaf4, NODES.leaves6To7, ROOTS[4]]],
    [2, 3, [ROOTS[2]]],
    [1, 5, [ROOTS[1], NODES.leaves2To3, NODES.leaf4]],
  ])('has the known inclusion path of leaf %d among %d', (index, size, expected) => {
    const path = inclusionPath(treeOf(classical).nodes, index, size);
    expect(path.map(toHex)).toEqual(expected);
    const root = plainRoot(classical.slice(0, size));
    expect(provesInclusion(classical[index] ?? '', index, size, path, root)).toBe(true);
  });

  it.each([
    [1, 1, []],
    [1, 8, [NODES.leaf1, NODES.leaves2To3, NODES.leaves4To7]],
    [6, 8, [NODES.leaves4To5, NODES.leaves6To7, ROOTS[4]]],
    [2, 5, [NODES.leaves2To3, NODES.leaf4]],
  ])('has the known consistency path from %d to %d', (first, second, expected) => {
    expect(consistencyPath(treeOf(classical).nodes, first, second).map(toHex)).toEqual(expected);
  });

  it('grown leaf by leaf, or taken up again at any size, has the root of the definition', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }), (a, b) => {
        const [from, to] = a < b ? [a, b] : [b, a];
        const leaves = anonymous(to);
        const { nodes, frontier } = treeOf(leaves);
        const again = Frontier.of(from, nodes.node);
        expect(again.root()).toBe(plainRoot(leaves.slice(0, from)));
        for (const leaf of leaves.slice(from)) again.push(leaf);
        expect([again.root(), frontier.root(), rootOf(nodes, to)]).toEqual(Array(3).fill(plainRoot(leaves)));
      }),
      { numRuns: 50 },
    );
  });

  it('proves inclusion and consistency of any leaf and sizes, and of no other', () => {
    const leaves = anonymous(130);
    const { nodes } = treeOf(leaves);
    const sizes = fc.tuple(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 130 }));
    fc.assert(
      fc.property(sizes, fc.nat(), fc.nat(), ([a, b], place, change) => {
        const [first, second] = a < b ? [a, b] : [b, a];
        const index = place % second;
        const [leaf = '', other = ''] = [leaves[index], leaves[(index + 1) % 130]];
        const roots = [rootOf(nodes, first), rootOf(nodes, second)] as const;
        const path = inclusionPath(nodes, index, second);
        expect(provesInclusion(leaf, index, second, path, roots[1])).toBe(true);
        expect(provesInclusion(other, index, second, path, roots[1])).toBe(false);
        expect(provesInclusion(leaf, (index + 1) % second, second, path, roots[1])).toBe(second === 1);
        const grown = consistencyPath(nodes, first, second);
        expect(provesConsistency(first, second, grown, ...roots)).toBe(true);
        expect(provesConsistency(first, second, grown, roots[0], EMPTY_ROOT)).toBe(false);
        const broken = (proof: ReadonlyArray<Hash>): ReadonlyArray<Hash> =>
          proof.with(change % proof.length, EMPTY_ROOT);
        if (path.length > 0) expect(provesInclusion(leaf, index, second, broken(path), roots[1])).toBe(false);
        if (grown.length > 0) expect(provesConsistency(first, second, broken(grown), ...roots)).toBe(false);
        expect(provesInclusion(leaf, index, second, [...path, EMPTY_ROOT], roots[1])).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});
