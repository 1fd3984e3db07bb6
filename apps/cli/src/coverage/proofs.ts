import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A test that proves rows of `domain.md §18`. */
export interface Proof {
  readonly row: number;
  /** Path of the spec file from the workspace. */
  readonly file: string;
  /** What the test states, after the names of its groups. */
  readonly name: string;
}

const TAG = /^\s*\/\/ coverage: ([\d, ]+)$/;
const TEST = /^\s*(?:describe|describeStoreFile|it|test)(?:\.each)?\b/;
const TEXT = /(['"`])((?:(?!\1).)+)\1/.source;
/** `it('a name'`, `])('a name'` and a name that has a line of its own. */
const NAMED = new RegExp(`^\\s*\\w+\\(\\s*${TEXT}`);
const CALLED = new RegExp(`\\)\\(\\s*${TEXT}`);
const ALONE = new RegExp(`^\\s*${TEXT}`);
/** Tables may stand between a test and its name. */
const LINES_TO_NAME = 120;
const GROUP = /^(\s*)(?:describe|describeStoreFile)\(\s*(['"`])((?:(?!\2).)+)\2/;

const indentationOf = (line: string): number => line.length - line.trimStart().length;

/** The groups in which a line lies, by its indentation, the outermost first. */
const groupsAround = (lines: ReadonlyArray<string>, index: number): ReadonlyArray<string> => {
  const groups: string[] = [];
  let inside = indentationOf(lines[index] ?? '');
  for (let at = index - 1; at >= 0 && inside > 0; at -= 1) {
    const [, indentation, , name] = GROUP.exec(lines[at] ?? '') ?? [];
    if (indentation === undefined || name === undefined || indentation.length >= inside) continue;
    groups.unshift(name);
    inside = indentation.length;
  }
  return groups;
};

const nameAfter = (lines: ReadonlyArray<string>, from: number): string | null => {
  const first = lines[from] ?? '';
  if (!/^\s*\w+\.each\b/.test(first))
    return (NAMED.exec(first) ?? (first.endsWith('(') ? ALONE.exec(lines[from + 1] ?? '') : null))?.[2] ?? null;
  for (let at = from; at < from + LINES_TO_NAME; at += 1) {
    const line = lines[at] ?? '';
    const found = CALLED.exec(line) ?? (line.endsWith(')(') ? ALONE.exec(lines[at + 1] ?? '') : null);
    if (found !== null) return found[2] ?? null;
  }
  return null;
};

/** What the tags of one spec file say; a tag that no test follows has no name. */
export const proofsIn = (file: string, text: string): ReadonlyArray<Omit<Proof, 'name'> & { name: string | null }> => {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    const tag = TAG.exec(line)?.[1];
    if (tag === undefined) return [];
    let next = index + 1;
    while (/^\s*(\/\/|\/?\*)/.test(lines[next] ?? '')) next += 1;
    const own = TEST.test(lines[next] ?? '') ? nameAfter(lines, next) : null;
    const name = own === null ? null : [...groupsAround(lines, next), own].join(': ');
    return tag.split(',').map((row) => ({ row: Number(row.trim()), file, name }));
  });
};

const FOLDERS = ['apps', 'docs', 'libs'];

/** Every tag of every spec file of the workspace. */
export const allProofs = (workspace: string): ReturnType<typeof proofsIn> =>
  FOLDERS.flatMap((folder) =>
    readdirSync(join(workspace, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.spec.ts'))
      .map((file) => `${folder}/${file}`)
      .sort()
      .flatMap((file) => proofsIn(file, readFileSync(join(workspace, file), 'utf8'))),
  );
