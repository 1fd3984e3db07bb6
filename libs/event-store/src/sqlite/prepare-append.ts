import * as E from 'fp-ts/Either';
import type { AppendError, AppendRequest, ExpectedRevision, NewEvent } from '../port';
import { guarded } from './encoded-content';
import { isUuid } from './event-row';

/** An event that has been checked and serialised; nothing about it can fail later. */
export interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

export interface PreparedAppend {
  readonly streamId: string;
  readonly expectedRevision: ExpectedRevision;
  readonly events: ReadonlyArray<PreparedEvent>;
}

type InvalidEvent = Extract<AppendError, { code: 'InvalidEvent' }>;

const MAX_STREAM_NAME = 512;
const MAX_TYPE = 255;

const invalid = (path: string, message: string): InvalidEvent => ({ code: 'InvalidEvent', path, message });

/** A name that SQLite gives back exactly as it was: no NUL (ends its text functions), no half of a pair. */
const isName = (value: unknown, longest: number): value is string =>
  typeof value === 'string' &&
  value.length >= 1 &&
  value.length <= longest &&
  !value.includes('\0') &&
  value.isWellFormed();

/**
 * The path, below `value`, of the first value that JSON would change without saying so (`NaN` to
 * `null`, a `Date` to a string, a hole to `null`); `null` when there is none. An absent property is
 * no change. The path is made on the way out, so that sound data costs no strings.
 */
const notJson = (value: unknown): string | null => {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return null;
    case 'number':
      return Number.isFinite(value) ? null : '';
    case 'object':
      if (value === null) return null;
      if (Array.isArray(value)) return notJsonItem(value);
      if ('toJSON' in value || value instanceof Map || value instanceof Set) return '';
      return notJsonProperty(value as Readonly<Record<string, unknown>>);
    default:
      return '';
  }
};

const notJsonItem = (items: ReadonlyArray<unknown>): string | null => {
  for (let index = 0; index < items.length; index++) {
    const below = notJson(items[index]);
    if (below !== null) return `/${index}${below}`;
  }
  return null;
};

const notJsonProperty = (record: Readonly<Record<string, unknown>>): string | null => {
  for (const key of Object.keys(record)) {
    const item = record[key];
    const below = item === undefined ? null : notJson(item);
    if (below !== null) return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}${below}`;
  }
  return null;
};

const serialise = (value: unknown, path: string): E.Either<InvalidEvent, string> => {
  try {
    const below = notJson(value);
    if (below !== null)
      return E.left(invalid(`${path}${below}`, 'is not JSON: it would not be read back as it was written'));
    return E.right(JSON.stringify(value));
  } catch {
    // The stack ran out: the value contains itself, or is nested thousands of levels deep.
    return E.left(invalid(path, 'is not JSON: it contains itself or is nested too deeply'));
  }
};

const prepareEvent = (event: NewEvent, path: string): E.Either<InvalidEvent, PreparedEvent> => {
  const { id, type } = event;
  if (typeof id !== 'string' || !isUuid(id))
    return E.left(invalid(`${path}/id`, 'must be a UUID in canonical lower-case form'));
  if (!isName(type, MAX_TYPE)) return E.left(invalid(`${path}/type`, `must be a text of 1 to ${MAX_TYPE} characters`));
  const data = serialise(event.data, `${path}/data`);
  if (E.isLeft(data)) return data;
  if (typeof event.metadata !== 'object' || event.metadata === null || Array.isArray(event.metadata))
    return E.left(invalid(`${path}/metadata`, 'must be a JSON object'));
  const metadata = serialise(event.metadata, `${path}/metadata`);
  if (E.isLeft(metadata)) return metadata;
  return E.right({ id, type, data: data.right, metadata: guarded(metadata.right) });
};

/** Whether both doors take a stream of this name: 1..512 characters. */
export const isStreamName = (name: string): boolean => isName(name, MAX_STREAM_NAME);

/** Whether both doors take an event type of this name: 1..255 characters. */
export const isTypeName = (name: string): boolean => isName(name, MAX_TYPE);

const isExpectedRevision = (value: ExpectedRevision): boolean =>
  value === 'any' ||
  value === 'noStream' ||
  value === 'streamExists' ||
  (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0);

/**
 * Checks and serialises one append: stream name of 1..512 characters, at least one event, UUIDs that
 * are all different, types of 1..255 characters, data and metadata that JSON keeps as they are.
 * The path of an error is a JSON Pointer into the request.
 */
export const prepareAppend = (request: AppendRequest): E.Either<InvalidEvent, PreparedAppend> => {
  const { streamId, expectedRevision } = request;
  if (!isName(streamId, MAX_STREAM_NAME))
    return E.left(invalid('/streamId', `must be a text of 1 to ${MAX_STREAM_NAME} characters`));
  if (!isExpectedRevision(expectedRevision))
    return E.left(invalid('/expectedRevision', "must be 'any', 'noStream', 'streamExists' or an integer from 0"));
  if (request.events.length === 0) return E.left(invalid('/events', 'must have at least one event'));
  const events: PreparedEvent[] = [];
  for (const [index, event] of request.events.entries()) {
    const prepared = prepareEvent(event, `/events/${index}`);
    if (E.isLeft(prepared)) return prepared;
    events.push(prepared.right);
  }
  if (events.length > 1) {
    const seen = new Set<string>();
    for (const [index, { id }] of events.entries()) {
      if (seen.has(id)) return E.left(invalid(`/events/${index}/id`, `${id} appears twice in this append`));
      seen.add(id);
    }
  }
  return E.right({ streamId, expectedRevision, events });
};
