import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { transformFileSync } from '@swc/core';

const dependencies = resolve(__dirname, '../../../../../../node_modules');

/** A process that is killed with -9 and started again. */
export class Killable {
  readonly #start: () => ChildProcess;
  #child: ChildProcess;
  kills = 0;

  /** Compiles the script of this folder into `folder` and runs it with these arguments. */
  constructor(folder: string, script: 'consumer' | 'subscriber', parameters: ReadonlyArray<string>) {
    const compiled = join(folder, `${script}.js`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(compiled, transformFileSync(join(__dirname, `${script}.ts`), { sourceMaps: false }).code);
    this.#start = () =>
      spawn(process.execPath, [compiled, ...parameters], {
        env: { ...process.env, NODE_PATH: dependencies, NODE_OPTIONS: '' },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    this.#child = this.#start();
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }

  async killAndRestart(): Promise<void> {
    await this.kill();
    this.kills += 1;
    this.#child = this.#start();
  }
}
