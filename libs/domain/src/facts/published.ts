import * as E from 'fp-ts/Either';
import type { Extensions, ExtensionValue } from './attributes';
import { subjectsOf } from './catalogue';
import type { Fact } from './envelope';
import { factFromStored, type FactMetadata, recordedInstantOf, type StoredFactEvent } from './stored';

/** A CloudEvents 1.0 event in structured JSON, as the feed gives it out (`interfaces.md`, Events out). */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: unknown;
  /** Position in the log (CloudEvents `sequence` extension). */
  readonly sequence: string;
  readonly recordedtime: string;
  readonly streamid: string;
  readonly schemaversion: number;
  readonly actorkind: string;
  readonly actorid: string;
  readonly [attribute: string]: unknown;
}

/** Further subjects that cannot be derived from the payload travel in the extension `subjects`. */
const subjectAttributes = ({ type, data, subjects }: Fact): Readonly<Record<string, string>> => {
  const [subject] = subjects;
  if (subject === undefined) return {};
  const derived = subjectsOf(type, data, subject);
  const same = E.isRight(derived) && derived.right.join() === subjects.join();
  return same ? { subject } : { subject, subjects: subjects.join() };
};

/**
 * A fact of the log as a CloudEvent, in its current schema version. `decodeCloudEvent` of the result
 * gives the same fact again, event id included. Personal values that are sealed stay sealed: whoever
 * may see them opens them first.
 */
export const toCloudEvent = (event: StoredFactEvent & { readonly position: bigint }): CloudEvent => {
  const fact = factFromStored(event);
  const { commandHash, extensions } = event.metadata as FactMetadata;
  const optional: Record<string, ExtensionValue> = {};
  if (fact.channel !== undefined) optional['channel'] = fact.channel;
  if (fact.correlationId !== undefined) optional['correlationid'] = fact.correlationId;
  if (fact.causationId !== undefined) optional['causationid'] = fact.causationId;
  if (fact.commandId !== undefined) optional['commandid'] = fact.commandId;
  if (commandHash !== undefined) optional['commandhash'] = commandHash;
  const carried: Extensions = extensions ?? {};
  return {
    ...carried,
    specversion: '1.0',
    id: fact.id,
    source: fact.source,
    type: fact.type,
    time: new Date(fact.occurredAt).toISOString(),
    datacontenttype: 'application/json',
    ...subjectAttributes(fact),
    streamid: fact.streamId,
    schemaversion: fact.schemaVersion,
    actorkind: fact.actor.kind,
    actorid: fact.actor.id,
    ...optional,
    sequence: event.position.toString(),
    recordedtime: new Date(recordedInstantOf(event)).toISOString(),
    data: fact.data,
  };
};

/**
 * The same of an event that another program may have written into the log: left says why it is no fact
 * that this program can read (a schema version of the future, content that no codec would have let in).
 */
export const readCloudEvent = (event: StoredFactEvent & { readonly position: bigint }): E.Either<string, CloudEvent> =>
  E.tryCatch(
    () => toCloudEvent(event),
    (error) => (error instanceof Error ? error.message : String(error)),
  );
