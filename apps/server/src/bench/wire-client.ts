import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came back. */
export interface WireAnswer {
  readonly status: number;
  /** Not decoded, and where the next answer will lie: read it before anything else is awaited. */
  readonly body: Buffer;
}

interface Waiting {
  readonly resolve: (answer: WireAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** What is read at once, and what an answer takes at first, in bytes. */
const CHUNK = 64 * 1_024;
const HEAD_END = Buffer.from('\r\n\r\n');
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/** A whole HTTP/1.1 request, made once and sent often. */
export const wireRequest = (method: 'GET' | 'POST', path: string, contentType?: string, body?: Buffer): Buffer => {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: bench'];
  if (contentType !== undefined) lines.push(`Content-Type: ${contentType}`);
  if (method === 'POST') lines.push(`Content-Length: ${body?.length ?? 0}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body ?? Buffer.alloc(0)]);
};

/**
 * One connection, one request at a time, bytes made before and answers read into memory that stays: a load
 * generator that takes a few microseconds a request and leaves nothing to collect, so that what is measured is
 * the server. A buffer for each answer made it pause for some milliseconds every other second. Answers need a
 * `Content-Length`.
 */
class WireConnection {
  readonly #socket: Socket;
  #received = Buffer.allocUnsafe(CHUNK);
  #length = 0;
  #waiting: Waiting | null = null;

  private constructor(host: string, port: number) {
    const buffer = Buffer.allocUnsafe(CHUNK);
    const callback = (count: number): boolean => {
      this.#add(buffer.subarray(0, count));
      return true;
    };
    this.#socket = connect({ host, port, noDelay: true, onread: { buffer, callback } });
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  static async to(host: string, port: number): Promise<WireConnection> {
    const connection = new WireConnection(host, port);
    await once(connection.#socket, 'connect');
    return connection;
  }

  ask(request: Buffer): Promise<WireAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) return reject(new Error('the server closed the connection'));
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #add(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    if (length > this.#received.length) {
      const larger = Buffer.allocUnsafe(2 * length);
      this.#received.copy(larger, 0, 0, this.#length);
      this.#received = larger;
    }
    chunk.copy(this.#received, this.#length);
    this.#length = length;
    this.#take();
  }

  #take(): void {
    const headEnd = this.#received.subarray(0, this.#length).indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined && status !== 204) return this.#fail(new Error(`an answer without a length: ${head}`));
    const end = headEnd + HEAD_END.length + Number(length ?? 0);
    if (this.#length < end) return;
    const body = this.#received.subarray(headEnd + HEAD_END.length, end);
    // There is one request at a time: nothing follows its answer.
    this.#length = 0;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.resolve({ status, body });
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }
}

/** Some connections that stay open; who asks while all are busy waits for the next that is free. */
export class WireClient {
  readonly #free: WireConnection[];
  readonly #all: ReadonlyArray<WireConnection>;
  readonly #waiting: ((connection: WireConnection) => void)[] = [];

  private constructor(connections: ReadonlyArray<WireConnection>) {
    this.#all = connections;
    this.#free = [...connections];
  }

  static async to(url: string, connections: number): Promise<WireClient> {
    const { hostname, port } = new URL(url);
    const opened = Array.from({ length: connections }, () => WireConnection.to(hostname, Number(port)));
    return new WireClient(await Promise.all(opened));
  }

  async ask(request: Buffer): Promise<WireAnswer> {
    const connection = this.#free.pop() ?? (await new Promise<WireConnection>((taken) => this.#waiting.push(taken)));
    try {
      return await connection.ask(request);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(connection);
      else next(connection);
    }
  }

  /** The answer when it is a 200; anything else ends the measurement. */
  async expect200(request: Buffer): Promise<Buffer> {
    const { status, body } = await this.ask(request);
    if (status !== 200) throw new Error(`answered ${status}: ${body.toString().slice(0, 300)}`);
    return body;
  }

  close(): void {
    for (const connection of this.#all) connection.close();
  }
}

/** A client with connections of its own, closed at the end whatever becomes of the work. */
export const withClient = async <A>(
  url: string,
  connections: number,
  work: (client: WireClient) => Promise<A>,
): Promise<A> => {
  const client = await WireClient.to(url, connections);
  try {
    return await work(client);
  } finally {
    client.close();
  }
};

/** As many steps at once as there are `workers`, each begun when the one before has ended; steps a second. */
export const closedLoop = async (
  workers: number,
  milliseconds: number,
  step: (index: number) => Promise<unknown>,
): Promise<number> => {
  const start = performance.now();
  let [next, done] = [0, 0];
  const worker = async (): Promise<void> => {
    while (performance.now() - start < milliseconds) {
      await step(next++);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
  return (done * 1_000) / (performance.now() - start);
};
