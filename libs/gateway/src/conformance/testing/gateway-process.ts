import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GatewayProcess as Running, startProcess } from '../../testing/gateway-process';

/** A gateway in a process of its own, over a log in a folder of its own, that can be killed and started again. */
export class GatewayProcess {
  readonly folder = mkdtempSync(join(tmpdir(), 'afecto-gateway-process-'));
  readonly log = join(this.folder, 'log.db');
  #running: Running | null = null;
  #port = 0;

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=false`;
  }

  /** Starts it, again on the port of the first start. */
  async start(): Promise<void> {
    this.#running = await startProcess(this.log, this.#port);
    this.#port = this.#running.port;
  }

  /** Ends it at once, as `kill -9` does. */
  async kill(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await running?.kill();
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
