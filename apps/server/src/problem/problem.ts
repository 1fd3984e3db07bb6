import { type DomainError, domainErrorCodes, type DomainErrorCode, httpStatusOf } from '@afecto/domain';

/** What is wrong with one part of a request. `path` is a JSON Pointer: into the body, or `/query/…`, `/header/…`, `/path/…`. */
export interface ProblemError {
  readonly path: string;
  readonly message: string;
}

/** RFC 9457 problem details, as every error leaves the service (`interfaces.md`, Conventions). */
export interface Problem {
  /** URI reference that names the kind of problem. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly errors: ReadonlyArray<ProblemError>;
  /** Facts about a refusal that programs can read (`domain.md §15`, error shape). */
  readonly details?: DomainError['details'];
}

/** Problems of the door itself, beside the refusals of `domain.md §15`. */
const doorStatuses = {
  InvalidRequest: 400,
  MalformedJson: 400,
  Unauthenticated: 401,
  Forbidden: 403,
  NotFound: 404,
  UnknownCommand: 404,
  UnknownActivity: 404,
  QuarantinedFactNotFound: 404,
  IdentifierNotFound: 404,
  UnknownFigures: 404,
  MethodNotAllowed: 405,
  TooLarge: 413,
  UnsupportedMediaType: 415,
  TooManyRequests: 429,
  InternalError: 500,
  NotYetProjected: 503,
  NotReady: 503,
  ReadsUnrecorded: 503,
  ShuttingDown: 503,
  StoreClosed: 503,
  StoreFailed: 503,
} as const;

export type DoorCode = keyof typeof doorStatuses;
export type ProblemCode = DoorCode | DomainErrorCode;

const knownCodes: ReadonlySet<string> = new Set(domainErrorCodes);
const isDomainCode = (code: string): code is DomainErrorCode => knownCodes.has(code);

export const statusOf = (code: ProblemCode): number => (isDomainCode(code) ? httpStatusOf(code) : doorStatuses[code]);

/** Every code that an answer can carry, with its status; the OpenAPI document lists them. */
export const problemCodes: ReadonlyArray<{ readonly code: string; readonly status: number }> = [
  ...Object.entries(doorStatuses).map(([code, status]) => ({ code, status })),
  ...domainErrorCodes.filter((code) => code !== 'Forbidden').map((code) => ({ code, status: httpStatusOf(code) })),
];

/** `WrongThing` → `Wrong thing`. */
const titleOf = (code: string): string => {
  const words = code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Values of the caller are repeated in a message at most this long. */
const SHOWN = 100;

/** A value of the caller as a message names it. */
export const quoted = (value: string): string => {
  const text = JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN - 1).toWellFormed()}…` : text;
};

export interface ProblemParts {
  readonly errors?: ReadonlyArray<ProblemError>;
  readonly details?: DomainError['details'];
  /** Response headers, e.g. `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
}

export const problemOf = (code: ProblemCode, detail: string, { errors = [], details }: ProblemParts = {}): Problem => ({
  type: `/problems/${code}`,
  title: titleOf(code),
  status: statusOf(code),
  detail,
  code,
  errors,
  ...(details === undefined ? {} : { details }),
});

/** Whatever is not now may be soon: the same call may be sent again after so many seconds. */
const SOON = { 'Retry-After': '1' };

/** A problem on its way out. Thrown at the door only: below it, refusals are values. */
export class ProblemException extends Error {
  override readonly name = 'ProblemException';
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, detail: string, parts: ProblemParts = {}) {
    super(detail);
    this.problem = problemOf(code, detail, parts);
    this.headers = parts.headers ?? (this.problem.status === 503 ? SOON : {});
  }
}

/** One or more parts of a request are wrong: 400. */
export const invalidRequest = (errors: ReadonlyArray<ProblemError>): ProblemException =>
  new ProblemException('InvalidRequest', errors.map(({ path, message }) => `${path} ${message}`).join('; '), {
    errors,
  });
