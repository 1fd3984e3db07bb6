import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A line to a server that can be cut, or go dead without a word as when a cable is pulled. */
export class BreakingProxy {
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #port = 0;
  #refusing = false;
  #answered = 0;

  constructor(target: () => number) {
    this.#server = createServer((client) => {
      if (this.#refusing) return void client.destroy();
      const upstream = connect(target(), '127.0.0.1');
      const pair = [client, upstream] as const;
      this.#pairs.add(pair);
      const close = (): void => {
        client.destroy();
        upstream.destroy();
        this.#pairs.delete(pair);
      };
      for (const socket of pair) socket.on('error', close).on('close', close);
      client.pipe(upstream);
      upstream.pipe(client);
      upstream.on('data', (answer: Buffer) => (this.#answered += answer.length));
    });
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=false`;
  }

  /** What the server has sent so far, in bytes. */
  get answered(): number {
    return this.#answered;
  }

  /** Ends all connections; new ones are taken. */
  cut(): void {
    for (const [client, upstream] of [...this.#pairs]) {
      client.destroy();
      upstream.destroy();
    }
  }

  /** Nothing passes any more over the connections there are, and nobody is told; new ones work. */
  freeze(directions: 'both' | 'answers' = 'both'): void {
    for (const [client, upstream] of this.#pairs) {
      upstream.unpipe(client);
      upstream.pause();
      if (directions === 'answers') continue;
      client.unpipe(upstream);
      client.pause();
    }
  }

  /** Takes no connections and ends those there are; or takes them again. */
  refuse(refusing: boolean): void {
    this.#refusing = refusing;
    if (refusing) this.cut();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
