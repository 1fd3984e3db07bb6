import { type Concept, notEmbodiable, notYet } from './concepts';
import type { Proof } from './proofs';

const cell = (text: string): string => text.replace(/[|[\]<>*_`$]/g, '\\$&');

const proved = (proofs: ReadonlyArray<Proof>): string =>
  proofs.map(({ file, name }) => `[${cell(name)}](../${file})`).join('<br>');

const proof = (row: number, proofs: ReadonlyArray<Proof>): string => {
  const missing = notYet.get(row);
  if (missing !== undefined) return `not built: ${cell(missing)}`;
  return notEmbodiable.has(row) ? 'not embodiable' : proved(proofs);
};

/** `docs/coverage.md`: every concept of the source documents with the tests that prove it. */
export const coveragePage = (concepts: ReadonlyArray<Concept>, proofs: ReadonlyArray<Proof>): string => {
  const byRow = Map.groupBy(proofs, ({ row }) => row);
  return [
    '# Coverage of the source documents',
    '',
    'Every concept of the source documents (`domain.md §18`), where it lives, and the tests that prove it. Made from the tags `// coverage: ROW` of the tests by `npm run coverage`; a test fails when a row has no proof or this page is not what the tags say. What is not built yet says so, and what is missing.',
    '',
    // A table as wide as its longest cell could not be read as text.
    '<!-- prettier-ignore -->',
    '| # | Concept | Software | Proved by |',
    '| --- | --- | --- | --- |',
    ...concepts.map(
      ({ row, concept, software }) =>
        `| ${row} | ${cell(concept)} | ${cell(software)} | ${proof(row, byRow.get(row) ?? [])} |`,
    ),
    '',
  ].join('\n');
};
