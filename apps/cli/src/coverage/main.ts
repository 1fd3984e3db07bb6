import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { concepts, notYet } from './concepts';
import { coveragePage } from './page';
import { allProofs, type Proof } from './proofs';

/** Writes `docs/coverage.md` anew from the tags of the tests. */
const workspace = resolve('.');
const proofs = allProofs(workspace).filter((proof): proof is Proof => proof.name !== null);
writeFileSync(resolve(workspace, 'docs/coverage.md'), coveragePage(concepts, proofs));
const missing = concepts.filter(({ row }) => proofs.every((proof) => proof.row !== row)).map(({ row }) => row);
console.log(
  `${proofs.length} proofs of ${concepts.length - missing.length} concepts; without one: ${missing.join(', ') || 'none'}; ` +
    `not built: ${[...notYet.keys()].join(', ') || 'none'}`,
);
