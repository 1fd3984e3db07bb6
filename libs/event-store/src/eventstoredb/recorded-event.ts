import type { UUID } from '@eventstore/db-client/generated/shared_pb';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb';
import type { EncodedRecord } from '../encoded-log';
import type { Json, JsonObject, Position, StoredEvent } from '../port';
import { isVisible } from '../visible-records';

type Recorded = InstanceType<typeof ReadResp.ReadEvent.RecordedEvent>;

/** `created` counts 100-ns ticks since 1970. */
const TICKS_A_MILLISECOND = 10_000n;

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');

const half = (digits: string): string => BigInt.asUintN(64, BigInt(digits)).toString(16).padStart(16, '0');

/** The canonical text of a UUID; servers send it as text or as two halves. */
export const uuidOf = (uuid: UUID | undefined): string => {
  const structured = uuid?.getStructured();
  if (structured === undefined) return uuid?.getString().toLowerCase() ?? '';
  const hex = half(structured.getMostSignificantBits()) + half(structured.getLeastSignificantBits());
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

const parsed = (bytes: Uint8Array): Json | undefined => {
  try {
    const value: Json = JSON.parse(textOf(bytes));
    return value;
  } catch {
    return undefined;
  }
};

/** Bytes that are no JSON are shown in base64, as the embedded store shows them. */
const dataOf = (bytes: Uint8Array, isJson: boolean): Json => {
  const value = isJson ? parsed(bytes) : undefined;
  return value === undefined ? Buffer.from(bytes).toString('base64') : value;
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Marks what the port cannot show as it is, as the embedded store marks it. */
const metadataOf = (bytes: Uint8Array, isJson: boolean): JsonObject => {
  const value = bytes.byteLength === 0 ? {} : parsed(bytes);
  if (isJson && isObject(value)) return value;
  const contentType = isJson ? 'application/json' : 'application/octet-stream';
  return { $wire: { contentType, metadata: Buffer.from(bytes).toString('base64') } };
};

export const streamIdOf = (record: Recorded): string =>
  textOf(record.getStreamIdentifier()?.getStreamName_asU8() ?? new Uint8Array());

export const positionOf = (event: ReadResp.ReadEvent): Position => {
  const record = event.getEvent() ?? event.getLink();
  return BigInt(record === undefined ? event.getCommitPosition() : record.getCommitPosition());
};

/**
 * The event as the port shows it; `null` for what is the server's own: streams and types that begin
 * with `$` (metadata, links, deletions, groups).
 */
export const visibleEvent = (event: ReadResp.ReadEvent): StoredEvent | null => {
  const record = recordOf(event);
  if (record === null) return null;
  const { isJson, data, metadata, ...place } = record;
  return { ...place, data: dataOf(data, isJson), metadata: metadataOf(metadata, isJson) };
};

/** The same event as the bytes that the server has; `null` for what is the server's own. */
export const recordOf = (event: ReadResp.ReadEvent): EncodedRecord | null => {
  const record = event.getEvent();
  if (record === undefined) return null;
  const facts = record.getMetadataMap();
  const type = facts.get('type') ?? '';
  const streamId = streamIdOf(record);
  if (!isVisible({ type, streamId })) return null;
  return {
    id: uuidOf(record.getId()),
    type,
    streamId,
    revision: Number(record.getStreamRevision()),
    position: BigInt(record.getCommitPosition()),
    recordedAt: Number(BigInt(facts.get('created') ?? '0') / TICKS_A_MILLISECOND),
    isJson: facts.get('content-type') === 'application/json',
    data: record.getData_asU8(),
    metadata: record.getCustomMetadata_asU8(),
  };
};
