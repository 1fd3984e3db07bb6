import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { compiledWorkspace } from '../../../testing/gateway-process';

/** A process that is killed with -9 and started again. */
export class Killable {
  readonly #start: () => ChildProcess;
  #child: ChildProcess;
  kills = 0;

  /** Runs the script of this folder with these arguments. */
  constructor(script: 'consumer' | 'subscriber', parameters: ReadonlyArray<string>) {
    const { fileOf, environment } = compiledWorkspace();
    const compiled = fileOf(`libs/gateway/src/groups/testing/long-run/${script}.ts`);
    this.#start = () =>
      spawn(process.execPath, [compiled, ...parameters], {
        env: { ...process.env, ...environment, NODE_OPTIONS: '' },
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
