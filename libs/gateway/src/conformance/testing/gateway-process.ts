import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFileSync } from '@swc/core';

const libraries = resolve(__dirname, '../../../../');

/** Serves one log until it is killed; says its port first. */
const server = `
const { openSqliteEventStore } = require(process.argv[2] + '/event-store/src/index.js');
const { startGateway } = require(process.argv[2] + '/gateway/src/index.js');
const opened = openSqliteEventStore({ file: process.argv[3], clock: Date.now });
if (opened._tag === 'Left') throw new Error(opened.left.message);
startGateway({ store: opened.right, host: '127.0.0.1', port: Number(process.argv[4]), clock: Date.now }).then((started) => {
  if (started._tag === 'Left') throw new Error(started.left.message);
  console.log(started.right.port);
});
`;

/** A gateway in a process of its own, over a log in a folder of its own. */
export class GatewayProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'afecto-gateway-process-'));
  readonly log = join(this.folder, 'log.db');
  #child: ChildProcess | null = null;
  #port = 0;

  /** Compiles what the process needs, with the project's own compiler settings. */
  constructor() {
    const compiled = join(this.folder, 'libs');
    for (const library of ['domain', 'event-store', 'gateway'])
      for (const file of readdirSync(join(libraries, library, 'src'), { recursive: true, encoding: 'utf8' })) {
        if (!file.endsWith('.ts') || file.endsWith('.spec.ts') || file.includes('testing')) continue;
        const target = join(compiled, library, 'src', file.replace(/\.ts$/, '.js'));
        mkdirSync(dirname(target), { recursive: true });
        writeFileSync(target, transformFileSync(join(libraries, library, 'src', file), { sourceMaps: false }).code);
      }
    writeFileSync(join(this.folder, 'server.js'), server);
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=false`;
  }

  /** Starts it, again on the port of the first start. */
  async start(): Promise<void> {
    const modules = resolve(dirname(require.resolve('fp-ts/package.json')), '..');
    const child = spawn(
      process.execPath,
      [join(this.folder, 'server.js'), join(this.folder, 'libs'), this.log, String(this.#port)],
      { env: { ...process.env, NODE_PATH: modules, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    let complaint = '';
    child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
    this.#child = child;
    for await (const line of createInterface({ input: child.stdout })) {
      this.#port = Number(line);
      return;
    }
    throw new Error(`The gateway did not start: ${complaint}`);
  }

  /** Ends it at once, as `kill -9` does. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
