import { crc32 } from 'node:zlib';
import type { EventText, Json, JsonObject, StoredEvent } from '../port';
import { shownMetadata, WRAPPER_PREFIX } from './encoded-content';

/**
 * Columns of a row in the order in which every read selects them. The id comes as text: making a
 * byte array for each row costs more than all other columns but the JSON.
 */
export const EVENT_COLUMNS =
  'e.position, e.stream, e.revision, e.type, lower(hex(e.id)), e.recorded_at, e.checksum, e.data, e.metadata';

/** The 16 bytes of a canonical UUID that is bound as text; `?` is its place in the statement. */
export const UUID_PARAMETER = "unhex(?, '-')";

/** One row as the driver returns it with `setReturnArrays(true)`. */
export type EventRow = readonly [
  position: number,
  stream: number,
  revision: number,
  type: number,
  hexadecimalId: string,
  recordedAt: number,
  checksum: number,
  data: string,
  metadata: string,
];

/** The columns that every format has in front. */
export type RowHead = readonly [
  position: number,
  stream: number,
  revision: number,
  type: number,
  hexadecimalId: string,
  recordedAt: number,
  checksum: number,
  ...content: ReadonlyArray<number | string | Uint8Array>,
];

/** Which columns make an event, and how. */
export interface RowFormat<A, Row extends RowHead> {
  /** Begin as `EVENT_COLUMNS` does. */
  readonly columns: string;
  /** `null`: the row is not what was written. */
  readonly eventOf: (row: Row, names: Names) => A | null;
}

/** Whether a text is a UUID in canonical lower-case form, of any version. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);

export const canonical = (hexadecimal: string): string =>
  `${hexadecimal.slice(0, 8)}-${hexadecimal.slice(8, 12)}-${hexadecimal.slice(12, 16)}-${hexadecimal.slice(16, 20)}-${hexadecimal.slice(20)}`;

/** What an event says, as one JSON text: one text is hashed and parsed faster than three. */
const contentOf = (id: string, data: string, metadata: string): string => `["${id}",${data},${metadata}]`;

/** Content is encoded here to be hashed; a longer one gets a buffer of its own. */
const scratch = Buffer.allocUnsafe(256 * 1_024);
const BYTES_A_CODE_UNIT = 3;

const crcOf = (content: string, seed: number): number => {
  if (content.length * BYTES_A_CODE_UNIT > scratch.length) return crc32(content, seed);
  return crc32(scratch.subarray(0, scratch.write(content)), seed);
};

/** Mixes one number below 2^53 into a 32-bit sum. */
const mix = (sum: number, value: number): number =>
  (Math.imul(sum, 31) + (value | 0) + Math.floor(value / 4_294_967_296)) | 0;

/** The seed of an event's checksum: where it stands. */
export const placeOf = (position: number, stream: number, revision: number, type: number, recordedAt: number): number =>
  mix(mix(mix(mix(mix(17, position), stream), revision), type), recordedAt) >>> 0;

/**
 * CRC-32 over what the event says and where it stands. SQLite guards the structure of a page but not
 * the bytes of a cell: a flipped digit inside `data` would otherwise be read as a fact.
 */
export const checksumOf = (
  [position, stream, revision, type, recordedAt]: readonly [number, number, number, number, number],
  id: string,
  data: string,
  metadata: string,
): number => crcOf(contentOf(id, data, metadata), placeOf(position, stream, revision, type, recordedAt));

/** Names that a row only has the numbers of. */
export interface Names {
  readonly streamName: (id: number) => string;
  readonly typeName: (id: number) => string;
}

/** What a row says, as one JSON text; `null` when the row is not what was written. */
const soundContent = (row: EventRow): string | null => {
  const [position, stream, revision, type, hexadecimalId, recordedAt, checksum, data, metadata] = row;
  const content = contentOf(canonical(hexadecimalId), data, metadata);
  return crcOf(content, placeOf(position, stream, revision, type, recordedAt)) === checksum ? content : null;
};

/** The event of a row, or `null` when the row is not what was written. Names are asked only for sound rows. */
export const eventOf = (row: EventRow, names: Names): StoredEvent | null => {
  const [position, stream, revision, type, , recordedAt, , , metadata] = row;
  const content = soundContent(row);
  if (content === null) return null;
  const parsed = JSON.parse(content) as readonly [string, Json, JsonObject];
  return {
    // The parsed text, not the pieced one: that would be kept in all its pieces.
    id: parsed[0],
    type: names.typeName(type),
    streamId: names.streamName(stream),
    revision,
    position: BigInt(position),
    recordedAt,
    data: parsed[1],
    metadata: metadata.startsWith(WRAPPER_PREFIX) ? shownMetadata(parsed[2]) : parsed[2],
  };
};

const textOf = (row: EventRow, names: Names): EventText | null => {
  const [position, stream, revision, type, hexadecimalId, recordedAt, , data, metadata] = row;
  if (soundContent(row) === null) return null;
  return {
    id: canonical(hexadecimalId),
    type: names.typeName(type),
    streamId: names.streamName(stream),
    revision,
    position: BigInt(position),
    recordedAt,
    data,
    metadata: metadata.startsWith(WRAPPER_PREFIX) ? JSON.stringify(shownMetadata(JSON.parse(metadata))) : metadata,
  };
};

/** Events with their content as it lies in the row: checked, not parsed. */
export const textFormat: RowFormat<EventText, EventRow> = { columns: EVENT_COLUMNS, eventOf: textOf };

/** Events as the port shows them. */
export const storedFormat: RowFormat<StoredEvent, EventRow> = { columns: EVENT_COLUMNS, eventOf };
