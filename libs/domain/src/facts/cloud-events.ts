import * as E from 'fp-ts/Either';
import {
  actorKinds,
  eventIdOf,
  type Extensions,
  type ExtensionValue,
  extensionValue,
  idFrom,
  isSource,
  isStreamId,
} from './attributes';
import {
  catalogueEntry,
  type FactType,
  factTypes,
  isFactType,
  listedSubjectsFault,
  streamOf,
  subjectsOf,
} from './catalogue';
import { channels } from './channels';
import { id as idCodec, isId, isInstant, isReference } from './codec';
import { decodeStrict, type FieldError, pointer, shown, under } from './decode';
import type { ActorKind } from './envelope';
import type { NewFact } from './stored';
import { isRecord, type JsonRecord } from './structure';
import { upcast } from './upcasting';

/** A fact that came in from elsewhere, with everything that is needed to append it. */
export type IncomingFact = NewFact;

/** Attributes with a meaning of their own; all others are extensions that are carried through. */
const OWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'subject',
  'data',
  'datacontenttype',
  'channel',
  'actorkind',
  'actorid',
  'correlationid',
  'causationid',
  'commandid',
  'commandhash',
  'streamid',
  'schemaversion',
  'subjects',
  // Set by us on the way out; a copy that comes back must equal the original.
  'sequence',
  'recordedtime',
]);

/** A member of a structured event that says nothing: in JSON an attribute that is `null` is one that is not set. */
const isUnset = (value: unknown): value is undefined | null => value === undefined || value === null;

const EXTENSION_NAME = /^[a-z0-9]{1,20}$/;
/** Not allowed in the strings of attributes (CloudEvents 1.0, Type System). */
const CONTROL = /\p{Cc}/u;
const JSON_TYPE = /^application\/([\w.-]+\+)?json\s*(;.*)?$/i;
const REFERENCE = 'a string of 1..256 printable characters';
const A_CHANNEL = `one of ${channels.join(', ')}`;
const AN_ACTOR_KIND = `one of ${actorKinds.join(', ')}`;
const A_TYPE = `a fact type: ${factTypes.join(', ')}`;

/** Reads attributes one by one and collects what is wrong with all of them. */
class Attributes {
  readonly errors: FieldError[] = [];
  constructor(private readonly event: JsonRecord) {}

  reject(name: string, message: string): void {
    this.errors.push({ path: pointer([name]), message });
  }

  optional<A>(name: string, allowed: string, read: (value: unknown) => A | null): A | undefined {
    const value = this.event[name];
    if (isUnset(value)) return undefined;
    const result = read(value);
    if (result !== null) return result;
    this.reject(name, `must be ${allowed}; got ${shown(value)}`);
    return undefined;
  }

  required<A>(name: string, allowed: string, read: (value: unknown) => A | null): A | undefined {
    if (isUnset(this.event[name])) this.reject(name, `is missing; must be ${allowed}`);
    return this.optional(name, allowed, read);
  }
}

const text =
  (accepts: (value: string) => boolean) =>
  (value: unknown): string | null =>
    typeof value === 'string' && accepts(value) ? value : null;

const readReference = text(isReference);
const readId = text(isId);

const among =
  <V extends string>(values: ReadonlyArray<V>) =>
  (value: unknown): V | null =>
    values.find((known) => known === value) ?? null;

const schemaVersion = (value: unknown): number | null => {
  const version = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
  return typeof version === 'number' && Number.isSafeInteger(version) && version >= 1 ? version : null;
};

const subjectList = (value: unknown): ReadonlyArray<string> | null => {
  const subjects = typeof value === 'string' ? value.split(',') : [];
  return subjects.length >= 1 && subjects.length <= 8 && subjects.every(isId) ? [...new Set(subjects)] : null;
};

const extensionsOf = (event: JsonRecord, attributes: Attributes): Extensions | undefined => {
  const extensions: Record<string, ExtensionValue> = {};
  for (const [name, value] of Object.entries(event)) {
    if (OWN_ATTRIBUTES.has(name) || isUnset(value)) continue;
    if (!EXTENSION_NAME.test(name)) {
      attributes.reject(name, 'is an unknown attribute; names of extensions have 1..20 characters a-z 0-9');
    } else if (typeof value === 'string' && CONTROL.test(value)) {
      attributes.reject(name, `must have no control characters; got ${shown(value)}`);
    } else if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      attributes.reject(
        name,
        `must be a whole number of at most ±${Number.MAX_SAFE_INTEGER}; send a larger one as a string`,
      );
    } else if (extensionValue.is(value)) extensions[name] = value;
    else attributes.reject(name, `must be ${extensionValue.name}; got ${shown(value)}`);
  }
  return Object.keys(extensions).length > 0 ? extensions : undefined;
};

/**
 * Fields that a sender may leave out of a payload, with what then stands there: lists that may be empty and
 * records without required fields (absent means none), and the own id of a fact that opens a stream.
 */
const leftOut = (type: FactType, ownId: string): ReadonlyArray<readonly [field: string, value: unknown]> => {
  const { codec, streams, opensStream } = catalogueEntry(type);
  if (codec.shape.kind !== 'record') return [];
  const filled: (readonly [string, unknown])[] = [];
  const [first] = streams;
  if (opensStream && first) filled.push([first.key, ownId]);
  for (const [name, { shape }] of Object.entries(codec.shape.required)) {
    if (shape.kind === 'list' && shape.min === 0) filled.push([name, []]);
    if (shape.kind === 'record' && Object.keys(shape.required).length === 0) filled.push([name, {}]);
  }
  return filled;
};

/** Fields of a payload that its codec requires and that a sender may leave out all the same. */
export const fieldsFilledIn = (type: FactType): ReadonlySet<string> => new Set(leftOut(type, '').map(([name]) => name));

const completed = (type: FactType, data: unknown, ownId: string): unknown => {
  if (!isRecord(data)) return data;
  const missing = leftOut(type, ownId).filter(([name]) => data[name] === undefined);
  return missing.length > 0 ? { ...data, ...Object.fromEntries(missing) } : data;
};

const payload = (
  type: FactType,
  version: number,
  data: unknown,
  ownId: string,
): E.Either<ReadonlyArray<FieldError>, unknown> => {
  if (data === undefined) return E.left([{ path: '/data', message: `is missing; must be the payload of ${type}` }]);
  const upcasted = upcast(type, version, data);
  if (E.isLeft(upcasted)) return E.left([upcasted.left]);
  const decoded = decodeStrict(catalogueEntry(type).codec, completed(type, upcasted.right, ownId));
  return E.isLeft(decoded) ? E.left(under('/data', decoded.left)) : decoded;
};

/** Whom a fact is about: whoever its sender lists, or the subject and the parties of the payload. */
const partiesOf = (
  type: FactType,
  data: unknown,
  { subject, subjects }: { readonly subject: string | undefined; readonly subjects: ReadonlyArray<string> | undefined },
): E.Either<FieldError, ReadonlyArray<string>> => {
  if (subjects === undefined) return subjectsOf(type, data, subject);
  if (subject !== undefined && !subjects.includes(subject))
    return E.left({ path: '/subjects', message: `must list ${subject}, which is the subject` });
  const fault = listedSubjectsFault(type, data, subjects);
  return fault === null ? E.right(subjects) : E.left(fault);
};

/**
 * A CloudEvents 1.0 event in structured JSON → a fact ready to append (`interfaces.md`, Facts in).
 * Only the shape is checked, never a business rule. Every wrong field is reported, each with its
 * JSON Pointer, what came and what is allowed.
 */
export const decodeCloudEvent = (json: unknown): E.Either<ReadonlyArray<FieldError>, IncomingFact> => {
  if (!isRecord(json)) {
    return E.left([
      { path: '', message: `must be a JSON object in CloudEvents 1.0 structured mode; got ${shown(json)}` },
    ]);
  }
  const attributes = new Attributes(json);
  attributes.required(
    'specversion',
    '"1.0"',
    text((value) => value === '1.0'),
  );
  attributes.optional(
    'datacontenttype',
    'application/json',
    text((value) => JSON_TYPE.test(value)),
  );
  const id = attributes.required('id', REFERENCE, readReference) ?? '';
  const source = attributes.required('source', 'a URI reference of 1..256 printable characters', text(isSource)) ?? '';
  const time = attributes.required('time', 'an RFC 3339 UTC instant such as 2026-01-31T09:30:00.000Z', text(isInstant));
  const subject = attributes.optional('subject', idCodec.name, readId);
  const subjects = attributes.optional('subjects', '1..8 ids separated by commas', subjectList);
  const channel = attributes.optional('channel', A_CHANNEL, among(channels));
  const actorKind = attributes.optional('actorkind', AN_ACTOR_KIND, among<ActorKind>(actorKinds));
  const actorId = attributes.optional('actorid', REFERENCE, readReference);
  const correlationId = attributes.optional('correlationid', REFERENCE, readReference);
  const causationId = attributes.optional('causationid', REFERENCE, readReference);
  const commandId = attributes.optional('commandid', REFERENCE, readReference);
  const commandHash = attributes.optional('commandhash', REFERENCE, readReference);
  const streamId = attributes.optional(
    'streamid',
    '1..200 characters A-Z a-z 0-9 _ . : -, and not begin with derived- or afecto-',
    text(isStreamId),
  );
  const version = attributes.optional('schemaversion', 'a whole number from 1', schemaVersion);
  const type = attributes.required('type', A_TYPE, (value) =>
    typeof value === 'string' && isFactType(value) ? value : null,
  );
  const extensions = extensionsOf(json, attributes);
  const { errors } = attributes;
  if (type === undefined) return E.left(errors);

  const eventId = eventIdOf(source, id);
  const ownId = idFrom(id, eventId);
  const current = catalogueEntry(type).schemaVersion;
  const data = payload(type, version ?? current, json['data'], ownId);
  if (E.isLeft(data)) return E.left([...errors, ...data.left]);
  const about = partiesOf(type, data.right, { subject, subjects });
  if (E.isLeft(about)) return E.left(errors.some(({ path }) => path === '/subject') ? errors : [...errors, about.left]);
  if (errors.length > 0 || time === undefined) return E.left(errors);

  const fact = {
    eventId,
    type,
    schemaVersion: current,
    streamId: streamId ?? streamOf(type, data.right, ownId),
    occurredAt: Date.parse(time),
    source,
    id,
    subjects: about.right,
    actor: { kind: actorKind ?? 'integration', id: actorId ?? source },
    ...(channel !== undefined && { channel }),
    ...(correlationId !== undefined && { correlationId }),
    ...(causationId !== undefined && { causationId }),
    ...(commandId !== undefined && { commandId }),
    ...(commandHash !== undefined && { commandHash }),
    ...(extensions !== undefined && { extensions }),
    data: data.right,
  };
  return E.right(fact as NewFact);
};
