import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import { marksIn, readSource, sourcesOf, withFaultPoints, workspace } from './testing/fault-build';

const projects = ['libs', 'apps'].flatMap((folder) =>
  readdirSync(join(workspace, folder)).map((name) => `${folder}/${name}`),
);
const sources = projects.flatMap((project) => sourcesOf(project));
const marked = sources.filter((file) => marksIn(readSource(file)).length > 0);

/** As the ordinary build compiles it: with the settings of the workspace and nothing else. */
const compile = (file: string, source: string): string =>
  transformSync(source, { filename: join(workspace, file), sourceMaps: false }).code;

const withoutComments = (code: string): string => code.replaceAll(/^\s*\/\/.*$/gm, '').replaceAll(/\n\s*\n/g, '\n');

describe('the ordinary build', () => {
  it.each(marked)('has nothing of the marks in %s', (file) => {
    const source = readSource(file);
    const compiled = compile(file, source);
    expect(compiled).not.toContain('afectoFaultPoint');
    const unmarked = source.replaceAll(/^ *\/\/ fault point: .*\n/gm, '');
    expect(withoutComments(compiled)).toBe(withoutComments(compile(file, unmarked)));
  });

  it('does not reach the programs that inject faults', () => {
    const others = sources.filter((file) => !file.includes('/history/'));
    expect(others.length).toBeGreaterThan(200);
    expect(others.filter((file) => /['"/]history\//.test(readSource(file)))).toEqual([]);
    expect(others.filter((file) => readSource(file).includes('afectoFaultPoint'))).toEqual([]);
  });
});

describe('the build with fault points', () => {
  it.each(marked)('has each mark of %s as a call, on its line', (file) => {
    const source = readSource(file);
    const armed = withFaultPoints(source);
    expect(armed.split('\n').length).toBe(source.split('\n').length);
    for (const mark of marksIn(source))
      expect(compile(file, armed)).toContain(`globalThis.afectoFaultPoint?.(${JSON.stringify(mark)})`);
  });

  it('tells all marks apart', () => {
    const marks = marked.flatMap((file) => marksIn(readSource(file)));
    expect(marks.length).toBeGreaterThan(15);
    expect(new Set(marks).size).toBe(marks.length);
  });
});
