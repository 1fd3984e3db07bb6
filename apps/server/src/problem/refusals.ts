import type { CommandFailure } from '@afecto/application';
import { type DomainError, domainErrorCodes, type FieldError, type Instant, toIso } from '@afecto/domain';
import type { StoreUnavailable } from '@afecto/event-store';
import { ProblemException, quoted } from './problem';

/** The log cannot take or give anything now; the same call may be sent again. */
export const unavailable = ({ code, message }: StoreUnavailable): ProblemException =>
  new ProblemException(code, message);

export const notYetProjected = (position: bigint, milliseconds: number): ProblemException =>
  new ProblemException(
    'NotYetProjected',
    `position ${position} was not projected within ${milliseconds} ms; send the same question again`,
    {
      errors: [{ path: '/query/minPosition', message: `position ${position} is not projected yet` }],
    },
  );

export const notYetEvaluated = (asOf: Instant, milliseconds: number): ProblemException =>
  new ProblemException(
    'NotYetProjected',
    `what time has changed by ${toIso(asOf)} was not evaluated within ${milliseconds} ms; send the same question again`,
    {
      errors: [{ path: '/query/asOf', message: `${toIso(asOf)} is not evaluated yet` }],
    },
  );

export const partyNotFound = (partyId: string): ProblemException =>
  new ProblemException('PartyNotFound', `nothing is known of party ${quoted(partyId)} by then`, {
    errors: [{ path: '/path/partyId', message: 'is unknown' }],
  });

const known: ReadonlySet<string> = new Set(domainErrorCodes);
const isDomainError = (failure: CommandFailure): failure is DomainError => known.has(failure.code);

/** Schema errors of a command lie in its details; they belong in `errors`. */
const schemaErrors = ({ details }: DomainError): ReadonlyArray<FieldError> | null => {
  const errors = details?.['errors'];
  if (!Array.isArray(errors)) return null;
  return errors.flatMap((error: unknown) =>
    typeof error === 'object' &&
    error !== null &&
    'path' in error &&
    'message' in error &&
    typeof error.path === 'string' &&
    typeof error.message === 'string'
      ? [{ path: error.path, message: error.message }]
      : [],
  );
};

/** Where a field of a command came from when not from the body: JSON Pointer into the body → of the request. */
export type Places = Readonly<Record<string, string>>;

/** A command's refusal as the door answers it: its own code, and the status of `interfaces.md`. */
export const refused = (failure: CommandFailure, places: Places = {}): ProblemException => {
  if (!isDomainError(failure)) return new ProblemException(failure.code, failure.message);
  const { code, message, path, details } = failure;
  const placed = (errors: ReadonlyArray<FieldError>): ReadonlyArray<FieldError> =>
    errors.map((error) => ({ ...error, path: places[error.path] ?? error.path }));
  const errors = schemaErrors(failure);
  if (errors !== null) {
    // The detail tells the same errors, each with its path before it.
    const detail = Object.entries(places).reduce((text, [from, to]) => text.replaceAll(`${from} `, `${to} `), message);
    return new ProblemException(code, detail, { errors: placed(errors) });
  }
  return new ProblemException(code, message, {
    errors: path === undefined ? [] : placed([{ path, message }]),
    ...(details === undefined ? {} : { details }),
  });
};
