import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transformSync } from '@swc/core';

/** A mark stands alone on its line; in the ordinary build it is what it is here: a comment. */
const MARK = /^( *)\/\/ fault point: (.+)$/gm;

/** Libraries that the programs need; their folders keep their places, because imports are compiled to relative ones. */
const LIBRARIES = ['domain', 'event-store', 'gateway'];

const workspaceOf = (folder: string): string => {
  if (existsSync(join(folder, 'nx.json'))) return folder;
  const above = dirname(folder);
  if (above === folder) throw new Error('The sources of the workspace are needed, and are not here');
  return workspaceOf(above);
};

export const workspace = workspaceOf(__dirname);

/** TypeScript sources of a library or an application, without its tests. */
export const sourcesOf = (project: string): ReadonlyArray<string> => {
  const folder = join(workspace, project, 'src');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts') && !/(^|\/)testing\//.test(file))
    .map((file) => join(project, 'src', file))
    .toSorted();
};

export const readSource = (file: string): string => readFileSync(join(workspace, file), 'utf8');

/** The words of all marks in a source. */
export const marksIn = (source: string): ReadonlyArray<string> =>
  [...source.matchAll(MARK)].map(([, , name]) => name ?? '');

/** Turns marks into calls; lines keep their numbers. */
export const withFaultPoints = (source: string): string =>
  source.replaceAll(
    MARK,
    (_, indent: string, name: string) => `${indent}globalThis.afectoFaultPoint?.(${JSON.stringify(name)});`,
  );

export interface FaultBuild {
  /** The program that runs a workload. */
  readonly driver: string;
  /** The program that serves a gateway. */
  readonly server: string;
  /** The gateway's library. */
  readonly gateway: string;
  /** For the children: where our dependencies are, and nothing of the test runner. */
  readonly environment: NodeJS.ProcessEnv;
}

const compileArmed = (folder: string, file: string, source: string): void => {
  const target = join(folder, file.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(target), { recursive: true });
  const options = { filename: join(workspace, file), sourceMaps: false };
  writeFileSync(target, transformSync(withFaultPoints(source), options).code);
};

/** Copies a compiled workspace into `folder`; there the marks of these sources are calls. */
export const armedCopy = (compiled: string, folder: string, sources: ReadonlyArray<string>): void => {
  cpSync(compiled, folder, { recursive: true, verbatimSymlinks: true });
  for (const file of sources) compileArmed(folder, file, readSource(file));
};

/**
 * Compiles the programs and what they need into `folder`, with fault points: the one build that has them.
 *
 * @param change makes the store of this build a broken one, to see that it is caught
 */
export const buildWithFaultPoints = (
  folder: string,
  change: (file: string, source: string) => string = (_, source) => source,
): FaultBuild => {
  for (const library of LIBRARIES)
    for (const file of sourcesOf(`libs/${library}`)) compileArmed(folder, file, change(file, readSource(file)));
  const programs = join(folder, 'libs/event-store/src/history/programs');
  return {
    driver: join(programs, 'driver.js'),
    server: join(programs, 'serve-gateway.js'),
    gateway: join(folder, 'libs/gateway/src/index.js'),
    environment: { ...process.env, NODE_PATH: join(workspace, 'node_modules'), NODE_OPTIONS: '' },
  };
};
