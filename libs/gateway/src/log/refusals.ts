import type { EncodedEvent } from '@afecto/event-store';
import { hidingKey } from './stream-metadata';
import {
  ALL_STREAM,
  MAX_STREAM_NAME,
  isFactStream,
  isMetastream,
  isOwnStream,
  isVirtual,
  metastreamOf,
  originalOf,
  TOMBSTONE_TYPE,
} from './stream-names';
import type { WireAppend, WireError } from './wire-log';

const MAX_TYPE = 255;
const METASTREAM_LENGTH = metastreamOf('').length;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const NIL = '00000000-0000-0000-0000-000000000000';

const invalid = (message: string): WireError => ({ code: 'InvalidArgument', message });
const denied = (message: string): WireError => ({ code: 'AccessDenied', message });

const isName = (name: string, longest: number): boolean =>
  name.length >= 1 && name.length <= longest && !name.includes('\0') && name.isWellFormed();

/** What no stream of this name can be written with; null when it can. */
const refusedStream = (streamId: string): WireError | null => {
  if (isMetastream(streamId) && streamId.length > MAX_STREAM_NAME)
    return invalid(
      `Stream "${originalOf(streamId)}" takes no metadata, and can be tombstoned but not deleted: for that its name must have ${MAX_STREAM_NAME - METASTREAM_LENGTH} characters at most, and it has ${originalOf(streamId).length}.`,
    );
  if (!isName(streamId, MAX_STREAM_NAME))
    return invalid(`The stream name "${streamId}" must have 1 to ${MAX_STREAM_NAME} characters and no NUL.`);
  if (streamId === ALL_STREAM) return denied('Stream $all cannot be written: it is the log as a whole.');
  if (isVirtual(streamId))
    return denied(`Stream "${streamId}" cannot be written: its links are computed from the log.`);
  return null;
};

const refusedEvent = ({ id, type }: EncodedEvent, index: number): WireError | null => {
  if (!UUID.test(id) || id === NIL)
    return invalid(`Event ${index}, /id: is "${id}"; must be a UUID in canonical lower-case form and not empty.`);
  if (!isName(type, MAX_TYPE))
    return invalid(`Event ${index}, /type: is "${type}"; must have 1 to ${MAX_TYPE} characters and no NUL.`);
  if (type === TOMBSTONE_TYPE)
    return invalid(`Event ${index}, /type: is ${type}, which only the deletion of a stream writes.`);
  return null;
};

const repeatedId = (events: ReadonlyArray<EncodedEvent>): string | null => {
  if (events.length < 2) return null;
  const seen = new Set<string>();
  for (const { id } of events) {
    if (seen.has(id)) return id;
    seen.add(id);
  }
  return null;
};

/** What the stream is kept for, so that nothing of it is ever removed; null: it is its writer's own. */
const keptFor = (streamId: string, holdsFact: boolean): string | null => {
  if (holdsFact || isFactStream(streamId)) return 'facts are never removed';
  return isOwnStream(streamId) ? 'what the system says of itself is never removed' : null;
};

/** The stream of which an append takes events out of sight, and the key that does it. */
export interface Hiding {
  readonly streamId: string;
  readonly key: string;
}

export const hidingBy = ({ streamId, events }: WireAppend): Hiding | null => {
  if (!isMetastream(streamId)) return null;
  for (const { isJson, data } of events) {
    const key = isJson ? hidingKey(data) : null;
    if (key !== null) return { streamId: originalOf(streamId), key };
  }
  return null;
};

/** What is kept is never removed, so nothing may take it out of sight (`domain.md §1`). */
export const refusedHiding = ({ streamId, key }: Hiding, holdsFact: boolean): WireError | null => {
  const kept = keptFor(streamId, holdsFact);
  return kept === null ? null : denied(`${key} cannot be set for stream "${streamId}": ${kept}; only $acl is allowed.`);
};

/** What keeps an append out whatever the stream holds; null when nothing does. */
export const refusedAppend = (request: WireAppend): WireError | null => {
  const stream = refusedStream(request.streamId);
  if (stream !== null) return stream;
  for (const [index, event] of request.events.entries()) {
    const refused = refusedEvent(event, index);
    if (refused !== null) return refused;
  }
  const twice = repeatedId(request.events);
  return twice === null
    ? null
    : invalid(`The event id ${twice} appears twice in this append; each event needs its own.`);
};

/** What keeps a stream from being deleted or tombstoned; null when nothing does. */
export const refusedRemoval = (streamId: string, holdsFact: boolean): WireError | null => {
  const stream = refusedStream(streamId);
  if (stream !== null) return stream;
  if (isMetastream(streamId))
    return denied(`Stream "${streamId}" cannot be deleted: it holds the metadata of "${originalOf(streamId)}".`);
  const kept = keptFor(streamId, holdsFact);
  return kept === null ? null : denied(`Stream "${streamId}" cannot be deleted: ${kept}.`);
};

/** What keeps the metadata that a deletion writes from being written; null when nothing does. */
export const refusedMetadata = (streamId: string): WireError | null => refusedStream(metastreamOf(streamId));
