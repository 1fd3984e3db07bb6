import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { type Problem, ProblemException } from './problem';
import { PROBLEM_MEDIA_TYPE } from './problem-filter';

/** Errors before routing (a path that cannot be decoded, a part that is too long), which no filter sees. */
export const answerUnroutable = (error: { readonly statusCode?: number }, reply: FastifyReply): void => {
  const { problem } =
    error.statusCode === 414
      ? new ProblemException('NotFound', 'a part of the path is too long')
      : new ProblemException('InvalidRequest', 'the path is not percent-encoded UTF-8', {
          errors: [{ path: '/path', message: 'is not percent-encoded UTF-8' }],
        });
  void reply.status(problem.status).type(PROBLEM_MEDIA_TYPE).send(problem);
};

const notHttp: Problem = new ProblemException('InvalidRequest', 'the request is not well-formed HTTP').problem;
const slow: Problem = { ...notHttp, status: 408, title: 'Request timeout', detail: 'the request came too slowly' };
const longHeaders: Problem = {
  ...notHttp,
  status: 431,
  title: 'Headers too large',
  detail: 'the headers are too large',
};

const problemOfClientError = (code: string | undefined): Problem => {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return slow;
  return code === 'HPE_HEADER_OVERFLOW' ? longHeaders : notHttp;
};

/** How long a caller has to read the answer before its connection is cut, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * What Node cannot parse as HTTP, or what came too slowly: one answer, and the connection is closed, also
 * when the caller keeps its half open.
 */
export const answerClientError = (error: { readonly code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemOfClientError(error.code);
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
  const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(cut));
};
