import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came back; `body` is not decoded. */
export interface WireAnswer {
  readonly status: number;
  readonly body: Buffer;
}

interface Waiting {
  readonly resolve: (answer: WireAnswer) => void;
  readonly reject: (error: Error) => void;
}

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
 * One connection, one request at a time, bytes made before: a load generator that takes a few
 * microseconds a request, so that what is measured is the server. Answers need a `Content-Length`.
 */
class WireConnection {
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #waiting: Waiting | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
      this.#take();
    });
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('the server closed the connection')));
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

  #take(): void {
    const headEnd = this.#received.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = this.#received.toString('latin1', 0, headEnd);
    const status = Number(head.slice(9, 12));
    const length = LENGTH.exec(head)?.[1];
    if (length === undefined && status !== 204) return this.#fail(new Error(`an answer without a length: ${head}`));
    const end = headEnd + HEAD_END.length + Number(length ?? 0);
    if (this.#received.length < end) return;
    const body = this.#received.subarray(headEnd + HEAD_END.length, end);
    this.#received = this.#received.subarray(end);
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
    const opened = Array.from({ length: connections }, async () => {
      const socket = connect({ host: hostname, port: Number(port) });
      await once(socket, 'connect');
      return new WireConnection(socket);
    });
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
