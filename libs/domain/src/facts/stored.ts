import * as E from 'fp-ts/Either';
import type * as t from 'io-ts';
import { catalogueEntry, type FactType, isFactType } from './catalogue';
import { channel } from './channels';
import { id, instant, integer, isInstant, oneOf, reference } from './codec';
import { decodeLenient, type FieldError, shown, under } from './decode';
import { actorKinds, type Extensions, extensionValue } from './attributes';
import type { Fact, FactOf } from './envelope';
import { dictionary, isRecord, list, record } from './structure';
import type { Instant } from '../time/calendar';
import { upcast } from './upcasting';

/** A fact before it is appended: with what only the store keeps, without the instant that it sets. */
export type NewFactOf<T extends FactType> = Omit<FactOf<T>, 'recordedAt'> & {
  /** Hash of the command's body: tells a repeated command from another one with the same id. */
  readonly commandHash?: string;
  /** CloudEvents extension attributes that we carry through. */
  readonly extensions?: Extensions;
};
export type NewFact = { [T in FactType]: NewFactOf<T> }[FactType];

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [key: string]: Json };

/** What the store is asked to append (structurally the event store's `NewEvent`). */
export interface NewStoredEvent {
  readonly id: string;
  readonly type: string;
  readonly data: Json;
  readonly metadata: { readonly [key: string]: Json };
}

/** An event of the log as far as a fact needs it (structurally part of the event store's `StoredEvent`). */
export interface StoredFactEvent {
  readonly id: string;
  readonly type: string;
  readonly streamId: string;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
  readonly data: unknown;
  readonly metadata: unknown;
}

/** Everything of a fact's envelope that the store does not keep in columns of its own. */
const metadataCodec = record(
  {
    schemaVersion: integer(1, 10_000),
    /** RFC 3339, so that the log can be read by eye. */
    occurredAt: instant,
    subjects: list(id, 0, 8),
    actor: record({ kind: oneOf(actorKinds), id: reference }),
    source: reference,
    /** The fact's id at its source. */
    id: reference,
  },
  {
    channel,
    correlationId: reference,
    causationId: reference,
    commandId: reference,
    commandHash: reference,
    /** When an earlier log recorded the fact, of which this one is a copy. */
    recordedAt: instant,
    extensions: dictionary(extensionValue, 100),
  },
);
export type FactMetadata = t.TypeOf<typeof metadataCodec>;

/** The (data, metadata) pair of a fact; metadata keys are those of `FactMetadata`, absent ones left out. */
export const toNewEvent = (fact: NewFact): NewStoredEvent => {
  const metadata: { [key: string]: Json } = {
    schemaVersion: fact.schemaVersion,
    occurredAt: new Date(fact.occurredAt).toISOString(),
    subjects: fact.subjects,
    actor: { kind: fact.actor.kind, id: fact.actor.id },
    source: fact.source,
    id: fact.id,
  };
  if (fact.channel !== undefined) metadata['channel'] = fact.channel;
  if (fact.correlationId !== undefined) metadata['correlationId'] = fact.correlationId;
  if (fact.causationId !== undefined) metadata['causationId'] = fact.causationId;
  if (fact.commandId !== undefined) metadata['commandId'] = fact.commandId;
  if (fact.commandHash !== undefined) metadata['commandHash'] = fact.commandHash;
  if (fact.extensions !== undefined) metadata['extensions'] = fact.extensions;
  return { id: fact.eventId, type: fact.type, data: fact.data, metadata };
};

/** When an event was recorded first. A copy may say that it was known earlier, never later than it came. */
export const recordedInstantOf = ({
  recordedAt,
  metadata,
}: Pick<StoredFactEvent, 'recordedAt' | 'metadata'>): Instant => {
  const said = isRecord(metadata) ? metadata['recordedAt'] : undefined;
  return typeof said === 'string' && isInstant(said) ? Math.min(recordedAt, Date.parse(said)) : recordedAt;
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const assemble = (event: StoredFactEvent, type: FactType, metadata: FactMetadata, data: unknown): Fact => {
  const fact: Mutable<Omit<FactOf<FactType>, 'data'>> & { data: unknown } = {
    eventId: event.id,
    type,
    schemaVersion: catalogueEntry(type).schemaVersion,
    streamId: event.streamId,
    occurredAt: Date.parse(metadata.occurredAt),
    recordedAt: recordedInstantOf(event),
    source: metadata.source,
    id: metadata.id,
    subjects: metadata.subjects,
    actor: metadata.actor,
    data,
  };
  if (metadata.channel !== undefined) fact.channel = metadata.channel;
  if (metadata.correlationId !== undefined) fact.correlationId = metadata.correlationId;
  if (metadata.causationId !== undefined) fact.causationId = metadata.causationId;
  if (metadata.commandId !== undefined) fact.commandId = metadata.commandId;
  return fact as Fact;
};

/**
 * The fact of one of our own events, without decoding: it was written through the same codecs. An
 * older schema version is upcast. Throws when the log holds what this program cannot know (a type
 * that is no fact, a version of the future), which is a mistake of deployment and no expected failure.
 */
export const factFromStored = (event: StoredFactEvent): Fact => {
  const { type } = event;
  if (!isFactType(type)) throw new Error(`event ${event.id} of type ${type} is no fact of the catalogue`);
  const metadata = event.metadata as FactMetadata;
  if (metadata.schemaVersion === catalogueEntry(type).schemaVersion) return assemble(event, type, metadata, event.data);
  const data = upcast(type, metadata.schemaVersion, event.data);
  if (E.isLeft(data)) throw new Error(`event ${event.id}: ${data.left.message}`);
  return assemble(event, type, metadata, data.right);
};

/**
 * Decodes an event of the log in full, trusting nothing. Unknown fields are kept and sealed personal
 * values are allowed. Paths begin with `/type`, `/data` or `/metadata`; all errors are reported.
 */
export const decodeStored = (event: StoredFactEvent): E.Either<ReadonlyArray<FieldError>, Fact> => {
  const { type } = event;
  if (!isFactType(type))
    return E.left([{ path: '/type', message: `must be a fact of the catalogue; got ${shown(type)}` }]);
  const metadata = decodeLenient(metadataCodec, event.metadata);
  if (E.isLeft(metadata)) return E.left(under('/metadata', metadata.left));
  const upcasted = upcast(type, metadata.right.schemaVersion, event.data);
  if (E.isLeft(upcasted)) return E.left([{ ...upcasted.left, path: '/metadata/schemaVersion' }]);
  const data = decodeLenient(catalogueEntry(type).codec, upcasted.right);
  if (E.isLeft(data)) return E.left(under('/data', data.left));
  return E.right(assemble(event, type, metadata.right, data.right));
};
