import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Names the folder that the test files of one run share; `../run-folder.ts` makes it. */
export const RUN_FOLDER = 'AFECTO_TEST_RUN_FOLDER';

const workspace = resolve(__dirname, '../../../../..');

/** Apps and libraries as they are shipped, for processes that tests start. */
export interface CompiledWorkspace {
  /** Holds `apps`, `libs` and `node_modules`. Shared by all tests of the run: nobody writes here. */
  readonly folder: string;
  /** Path of the compiled file for a source file, as `apps/cli/src/main.ts`. */
  readonly fileOf: (source: string) => string;
  /** For the environment of every process: what one has compiled, the next finds. */
  readonly environment: { readonly NODE_COMPILE_CACHE: string };
}

const compileInto = (folder: string): void => {
  const compiler = join(dirname(require.resolve('@swc/cli/package.json')), 'bin/swc.js');
  execFileSync(process.execPath, [compiler, 'apps', 'libs', '-d', folder, '-q', '--ignore', '**/*.spec.ts'], {
    cwd: workspace,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  symlinkSync(join(workspace, 'node_modules'), join(folder, 'node_modules'));
};

/**
 * The workspace compiled with the project's own compiler settings, once in a run. Two workers that ask
 * at once both compile, each in a folder of its own, and the first to have finished gives it the name.
 */
export const compiledWorkspace = (): CompiledWorkspace => {
  const shared = process.env[RUN_FOLDER];
  if (shared === undefined) throw new Error('jest.config.cjs names no globalSetup that makes the folder of the run.');
  const folder = join(shared, 'workspace');
  if (!existsSync(folder)) {
    const own = `${folder}-${process.pid}`;
    compileInto(own);
    try {
      renameSync(own, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error;
      rmSync(own, { recursive: true });
    }
  }
  return workspaceIn(folder, join(shared, 'compile-cache'));
};

/** A workspace that lies compiled in a folder. */
export const workspaceIn = (folder: string, compileCache: string): CompiledWorkspace => ({
  folder,
  fileOf: (source) => join(folder, source.replace(/\.ts$/, '.js')),
  environment: { NODE_COMPILE_CACHE: compileCache },
});
