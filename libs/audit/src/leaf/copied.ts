import type { LeafRecord } from './leaf-bytes';

const MEMBER = '"recordedAt":"';
/** `2025-03-10T12:00:00.000Z` */
const INSTANT_CHARACTERS = 24;
/** The member, its instant, the quote behind it and the bracket that ends the object. */
const TAIL = MEMBER.length + INSTANT_CHARACTERS + 2;
const [COMMA, BRACE, CLOSING, Z] = [0x2c, 0x7b, 0x7d, 0x5a];
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/**
 * An event of a copied log as it lay in the log that it was copied from. A copy records events anew and
 * says as the last member of their metadata when the first log recorded them, `recordedAt`; that is also
 * the instant that counts for what was known when (`decodeStored`). The tree is taken over the event
 * without that member and with that instant, so that a log has one root wherever it lies.
 *
 * An event that claims a later instant than the one at which it came is left as it is.
 */
export const copiedFrom = (record: LeafRecord): LeafRecord => {
  const { metadata } = record;
  const start = metadata.length - TAIL;
  // Nearly all events are told apart by these three bytes.
  if (start < 1 || metadata[metadata.length - 1] !== CLOSING || metadata[metadata.length - 3] !== Z) return record;
  const before = metadata[start - 1];
  if ((before !== COMMA && before !== BRACE) || !record.isJson) return record;
  const tail = Buffer.from(metadata.buffer, metadata.byteOffset + start, TAIL).toString('latin1');
  const instant = tail.slice(MEMBER.length, MEMBER.length + INSTANT_CHARACTERS);
  if (!tail.startsWith(MEMBER) || !INSTANT.test(instant)) return record;
  const recordedAt = Date.parse(instant);
  if (!(recordedAt >= 0 && recordedAt <= record.recordedAt) || new Date(recordedAt).toISOString() !== instant)
    return record;
  if (before === BRACE && start !== 1) return record;
  const original = Buffer.from(metadata.subarray(0, before === BRACE ? start + 1 : start));
  original[original.length - 1] = CLOSING;
  return { ...record, recordedAt, metadata: original };
};
