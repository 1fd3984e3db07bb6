import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';

const source = resolve(__dirname, '..');

/** What a child process needs to run this library without the test runner. */
export interface CompiledStore {
  /** Path to `require`. */
  readonly entry: string;
  /** Where the child finds our dependencies. */
  readonly environment: { readonly NODE_PATH: string };
}

/** Compiles the library into `folder` with the project's own compiler settings. */
export const compileStore = (folder: string): CompiledStore => {
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.spec.ts') || file.startsWith('testing')) continue;
    const target = join(folder, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transformFileSync(join(source, file), { sourceMaps: false }).code);
  }
  const dependencies = resolve(dirname(require.resolve('fp-ts/package.json')), '..');
  return { entry: join(folder, 'index.js'), environment: { NODE_PATH: dependencies } };
};
