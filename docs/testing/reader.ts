import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type RunningServer, settingsFromEnvironment, startServer } from '@afecto/server';
import * as E from 'fp-ts/Either';

const root = resolve(__dirname, '../..');
const execute = promisify(execFile);

/** Somebody who follows a document from its first to its last command, in a folder of its own. */
export interface Reader {
  /** What the commands print to standard output; rejects with all of it when one of them fails. */
  readonly run: (commands: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export interface ReaderOptions {
  /** The instant that the document names as `AFECTO_CLOCK`. */
  readonly clock: string;
  /** The store that the document names as `AFECTO_EVENT_STORE`, below the reader's folder. */
  readonly eventStore: string;
  /** Whether the document asks a running server. */
  readonly served: boolean;
}

/** The program as it is shipped, compiled into a folder, with the command `afecto` of the documents. */
export interface Program {
  readonly folder: string;
  readonly remove: () => void;
}

export const compiledProgram = (): Program => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-docs-'));
  const compiler = join(dirname(require.resolve('@swc/cli/package.json')), 'bin/swc.js');
  const dist = join(folder, 'dist');
  execFileSync(process.execPath, [compiler, 'apps', 'libs', '-d', dist, '-q', '--ignore', '**/*.spec.ts'], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'bin'));
  const command = join(folder, 'bin', 'afecto');
  const main = join(dist, 'apps/cli/src/main.js');
  writeFileSync(command, `#!/bin/sh\nexec node --disable-warning=ExperimentalWarning '${main}' "$@"\n`);
  chmodSync(command, 0o755);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const serve = async (environment: Readonly<Record<string, string>>, folder: string): Promise<RunningServer> => {
  const settings = settingsFromEnvironment({
    ...environment,
    AFECTO_EVENT_STORE: (environment['AFECTO_EVENT_STORE'] ?? '').replace('./', `${folder}/`),
    AFECTO_PORT: '0',
  });
  if (E.isLeft(settings)) throw new Error(settings.left.join('\n'));
  return startServer(settings.right);
};

export const givenReader = async (program: Program, { clock, eventStore, served }: ReaderOptions): Promise<Reader> => {
  const folder = mkdtempSync(join(program.folder, 'reader-'));
  symlinkSync(join(program.folder, 'dist'), join(folder, 'dist'));
  const environment = { AFECTO_CLOCK: clock, AFECTO_EVENT_STORE: eventStore };
  const server = served ? await serve(environment, folder) : null;
  const path = [join(program.folder, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return {
    run: async (commands) => {
      const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', commands], {
        cwd: folder,
        env: { ...environment, PATH: path, NO_COLOR: '1', AFECTO_URL: server?.url ?? '' },
      });
      return stdout;
    },
    remove: async () => server?.close(),
  };
};
