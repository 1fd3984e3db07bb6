import { randomUUID } from 'node:crypto';
import type { CommandCall } from '@afecto/application';
import type { CommandActor } from '@afecto/domain';
import type { FastifyRequest } from 'fastify';
import { invalidRequest, type ProblemError } from '../problem/problem';
import { bodyOf, MAX_JSON_DEPTH, parseJson, requireMediaType, tooDeep } from '../request/body';
import { measureJson } from '../request/json-text';
import { checkHeader, CommandHeaderDto } from './command-header.dto';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON body of a request; 400 not JSON, 415 another media type. */
export const jsonBody = (request: FastifyRequest): unknown => {
  requireMediaType(request, 'application/json');
  const bytes = bodyOf(request);
  const body = parseJson(bytes);
  if (measureJson(bytes).depth > MAX_JSON_DEPTH) throw tooDeep();
  return body;
};

const REVISION = /^("?)(\d{1,16})\1$/;

/** `If-Match: 3` or `"3"`; anything else stays a text and is refused with the others, as it was sent. */
const revisionOf = (header: string | undefined): unknown => {
  if (header === undefined) return undefined;
  const revision = Number(REVISION.exec(header.trim())?.[2] ?? Number.NaN);
  return Number.isSafeInteger(revision) ? revision : header;
};

interface Both {
  readonly field: string;
  readonly header: string;
  readonly inHeader: unknown;
  readonly inBody: unknown;
}

const contradiction = ({ field, header, inHeader, inBody }: Both): ReadonlyArray<ProblemError> =>
  inHeader !== undefined && inBody !== undefined && inHeader !== inBody
    ? [{ path: `/${field}`, message: `differs from the header ${header}; send one of them` }]
    : [];

/**
 * One command as it came: the header's fields are taken out of the body, so that the command's own
 * strict codec sees only its own. A command without an idempotency key gets a random one.
 */
export const readCommand = (
  name: string,
  request: FastifyRequest,
  actor: CommandActor,
  body: unknown = jsonBody(request),
): CommandCall => {
  const key = request.headers['idempotency-key'];
  const match = revisionOf(request.headers['if-match']);
  const { commandId, expectedVersion, occurredAt, ...fields }: Readonly<Record<string, unknown>> = isRecord(body)
    ? body
    : {};
  const contradictions = [
    ...contradiction({ field: 'commandId', header: 'Idempotency-Key', inHeader: key, inBody: commandId }),
    ...contradiction({ field: 'expectedVersion', header: 'If-Match', inHeader: match, inBody: expectedVersion }),
  ];
  if (contradictions.length > 0) throw invalidRequest(contradictions);

  const header = Object.assign(new CommandHeaderDto(), {
    commandId: key ?? (commandId === undefined ? randomUUID() : commandId),
    ...(match === undefined && expectedVersion === undefined ? {} : { expectedVersion: match ?? expectedVersion }),
    ...(occurredAt === undefined ? {} : { occurredAt }),
  });
  checkHeader(header, {
    commandId: key === undefined ? '/commandId' : '/header/idempotency-key',
    expectedVersion: match === undefined ? '/expectedVersion' : '/header/if-match',
    occurredAt: '/occurredAt',
  });
  return {
    name,
    body: isRecord(body) ? fields : body,
    commandId: header.commandId,
    actor,
    ...(header.expectedVersion === undefined ? {} : { expectedRevision: header.expectedVersion }),
    ...(header.occurredAt === undefined ? {} : { occurredAt: Date.parse(header.occurredAt) }),
  };
};
