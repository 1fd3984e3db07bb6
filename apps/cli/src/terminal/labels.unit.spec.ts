/**
 * A customer is an asset and not an interruption (`domain.md §18`, 127): what people read names nobody by
 * the internal codes of the loyalty matrix and the pyramid. A text for people is a literal with a space in
 * it; a code is a single word.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const workspace = resolve(__dirname, '../../../..');
const folders = [
  'apps/cli/src/terminal',
  'apps/server/src/figures',
  'apps/server/src/queues',
  'libs/domain/src/queues',
  'libs/projections/src',
];
const NEGATIVE = /\b(terrorists?|hostages?|mercenar(y|ies)|defectors?|captives?|nuisances?|troublemakers?)\b/i;
const LITERAL = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g;

const textsIn = (source: string): ReadonlyArray<string> =>
  [...source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').matchAll(LITERAL)]
    .map(([, quoted, template]) => quoted ?? template ?? '')
    .filter((text) => text.includes(' '));

const unkindIn = (source: string): ReadonlyArray<string> => textsIn(source).filter((text) => NEGATIVE.test(text));

describe('what people read', () => {
  // coverage: 127
  it('names no customer by an unkind code', () => {
    const found = folders.flatMap((folder) =>
      readdirSync(join(workspace, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
        .flatMap((file) =>
          unkindIn(readFileSync(join(workspace, folder, file), 'utf8')).map((text) => `${folder}/${file}: ${text}`),
        ),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ["const what = 'Call the terrorist back';", 1],
    ['const why = `A hostage of ${count} days`;', 1],
    ["const extreme = 'terrorist';", 0],
    ["/** A terrorist's word of mouth. */ const what = 'Call the customer back';", 0],
  ])('is told from codes and comments: %s', (source, count) => {
    expect(unkindIn(source)).toHaveLength(count);
  });
});
