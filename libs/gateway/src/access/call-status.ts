import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { StoreClosedError } from '@afecto/event-store';
import { FilterTooSlowError } from '../log/bounded-matches';
import type { Expected, WireError } from '../log/wire-log';

/** How a call ends when it fails: gRPC status and the trailers in which the clients look (`eventstoredb-protocol` 1.5). */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/** Values of the `exception` trailer. */
export type ExceptionName =
  | 'access-denied'
  | 'stream-deleted'
  | 'wrong-expected-version'
  | 'stream-not-found'
  | 'maximum-append-size-exceeded'
  | 'missing-required-metadata-property'
  | 'persistent-subscription-failed'
  | 'persistent-subscription-does-not-exist'
  | 'persistent-subscription-exists'
  | 'persistent-subscription-dropped'
  | 'maximum-subscribers-reached';

const PRINTABLE = /^[ -~]*$/;

/** Trailers carry printable ASCII only: any other name is percent-encoded. */
const trailerValue = (value: string): string => (PRINTABLE.test(value) ? value : encodeURIComponent(value));

/** A failed call; `exception` null: the status code alone says it. */
export const callStatus = (
  code: status,
  details: string,
  exception: ExceptionName | null = null,
  trailers: Readonly<Record<string, string>> = {},
): CallStatus => {
  const metadata = new Metadata();
  if (exception !== null) metadata.set('exception', exception);
  for (const [key, value] of Object.entries(trailers)) metadata.set(key, trailerValue(value));
  return { code, details, metadata };
};

/** The same as an exception object, which the callbacks and `emit('error')` of grpc-js want. */
export const serviceError = (failed: CallStatus): ServiceError => Object.assign(new Error(failed.details), failed);

export const unauthenticated = (details: string): CallStatus => callStatus(status.UNAUTHENTICATED, details);

export const accessDenied = (details = 'Access Denied'): CallStatus =>
  callStatus(status.PERMISSION_DENIED, details, 'access-denied');

export const invalidArgument = (details: string): CallStatus => callStatus(status.INVALID_ARGUMENT, details);

export const unavailable = (details: string): CallStatus => callStatus(status.UNAVAILABLE, details);

/**
 * Status of a call that has thrown: UNAVAILABLE when the store has been closed, INVALID_ARGUMENT when the
 * client's filter takes too long, INTERNAL else. The
 * exception goes to the process's warnings and not to the client, because it may name files.
 */
export const statusOfException = (error: unknown): CallStatus => {
  if (error instanceof StoreClosedError) return unavailable('The store is closed.');
  if (error instanceof FilterTooSlowError) return invalidArgument(error.message);
  process.emitWarning(error instanceof Error ? error : String(error));
  return callStatus(status.INTERNAL, 'The gateway has failed on this call; its log says why.');
};

export const deadlineExceeded = (): CallStatus => callStatus(status.DEADLINE_EXCEEDED, 'Deadline Exceeded');

/** Decimal form of an expected revision: −2 any, −1 no stream, −4 stream exists. */
export const expectedVersion = (expected: Expected): string => {
  switch (expected) {
    case 'any':
      return '-2';
    case 'noStream':
      return '-1';
    case 'streamExists':
      return '-4';
    default:
      return expected.toString();
  }
};

/** Status and trailers of an error of the log, for every RPC that does not answer it in band. */
export const callStatusOf = (error: WireError): CallStatus => {
  switch (error.code) {
    case 'WrongExpectedVersion': {
      const expected = expectedVersion(error.expected);
      const actual = (error.actual ?? -1n).toString();
      return callStatus(
        status.FAILED_PRECONDITION,
        `Delete failed due to WrongExpectedVersion. Stream: ${error.streamId}, Expected version: ${expected}, Actual version: ${actual}`,
        'wrong-expected-version',
        { 'stream-name': error.streamId, 'expected-version': expected, 'actual-version': actual },
      );
    }
    case 'StreamDeleted':
      return callStatus(status.FAILED_PRECONDITION, `Event stream '${error.streamId}' is deleted.`, 'stream-deleted', {
        'stream-name': error.streamId,
      });
    case 'StreamNotFound':
      return callStatus(status.NOT_FOUND, `Event stream '${error.streamId}' is not found.`, 'stream-not-found', {
        'stream-name': error.streamId,
      });
    case 'AccessDenied':
      return accessDenied(error.message);
    case 'MaximumAppendSizeExceeded':
      return callStatus(
        status.INVALID_ARGUMENT,
        `Maximum Append Size of ${error.maximum} Exceeded.`,
        'maximum-append-size-exceeded',
        { 'maximum-append-size': error.maximum.toString() },
      );
    case 'InvalidArgument':
      return invalidArgument(error.message);
    case 'Unavailable':
      return unavailable(error.message);
  }
};
