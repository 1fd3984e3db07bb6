import { crc32 } from 'node:zlib';
import type { EncodedRecord } from '../encoded-log';
import { contentOf } from './encoded-content';
import { canonical, placeOf, type RowFormat } from './event-row';

/** One row as bytes; `tail` is what the checksum covers after the id: data, comma, metadata, bracket. */
export type EncodedRow = readonly [
  position: number,
  stream: number,
  revision: number,
  type: number,
  hexadecimalId: string,
  recordedAt: number,
  checksum: number,
  dataBytes: number,
  tail: Uint8Array,
];

/**
 * Events as the bytes that lie in the file. Data and metadata come in one byte array, because making
 * an array costs more than filling it, and are parts of it; nothing is decoded.
 */
export const encodedFormat: RowFormat<EncodedRecord, EncodedRow> = {
  columns: `e.position, e.stream, e.revision, e.type, lower(hex(e.id)), e.recorded_at, e.checksum, octet_length(e.data),
    CAST(e.data || ',' || e.metadata || ']' AS BLOB)`,
  eventOf: ([position, stream, revision, type, hexadecimalId, recordedAt, checksum, dataBytes, tail], names) => {
    const id = canonical(hexadecimalId);
    const seed = crc32(`["${id}",`, placeOf(position, stream, revision, type, recordedAt));
    if (crc32(tail, seed) !== checksum) return null;
    const { isJson, data, metadata } = contentOf(tail.subarray(0, dataBytes), tail.subarray(dataBytes + 1, -1));
    return {
      id,
      type: names.typeName(type),
      isJson,
      data,
      metadata,
      streamId: names.streamName(stream),
      revision,
      position: BigInt(position),
      recordedAt,
    };
  },
};
