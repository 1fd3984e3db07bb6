import { HttpException } from '@nestjs/common';
import { ProjectionsBehindError } from '@afecto/application';
import { StoreClosedError, StoreUnreachableError } from '@afecto/event-store';
import { problemOf, ProblemException, quoted } from './problem';

const isHttpError = (error: unknown): error is { readonly statusCode: number } =>
  typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number';

const SQLITE_FULL = 13;
const isFullDisk = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === SQLITE_FULL;

/** Of errors with a status of their own (Fastify's and Nest's); null: an unexpected error. */
const statusIn = (error: unknown): number | null => {
  if (error instanceof HttpException) return error.getStatus();
  return isHttpError(error) ? error.statusCode : null;
};

/** What a request asked for, as far as an answer may have to name it. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** Methods that this path has. */
  readonly methods: ReadonlyArray<string>;
}

const notRouted = ({ method, path, methods }: Asked): ProblemException =>
  // Of a path with a wildcard (`/docs/*`) the method may be there and what it asks for not.
  methods.length === 0 || methods.includes(method)
    ? new ProblemException('NotFound', `there is no route ${quoted(path)}; GET /openapi.json lists them`)
    : new ProblemException('MethodNotAllowed', `${method} is not allowed here; allowed: ${methods.join(', ')}`, {
        headers: { Allow: methods.join(', ') },
      });

/**
 * The problem that an exception stands for; null when it is a bug. What frameworks throw is told
 * again in our words: their messages name their own parts.
 */
export const problemOfException = (error: unknown, asked: Asked): ProblemException | null => {
  if (error instanceof ProblemException) return error;
  if (error instanceof StoreClosedError) return new ProblemException('StoreClosed', 'the event store is closed');
  if (error instanceof StoreUnreachableError)
    return new ProblemException('StoreFailed', 'the event store gives no answer; send the same again');
  if (error instanceof ProjectionsBehindError)
    return new ProblemException('NotYetProjected', `${error.message}; send the same again`);
  if (isFullDisk(error))
    return new ProblemException('StoreFailed', 'a disk is full; send the same again when it has room');
  const status = statusIn(error);
  if (status === 404) return notRouted(asked);
  if (status === 413) return new ProblemException('TooLarge', 'the body is too large');
  if (status === 414) return new ProblemException('NotFound', 'a part of the path is too long');
  if (status === 415)
    return new ProblemException('UnsupportedMediaType', 'the Content-Type is not one that this route takes');
  if (status !== null && status >= 400 && status < 500)
    return new ProblemException('InvalidRequest', 'the request is malformed');
  return null;
};

/** What the caller of a failed request may know: nothing of the inside. */
export const internalError = problemOf('InternalError', 'an unexpected error; it was logged');
