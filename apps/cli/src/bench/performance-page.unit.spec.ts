/** `docs/performance.md` explains each line of the bench, and its table has no other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineNames } from './groups';

const page = readFileSync(join(__dirname, '../../../../docs/performance.md'), 'utf8');
const section = (title: string): string => page.split(/^## /m).find((part) => part.startsWith(title)) ?? '';

it('every line is explained', () => {
  const explained = [...section('The lines').matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name]) => name);
  expect(explained.toSorted()).toEqual([...lineNames].toSorted());
});

it('the table has the lines that there are', () => {
  const shown = [...section('Last run').matchAll(/^\| ([a-z][\w-]*) +\|/gm)].map(([, name]) => name);
  const always = lineNames.filter((name) => name !== 'rebuild-large');
  expect(new Set(shown)).toEqual(new Set(always));
});
