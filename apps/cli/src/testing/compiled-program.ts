import { execFileSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../../../..');

/** The program as it is shipped, compiled from the present sources. */
export interface CompiledProgram {
  /** Path of the compiled file for a source file, as `apps/cli/src/main.ts`. */
  readonly fileOf: (source: string) => string;
  /** What a child process needs to find our dependencies from another folder. */
  readonly environment: { readonly NODE_PATH: string };
}

/** Compiles apps and libraries into `folder` with the project's own compiler settings. */
export const compileProgram = (folder: string): CompiledProgram => {
  const compiler = join(dirname(require.resolve('@swc/cli/package.json')), 'bin/swc.js');
  const options = ['-d', folder, '-q', '--ignore', '**/*.spec.ts'];
  execFileSync(process.execPath, [compiler, 'apps', 'libs', ...options], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    fileOf: (source) => join(folder, source.replace(/\.ts$/, '.js')),
    environment: { NODE_PATH: resolve(dirname(require.resolve('fp-ts/package.json')), '..') },
  };
};
