import { status } from '@grpc/grpc-js';

/** No message came in time: the connection may be half open. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/** Calls that end like this may end well on another connection, or a moment later. */
const PASSING: ReadonlySet<number> = new Set([
  status.CANCELLED,
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.ABORTED,
  status.INTERNAL,
  status.UNKNOWN,
  status.RESOURCE_EXHAUSTED,
]);

const codeOf = (error: unknown): number | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : null;

/** The name that the server gives an exception, in the trailers of the call (`eventstoredb-protocol` 1.5). */
export const exceptionOf = (error: unknown): string | null => {
  if (!(error instanceof Error) || !('metadata' in error)) return null;
  const { metadata } = error;
  if (typeof metadata !== 'object' || metadata === null || !('get' in metadata)) return null;
  if (typeof metadata.get !== 'function') return null;
  const values: unknown = metadata.get('exception');
  const [first]: ReadonlyArray<unknown> = Array.isArray(values) ? values : [];
  return typeof first === 'string' ? first : null;
};

/** Whether the call is worth another attempt; a refusal by the server is not. */
export const isPassing = (error: unknown): boolean => {
  if (error instanceof SilenceError) return true;
  const exception = exceptionOf(error);
  if (exception !== null) return exception === 'not-leader';
  const code = codeOf(error);
  // Without a code: discovery found no node, a socket failed before the call began.
  return code === null || PASSING.has(code);
};

/** Whether the client itself has to be replaced; another leader it finds alone. */
export const spoilsConnection = (error: unknown): boolean => isPassing(error) && exceptionOf(error) !== 'not-leader';

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
