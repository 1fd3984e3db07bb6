import { statSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { Frontier } from '../merkle/frontier';
import { leafHash } from '../merkle/hash';
import { inclusionPath, provesInclusion } from '../merkle/proofs';
import { openTree, temporaryFolder } from '../testing/given-log';
import { type NewLeaf, TreeDamagedError, TreeFile } from './tree-file';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let serial = 0;
const aFile = (): string => folder.path(`${(serial += 1)}.tree.db`);

/** Leaves at positions with gaps between them, as servers give them. */
const leaves = (from: number, count: number): ReadonlyArray<NewLeaf> =>
  Array.from({ length: count }, (_, n) => ({
    hash: leafHash(Buffer.from(String(from + n))),
    position: BigInt((from + n) * 10 + 5),
  }));

describe('the tree file', () => {
  it('however it was filled and opened again, has the roots of all its past sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 150 }), { minLength: 1, maxLength: 5 }), (counts) => {
        const file = aFile();
        const frontier = new Frontier();
        const roots = [frontier.root()];
        for (const count of counts) {
          const tree = openTree(file);
          const added = leaves(tree.size, count);
          tree.append(added, 'first');
          for (const { hash } of added) {
            frontier.push(hash);
            roots.push(frontier.root());
          }
          expect(tree.root()).toBe(frontier.root());
          tree.close();
        }
        const tree = openTree(file);
        expect(roots.map((_, size) => tree.root(size))).toEqual(roots);
        expect([tree.size, tree.origin]).toEqual([roots.length - 1, 'first']);
        const last = tree.size - 1;
        expect([tree.positionOf(last), tree.indexOf(tree.position), tree.indexOf(tree.position + 1n)]).toEqual([
          BigInt(last * 10 + 5),
          last,
          null,
        ]);
        expect(provesInclusion(tree.leaf(0), 0, tree.size, inclusionPath(tree, 0, tree.size), tree.root())).toBe(true);
        tree.close();
      }),
      { numRuns: 12 },
    );
  });

  it('shows a reader beside it how far it has come', () => {
    const file = aFile();
    const tree = openTree(file);
    tree.append(leaves(0, 3), 'first');
    const opened = TreeFile.open(file, { readOnly: true });
    if (opened._tag === 'Left') throw new Error(opened.left.message);
    expect(opened.right.root()).toBe(tree.root());
    tree.append(leaves(3, 200), 'first');
    expect(opened.right.size).toBe(3);
    opened.right.refresh();
    expect([opened.right.size, opened.right.root()]).toEqual([203, tree.root()]);
    for (const each of [opened.right, tree]) each.close();
  });

  it('keeps nothing of an addition that fails', () => {
    const tree = openTree(aFile());
    tree.append(leaves(0, 70), 'first');
    const root = tree.root();
    const wrong = { hash: leafHash(Buffer.from('x')), position: 2n ** 63n };
    expect(() => tree.append([...leaves(70, 100), wrong], 'first')).toThrow();
    expect([tree.size, tree.root()]).toEqual([70, root]);
    tree.append(leaves(70, 1), 'first');
    expect(tree.size).toBe(71);
    tree.close();
  });

  it('copies itself, and takes less than a hundred bytes a leaf', () => {
    const [file, copy] = [aFile(), aFile()];
    const tree = openTree(file);
    for (let from = 0; from < 20_000; from += 1_000) tree.append(leaves(from, 1_000), 'first');
    tree.copyTo(copy);
    const copied = openTree(copy);
    expect(copied.root()).toBe(tree.root());
    for (const each of [copied, tree]) each.close();
    expect(statSync(file).size / 20_000).toBeLessThan(100);
  });

  it('of which rows are gone says so, and one that is none is refused', () => {
    const file = aFile();
    const tree = openTree(file);
    tree.append(leaves(0, 200), 'first');
    tree.close();
    const database = new DatabaseSync(file);
    database.exec('DELETE FROM nodes WHERE id = 0');
    database.close();
    const robbed = openTree(file);
    expect(() => robbed.leaf(0)).toThrow(TreeDamagedError);
    robbed.close();
    const other = aFile();
    writeFileSync(other, 'no tree at all');
    expect(TreeFile.open(other)).toMatchObject({ left: { code: 'TreeUnreadable' } });
    expect(TreeFile.open(aFile(), { readOnly: true })).toMatchObject({ left: { code: 'TreeUnreadable' } });
  });
});
