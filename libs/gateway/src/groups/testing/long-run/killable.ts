import { spawn, type ChildProcess } from 'node:child_process';
import { endsWithTheTest, gone } from '../../../testing/ends-with-the-test';
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
      endsWithTheTest(
        spawn(process.execPath, [compiled, ...parameters], {
          env: { ...process.env, ...environment, NODE_OPTIONS: '' },
          stdio: ['ignore', 'ignore', 'inherit'],
        }),
      );
    this.#child = this.#start();
  }

  kill(): Promise<void> {
    return gone(this.#child);
  }

  async killAndRestart(): Promise<void> {
    await this.kill();
    this.kills += 1;
    this.#child = this.#start();
  }
}
