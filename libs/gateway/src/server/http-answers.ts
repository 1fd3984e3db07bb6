import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SERVER_VERSION } from '../features/server-features';

interface HttpAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>> | null;
}

const STATUS_CODE = /^[2-5]\d\d$/;

/** `liveCode` lets a health check choose the code that it understands, as in EventStoreDB. */
const liveCode = (url: URL): number => {
  const asked = url.searchParams.get('liveCode') ?? '';
  return STATUS_CODE.test(asked) ? Number(asked) : 204;
};

const answerTo = (url: URL, info: { readonly isSecure: boolean; readonly hasUsers: boolean }): HttpAnswer => {
  switch (url.pathname) {
    case '/health/live':
    case '/health/ready':
      return { status: liveCode(url), body: null };
    case '/ping':
      return { status: 200, body: { text: 'Ping request successfully handled' } };
    case '/info':
      return {
        status: 200,
        body: {
          esVersion: SERVER_VERSION,
          dbVersion: SERVER_VERSION,
          state: 'leader',
          features: { projections: false, userManagement: false, atomPub: false },
          authentication: { type: info.hasUsers ? 'internal' : 'insecure', properties: {} },
          tls: info.isSecure,
        },
      };
    default:
      return {
        status: 404,
        body: { title: 'Not found', detail: `${url.pathname} is not served over HTTP/1.1; use gRPC.` },
      };
  }
};

const urlOf = (request: IncomingMessage): URL | null => URL.parse(request.url ?? '/', 'http://gateway');

const send = (response: ServerResponse, { status, body }: HttpAnswer, isHead: boolean): void => {
  const text = body === null ? '' : JSON.stringify(body);
  if (text !== '') response.setHeader('content-type', 'application/json; charset=utf-8');
  response.statusCode = status;
  response.end(isHead ? undefined : text);
};

/** Milliseconds in which a request must have come. */
const LONGEST = 15_000;

/** Node itself looks after requests that never end only on a server that listens; this one is handed its connections. */
const bounded = (server: Server, longest: number): Server => {
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  server.on('connection', (socket: Socket) => {
    const timer = setTimeout(() => socket.destroy(), longest).unref();
    timers.set(socket, timer);
    socket.once('close', () => clearTimeout(timer));
  });
  return server.on('request', ({ socket }) => timers.get(socket)?.refresh());
};

/**
 * Answers HTTP/1.1 beside gRPC: health, ping and info. Anyone may ask; nothing of the log is shown.
 *
 * @param longest milliseconds in which a request must have come, default 15 000
 */
export const httpAnswers = (
  info: { readonly isSecure: boolean; readonly hasUsers: boolean },
  longest = LONGEST,
): Server => {
  const server = createServer((request, response) => {
    const url = urlOf(request);
    const isHead = request.method === 'HEAD';
    if (url === null) send(response, { status: 400, body: null }, isHead);
    else if (request.method !== 'GET' && !isHead) send(response, { status: 405, body: null }, isHead);
    else send(response, answerTo(url, info), isHead);
  });
  return bounded(server, longest);
};
