import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A figure and the least (rates) or most (times) that is promised. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor: number;
}

const READY = /^afecto listening on (http:\/\/\S+)$/m;

const ready = (child: ChildProcess): Promise<string> =>
  new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const url = READY.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it was ready: ${output}`)));
  });

/**
 * Runs the built server in a process of its own on a fresh store, and gives `measure` its address.
 * `entry`: path of the compiled `main.js`; `flags`: of the Node that runs it. `stop` ends the server and
 * tells where its log lies, until `measure` has ended.
 */
export const withServer = async <A>(
  entry: string,
  measure: (url: string, stop: () => Promise<string>) => Promise<A>,
  flags: ReadonlyArray<string> = [],
): Promise<A> => {
  const folder = mkdtempSync(join(tmpdir(), 'afecto-bench-'));
  const child = spawn(process.execPath, [...flags, entry], {
    env: { ...process.env, AFECTO_HOST: '127.0.0.1', AFECTO_PORT: '0', AFECTO_EVENT_STORE: `sqlite:${folder}/log.db` },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  };
  try {
    return await measure(await ready(child), async () => {
      await end();
      return join(folder, 'log.db');
    });
  } finally {
    await end();
    rmSync(folder, { recursive: true, force: true });
  }
};
