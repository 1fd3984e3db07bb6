import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openSqliteEventStore } from '@afecto/event-store';
import { startGateway } from '@afecto/gateway';
import { type RunningServer, settingsFromEnvironment, startServer } from '@afecto/server';
import * as E from 'fp-ts/Either';
import { compiledWorkspace, gatewayOver } from '../../libs/gateway/src/testing/gateway-process';
import type { ShownFile } from './fenced-blocks';

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
  /** Whether the log is on a server of its own: a gateway in another process, in the place of the file. */
  readonly onServer: boolean;
  /** Whether the document asks a running server. */
  readonly served: boolean;
  /** Whether it connects to the gateway of that server, as `AFECTO_GATEWAY_URL`. */
  readonly gateway: boolean;
  /** Whether it names a cluster as `CLUSTER_URL`: a gateway over a store of its own stands for it. */
  readonly cluster: boolean;
  /** What the document shows as files, beside which its commands run. */
  readonly files: ReadonlyArray<ShownFile>;
}

/** A folder with the program as it is shipped in `dist`, and the command `afecto` of the documents. */
export interface Program {
  readonly folder: string;
  readonly remove: () => void;
}

export const compiledProgram = (): Program => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-docs-'));
  const { folder: dist, fileOf } = compiledWorkspace();
  symlinkSync(dist, join(folder, 'dist'));
  symlinkSync(join(dist, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'bin'));
  const command = join(folder, 'bin', 'afecto');
  writeFileSync(
    command,
    `#!/bin/sh\nexec node --disable-warning=ExperimentalWarning '${fileOf('apps/cli/src/main.ts')}' "$@"\n`,
  );
  chmodSync(command, 0o755);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};

const COMPILER_OPTIONS = '--noEmit --strict --module nodenext --target es2024 --skipLibCheck --types node'.split(' ');

/** What the compiler says against shown TypeScript files; empty when nothing. */
export const faultsOf = async (program: Program, files: ReadonlyArray<ShownFile>): Promise<string> => {
  const folder = mkdtempSync(join(program.folder, 'shown-'));
  const names = files.map(({ name }) => name).filter((name) => name.endsWith('.mts'));
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  const compiler = require.resolve('typescript/bin/tsc');
  const options = { cwd: folder, env: { PATH: process.env['PATH'] ?? '' } };
  return execute(process.execPath, [compiler, ...COMPILER_OPTIONS, ...names], options).then(
    ({ stdout }) => stdout,
    (error: Error & { readonly stdout?: string }) => error.stdout ?? error.message,
  );
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

interface Cluster {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const standInForCluster = async (folder: string): Promise<Cluster> => {
  const store = openSqliteEventStore({ file: join(folder, 'cluster.db'), clock: Date.now });
  if (E.isLeft(store)) throw new Error(store.left.message);
  const gateway = await startGateway({ store: store.right, host: '127.0.0.1', port: 0, clock: Date.now });
  if (E.isLeft(gateway)) throw new Error(gateway.left.message);
  const { port, close } = gateway.right;
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    close: async () => {
      await close();
      await store.right.close();
    },
  };
};

export const givenReader = async (
  program: Program,
  { clock, eventStore, onServer, served, gateway, cluster, files }: ReaderOptions,
): Promise<Reader> => {
  const folder = mkdtempSync(join(program.folder, 'reader-'));
  symlinkSync(join(program.folder, 'dist'), join(folder, 'dist'));
  for (const { name, text } of files) writeFileSync(join(folder, name), text);
  const clockFile = join(folder, 'clock');
  writeFileSync(clockFile, (clock === '' ? Date.now() : Date.parse(clock)).toString());
  const log = onServer ? await gatewayOver(join(folder, 'log.db'), clockFile) : null;
  const logUrl = log === null ? null : `esdb://127.0.0.1:${log.port}?tls=false`;
  const environment = {
    AFECTO_CLOCK: clock,
    AFECTO_EVENT_STORE: logUrl ?? eventStore,
    ...(log === null
      ? {}
      : { AFECTO_READ_MODELS: join(folder, 'read-models.db'), AFECTO_QUARANTINE: join(folder, 'quarantine.db') }),
  };
  const server = served
    ? await serve({ ...environment, ...(gateway && log === null ? { AFECTO_GATEWAY_PORT: '0' } : {}) }, folder)
    : null;
  const standIn = cluster ? await standInForCluster(folder) : null;
  const addresses = {
    AFECTO_URL: server?.url ?? '',
    // The clients of a log on a server connect to that server themselves.
    AFECTO_GATEWAY_URL: logUrl ?? server?.gatewayUrl ?? '',
    CLUSTER_URL: standIn?.url ?? '',
  };
  const path = [join(program.folder, 'bin'), dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  return {
    run: async (commands) => {
      const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', commands], {
        cwd: folder,
        env: { ...environment, ...compiledWorkspace().environment, PATH: path, NO_COLOR: '1', ...addresses },
      });
      return stdout;
    },
    remove: async () => {
      await server?.close();
      await standIn?.close();
      await log?.close();
    },
  };
};
