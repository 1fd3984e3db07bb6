import type { FastifyRequest } from 'fastify';
import { invalidRequest, ProblemException } from '../problem/problem';
import { malformed, MAX_JSON_DEPTH, mediaTypeOf, parseJson, requireMediaType, tooDeep } from '../request/body';
import { measureJson } from '../request/json-text';

/** `interfaces.md`, Facts in: limits. */
export const MAX_EVENT_BYTES = 64 * 1024;
export const MAX_BATCH_EVENTS = 2_500;

export const STRUCTURED = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
const JSON_DATA = 'application/json';

const tooLarge = (detail: string): ProblemException =>
  new ProblemException('TooLarge', `${detail}; nothing of the call was taken`);

const eventTooLarge = (index: number, bytes: number): ProblemException =>
  tooLarge(`event ${index} has ${bytes} bytes; at most ${MAX_EVENT_BYTES} are allowed`);

const batchOf = (body: Buffer): ReadonlyArray<unknown> => {
  const events = parseJson(body);
  if (!Array.isArray(events)) throw malformed(`${BATCH} is a JSON array of events`);
  const { depth, largestElement, largestIndex } = measureJson(body);
  if (depth > MAX_JSON_DEPTH) throw tooDeep();
  if (events.length > MAX_BATCH_EVENTS)
    throw tooLarge(`the batch has ${events.length} events; at most ${MAX_BATCH_EVENTS} are allowed`);
  if (largestElement > MAX_EVENT_BYTES) throw eventTooLarge(largestIndex, largestElement);
  return events;
};

const oneOf = (body: Buffer): unknown => {
  if (body.length > MAX_EVENT_BYTES) throw eventTooLarge(0, body.length);
  const value = parseJson(body);
  if (measureJson(body).depth > MAX_JSON_DEPTH) throw tooDeep();
  return value;
};

const QUOTED = /^"(.*)"$/s;

/** CloudEvents HTTP binding 3.1.3.2: unquoted, then percent-decoded once; 400 when that gives no text. */
const attribute = (name: string, raw: string): string => {
  const text = QUOTED.exec(raw)?.[1]?.replace(/\\(.)/g, '$1') ?? raw;
  try {
    return decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'));
  } catch {
    throw invalidRequest([{ path: `/header/ce-${name}`, message: 'is not percent-encoded UTF-8' }]);
  }
};

/** Binary mode: attributes in `ce-*` headers, the body is `data`. */
const fromHeaders = (request: FastifyRequest, body: Buffer): unknown => {
  // Not one by one: an attribute `__proto__` would be lost, and is to be refused as in the other modes.
  const event: Readonly<Record<string, unknown>> = Object.fromEntries(
    Object.entries(request.headers).flatMap(([header, value]) =>
      header.startsWith('ce-') && typeof value === 'string'
        ? [[header.slice(3), attribute(header.slice(3), value)]]
        : [],
    ),
  );
  if (body.length === 0) return event;
  requireMediaType(request, JSON_DATA);
  return { ...event, datacontenttype: JSON_DATA, data: oneOf(body) };
};

/** Whether a call brings an array of events: its answer tells of each. */
export const isBatch = (request: FastifyRequest): boolean => mediaTypeOf(request) === BATCH;

/**
 * The events of a call in any of the three modes of the CloudEvents HTTP binding, still unjudged.
 * 400 not JSON, 413 above a limit, 415 another media type; nothing of such a call is taken.
 */
export const incomingEvents = (request: FastifyRequest, body: Buffer): ReadonlyArray<unknown> => {
  const mediaType = mediaTypeOf(request);
  if (mediaType === BATCH) {
    requireMediaType(request, BATCH);
    return batchOf(body);
  }
  if (mediaType !== STRUCTURED && request.headers['ce-specversion'] !== undefined) return [fromHeaders(request, body)];
  requireMediaType(request, STRUCTURED, BATCH);
  const event = oneOf(body);
  if (Array.isArray(event)) throw malformed(`an array of events is sent as ${BATCH}`);
  return [event];
};
