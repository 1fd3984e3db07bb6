import type { EncodedRecord } from '@afecto/event-store';
import { type Hash, sha256 } from '../merkle/hash';
import { copiedFrom } from './copied';

/** What a leaf is made of: an event of the log without its position, which differs between stores. */
export type LeafRecord = Omit<EncodedRecord, 'position'>;

/** The first byte of every leaf: which encoding it is. */
export const LEAF_VERSION = 1;
const UUID_CHARACTERS = 36;
/** Version, id, instant, revision, content type. */
const FIXED_BYTES = 1 + UUID_CHARACTERS + 8 + 8 + 1;
const PARTS = 4;
const LENGTH_BYTES = 4;
const BYTES_A_CODE_UNIT = 3;

/**
 * The bytes of events as leaves of the tree, one after another in one buffer (`docs/auditing.md`):
 *
 *   1 byte    0x01, the version of this encoding
 *   36 bytes  the event id in ASCII
 *   8 bytes   when it was recorded, milliseconds since 1970, big-endian
 *   8 bytes   its revision in its stream, big-endian
 *   1 byte    0x01 the data is JSON, 0x00 any bytes
 *   4 times   length in 4 bytes, big-endian, then so many bytes: stream, type, data, metadata
 *
 * Names are UTF-8, data and metadata as they were written. Every part has a fixed or a told length, so no
 * two events have the same bytes. Of a copied event see `copiedFrom`.
 */
export class LeafEncoder {
  /** 0x00, which makes the hash that of a leaf, and the leaf behind it. */
  #buffer = Buffer.alloc(64 * 1_024);

  /** The hash of an event as a leaf of the tree. */
  hash(record: LeafRecord): Hash {
    // Writing may take a larger buffer, so it comes first.
    const end = this.#write(record);
    return sha256(this.#buffer.subarray(0, end));
  }

  /** The leaf itself, in an array of its own. */
  bytes(record: LeafRecord): Uint8Array {
    const end = this.#write(record);
    return Uint8Array.prototype.slice.call(this.#buffer, 1, end);
  }

  #write(stored: LeafRecord): number {
    const { id, revision, isJson, streamId, type, data, recordedAt, metadata } = copiedFrom(stored);
    const atMost =
      1 +
      FIXED_BYTES +
      PARTS * LENGTH_BYTES +
      (streamId.length + type.length) * BYTES_A_CODE_UNIT +
      data.length +
      metadata.length;
    if (atMost > this.#buffer.length) this.#buffer = Buffer.alloc(atMost * 2);
    const buffer = this.#buffer;
    buffer[1] = LEAF_VERSION;
    buffer.write(id, 2, UUID_CHARACTERS, 'latin1');
    let at = 2 + UUID_CHARACTERS;
    at = writeNumber(buffer, at, recordedAt);
    at = writeNumber(buffer, at, revision);
    buffer[at] = isJson ? 1 : 0;
    at += 1;
    at = writeText(buffer, at, streamId);
    at = writeText(buffer, at, type);
    at = writeBytes(buffer, at, data);
    return writeBytes(buffer, at, metadata);
  }
}

/** The id of the event that a leaf is of; null: it is no leaf of this version. */
export const leafEventId = (leaf: Uint8Array): string | null =>
  leaf[0] === LEAF_VERSION ? Buffer.from(leaf.subarray(1, 1 + UUID_CHARACTERS)).toString('latin1') : null;

const TWO_TO_32 = 4_294_967_296;

/** A whole number from 0 to 2^53 in 8 bytes. */
const writeNumber = (buffer: Buffer, at: number, value: number): number => {
  buffer.writeUInt32BE(Math.floor(value / TWO_TO_32) >>> 0, at);
  return buffer.writeUInt32BE(value >>> 0, at + 4);
};

const writeText = (buffer: Buffer, at: number, text: string): number => {
  const length = buffer.write(text, at + LENGTH_BYTES, 'utf8');
  buffer.writeUInt32BE(length, at);
  return at + LENGTH_BYTES + length;
};

const writeBytes = (buffer: Buffer, at: number, bytes: Uint8Array): number => {
  const start = buffer.writeUInt32BE(bytes.length, at);
  buffer.set(bytes, start);
  return start + bytes.length;
};
