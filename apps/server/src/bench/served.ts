import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is running, for as long as `measure` runs. */
export interface Served {
  readonly url: string;
  /** Ends the server, and tells where its log lies until `measure` has ended. */
  readonly stop: (signal?: 'SIGTERM' | 'SIGKILL') => Promise<string>;
}

export interface ServedOptions {
  /** Of the Node that runs it; default those of this process. */
  readonly flags?: ReadonlyArray<string>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Fills the log before the server starts. */
  readonly prepare?: (log: string) => Promise<void>;
  /** Ends the server, and so the measurement. */
  readonly signal?: AbortSignal;
}

/** A server that has not ended by then, because a load that failed has left connections open, is killed. */
const PATIENCE_MS = 10_000;

const READY = /^afecto listening on (http:\/\/\S+)$/m;

const ready = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = READY.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready: ${output}`)));
  });

const withProcess = async <A>(
  entry: string,
  measure: (served: Served) => Promise<A>,
  { flags = process.execArgv, environment = {}, prepare, signal }: ServedOptions,
): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-bench-'));
  const log = join(folder, 'log.db');
  let child: ChildProcess | null = null;
  const end = async (by: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(by);
    const killer = setTimeout(() => child?.kill('SIGKILL'), PATIENCE_MS);
    await gone;
    clearTimeout(killer);
  };
  const abort = (): void => {
    child?.kill('SIGKILL');
  };
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await prepare?.(log);
    signal?.throwIfAborted();
    child = spawn(process.execPath, [...flags, entry, log], {
      env: {
        ...process.env,
        AFECTO_HOST: '127.0.0.1',
        AFECTO_PORT: '0',
        AFECTO_EVENT_STORE: `sqlite:${log}`,
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const stop = async (by: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<string> => {
      await end(by);
      return log;
    };
    return await measure({ url: await ready(child), stop });
  } finally {
    signal?.removeEventListener('abort', abort);
    await end();
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Runs the built server in a process of its own on a fresh store, and gives `measure` its address.
 * `entry`: path of the compiled `main.js`; `flags`: of the Node that runs it. `stop` ends the server and
 * tells where its log lies, until `measure` has ended.
 */
export const withServer = <A>(
  entry: string,
  measure: (url: string, stop: () => Promise<string>) => Promise<A>,
  flags: ReadonlyArray<string> = [],
): Promise<A> => withProcess(entry, ({ url, stop }) => measure(url, () => stop()), { flags });

/** The same with more to choose: how it is prepared, ended and interrupted. */
export const withServed = withProcess;

/** Node's own server in a process of its own, for the raw limit beside a figure. */
export const withBareServer = <A>(
  measure: (url: string) => Promise<A>,
  options: Pick<ServedOptions, 'signal'>,
): Promise<A> => withProcess(join(__dirname, 'bare-server.js'), ({ url }) => measure(url), options);
