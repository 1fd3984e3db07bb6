import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { RAW_LOG_SCHEMA } from './raw-log-schema';

/**
 * What HTTP and the disk alone allow, a process of its own over the file of the first argument: Node's
 * own server parses a POSTed batch and commits one row an event, all that came in one turn together, and
 * then answers; a GET of `/bytes/N` is answered with N bytes of JSON. Nothing is checked or folded.
 */
const [, , file = ':memory:'] = process.argv;
const database = new DatabaseSync(file);
database.exec(RAW_LOG_SCHEMA);
const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)');
const STREAMS = 1_000;

interface Posted {
  readonly events: ReadonlyArray<unknown>;
  readonly response: ServerResponse;
}

let rows = 0;
let posted: Posted[] = [];

const answer = (response: ServerResponse, text: string): void => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
};

const commit = (): void => {
  const calls = posted;
  posted = [];
  database.exec('BEGIN IMMEDIATE');
  for (const { events } of calls)
    for (const event of events) {
      rows += 1;
      const [stream, revision] = [rows % STREAMS, Math.floor(rows / STREAMS)];
      insert.run(rows, stream, revision, randomBytes(16), JSON.stringify(event), '{}');
    }
  database.exec('COMMIT');
  for (const { events, response } of calls) answer(response, `{"accepted":${events.length},"position":"${rows}"}`);
};

const take = (response: ServerResponse, body: Buffer): void => {
  const parsed: unknown = JSON.parse(body.toString());
  if (posted.length === 0) setImmediate(commit);
  posted.push({ events: Array.isArray(parsed) ? parsed : [parsed], response });
};

const bodies = new Map<number, string>();
const bytes = (size: number): string => {
  const known = bodies.get(size) ?? JSON.stringify({ text: 'x'.repeat(Math.max(0, size - 11)) });
  bodies.set(size, known);
  return known;
};

const server = createServer((request: IncomingMessage, response: ServerResponse) => {
  if (request.method === 'GET') return answer(response, bytes(Number(request.url?.split('/').at(-1))));
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => take(response, Buffer.concat(chunks)));
});

// A connection is idle while the other side of a comparison is measured.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address !== 'string')
    console.log(`afecto listening on http://127.0.0.1:${address.port}`);
});
process.on('SIGTERM', () => process.exit(0));
