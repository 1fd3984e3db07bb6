import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';

/** Libraries that a gateway needs; their folders keep their places, because imports are compiled to relative ones. */
const LIBRARIES = ['domain', 'event-store', 'gateway'];
const workspace = resolve(__dirname, '../../../..');

/** Serves a store file until it is killed; says its port when it listens. */
const MAIN = `
const { readFileSync } = require('node:fs');
const { openSqliteEventStore } = require('./libs/event-store/src');
const { startGateway } = require('./libs/gateway/src');
const clockFile = process.argv[4];
const clock = clockFile === undefined ? Date.now : () => Number(readFileSync(clockFile, 'utf8'));
const opened = openSqliteEventStore({ file: process.argv[2], clock });
if (opened._tag === 'Left') throw new Error(JSON.stringify(opened.left));
startGateway({ store: opened.right, host: '127.0.0.1', port: Number(process.argv[3]), clock }).then((gateway) => {
  if (gateway._tag === 'Left') throw new Error(JSON.stringify(gateway.left));
  console.log(gateway.right.port);
});
`;

/** Compiles the gateway into `folder`; returns the script to run. */
export const compileGateway = (folder: string): string => {
  for (const library of LIBRARIES) {
    const source = join(workspace, 'libs', library, 'src');
    for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts') || file.endsWith('.spec.ts') || file.includes('testing')) continue;
      const target = join(folder, 'libs', library, 'src', file.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, transformFileSync(join(source, file), { sourceMaps: false }).code);
    }
  }
  const main = join(folder, 'main.js');
  writeFileSync(main, MAIN);
  return main;
};

/** A gateway in a process of its own. */
export interface GatewayProcess {
  readonly port: number;
  /** Kills it with -9 and resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

const gone = (child: ChildProcess): Promise<void> =>
  new Promise((resolved) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolved();
    child.once('exit', () => resolved());
    child.kill('SIGKILL');
  });

/** Starts `script` over a store file; port 0: any free one; `clockFile` holds what its clock shows, default the real one. */
export const startProcess = async (
  script: string,
  file: string,
  port = 0,
  clockFile: string | null = null,
): Promise<GatewayProcess> => {
  const dependencies = join(workspace, 'node_modules');
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      script,
      file,
      port.toString(),
      ...(clockFile === null ? [] : [clockFile]),
    ],
    {
      env: { ...process.env, NODE_PATH: dependencies, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    return { port: Number(line), kill: () => gone(child) };
  }
  throw new Error('The gateway ended before it listened.');
};
