import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { concepts, notEmbodiable, notYet } from './concepts';
import { coveragePage } from './page';
import { allProofs, type Proof, proofsIn } from './proofs';

const workspace = resolve(__dirname, '../../../..');
const tags = allProofs(workspace);

describe('the coverage of the source documents', () => {
  const proved = new Set(tags.map(({ row }) => row));

  it('has a proof for every concept, or says that there is none and why', () => {
    const without = concepts.filter(({ row }) => !proved.has(row) && !notEmbodiable.has(row) && !notYet.has(row));
    expect(without.map(({ row }) => row)).toEqual([]);
  });

  it('says of nothing that is proved that it is not there', () => {
    expect([...notYet.keys(), ...notEmbodiable].filter((row) => proved.has(row))).toEqual([]);
    for (const why of notYet.values()) expect(why).toMatch(/^\S.{20,}$/);
  });

  it('has the 172 rows of the specification, each once', () => {
    expect(concepts.map(({ row }) => row)).toEqual(Array.from({ length: 172 }, (_, index) => index + 1));
  });

  it('names only tests that exist and concepts that are there', () => {
    expect(tags.filter(({ name }) => name === null)).toEqual([]);
    const rows = new Set(concepts.map(({ row }) => row));
    expect(tags.filter(({ row }) => !rows.has(row))).toEqual([]);
    expect([...notYet.keys()].filter((row) => !rows.has(row))).toEqual([]);
  });

  it('stands in the documentation as the tags have it (npm run coverage)', () => {
    const proofs = tags.filter((proof): proof is Proof => proof.name !== null);
    expect(readFileSync(resolve(workspace, 'docs/coverage.md'), 'utf8')).toBe(coveragePage(concepts, proofs));
  });

  it.each([
    [
      "// coverage: 3, 4\ndescribe('a thing', () => {",
      [
        [3, 'a thing'],
        [4, 'a thing'],
      ],
    ],
    ["  // coverage: 7\n  // and why\n  it('does so', async () => {", [[7, 'does so']]],
    ["// coverage: 8\nit.each([\n  ['x', 1],\n])('%s is %d', () => {", [[8, '%s is %d']]],
    [
      "describe('a room', () => {\n  describe('a door', () => {});\n  // coverage: 5\n  test('opens', () => {",
      [[5, 'a room: opens']],
    ],
    [
      "// coverage: 6\ndescribe.each(rooms)('%s has a door', (room) => {\n  it('opens', () => {",
      [[6, '%s has a door']],
    ],
    ["// coverage: 1\nit.each(['x', 'y'])(\n  'is %s',\n  (one) => {", [[1, 'is %s']]],
    ["// coverage: 2\nit(\n  'is there',\n  () => {", [[2, 'is there']]],
    ["// coverage: 3\nit(name, () => {\n  it('is another', () => {", [[3, null]]],
    ['// coverage: 9\nconst nothing = 1;', [[9, null]]],
  ])('reads tags: %j', (text, expected) => {
    expect(proofsIn('a.spec.ts', text).map(({ row, name }) => [row, name])).toEqual(expected);
  });
});
