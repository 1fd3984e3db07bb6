import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CompiledWorkspace,
  compiledWorkspace,
  endsWithTheTest,
} from '../../../../libs/gateway/src/testing/gateway-process';
import { askCommand } from './kept/asked-commands';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the matching text once the output (both streams) holds it; rejects when the child ends without it. */
  readonly output: (pattern: RegExp) => Promise<string>;
}

export interface RunOptions {
  /** Default `main.ts`. */
  readonly script?: string;
  readonly input?: string;
  /** Standard input is written to by the test, and not ended. */
  readonly pipesInput?: true;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The built command line in a folder of its own. */
export interface GivenProgram {
  readonly folder: string;
  /** The temporary folder of the children: empty when they have cleaned up. */
  readonly temporary: string;
  readonly start: (args: ReadonlyArray<string>, options?: RunOptions) => Running;
  /** Runs a command in a process of its own. */
  readonly run: (args: ReadonlyArray<string>, options?: RunOptions) => Promise<Ended>;
  /**
   * What a command answers, from a process that has run others before: for tests that say nothing about
   * the process. One question after another.
   */
  readonly ask: (args: ReadonlyArray<string>) => Promise<Ended>;
  /** A path in the folder. */
  readonly path: (name: string) => string;
  readonly remove: () => void;
}

const watch = (child: ChildProcess): Running => {
  const texts = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
      for (const watcher of watchers) watcher();
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  const output = (pattern: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(texts.stdout) ?? pattern.exec(texts.stderr);
        if (found === null) return;
        watchers.delete(look);
        resolve(found[0]);
      };
      watchers.add(look);
      look();
      void ended.then(({ code, stdout, stderr }) =>
        reject(new Error(`ended with ${code} before ${String(pattern)}:\n${stdout}\n${stderr}`)),
      );
    });
  return { child, ended, output };
};

/** The compiled program, run in a folder that `remove` deletes. */
export const givenProgram = (workspace: CompiledWorkspace = compiledWorkspace()): GivenProgram => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-cli-'));
  const temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  const { fileOf, environment: shared } = workspace;
  const base = { PATH: process.env['PATH'], CI: 'true', TMPDIR: temporary, ...shared };
  const start: GivenProgram['start'] = (
    args,
    { script = 'apps/cli/src/main.ts', input, pipesInput, environment = {} } = {},
  ) => {
    const child = endsWithTheTest(
      spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileOf(script), ...args], {
        cwd: folder,
        env: { ...base, ...environment },
        stdio: [input === undefined && pipesInput === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      }),
    );
    if (pipesInput === undefined) child.stdin?.end(input);
    return watch(child);
  };
  return {
    folder,
    temporary,
    start,
    ask: (words) => askCommand({ words, folder, temporary }),
    run: (args, options) => start(args, options).ended,
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
};
