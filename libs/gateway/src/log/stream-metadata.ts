import { membersOf, objectOf } from './json-members';
import { type AccessControl, type EventNumber, type StreamMetadata, TOMBSTONE } from './wire-log';

const MAX_COUNT = '$maxCount';
const MAX_AGE = '$maxAge';
const TRUNCATE_BEFORE = '$tb';
const CACHE_CONTROL = '$cacheControl';
const ACCESS = '$acl';

const NO_ACCESS: AccessControl = { read: null, write: null, delete: null, metaRead: null, metaWrite: null };

/** A stream without metadata, or with metadata that nobody can read. */
export const NO_METADATA: StreamMetadata = { maxCount: null, maxAge: null, truncateBefore: null, acl: NO_ACCESS };

/** Metadata of every `$$…` stream: only the last event counts. */
export const METASTREAM_METADATA: StreamMetadata = { ...NO_METADATA, maxCount: 1 };

/** What soft deletion writes: it drops whatever was said before (`eventstoredb-protocol` 3.3). */
export const SOFT_DELETION = `{"${TRUNCATE_BEFORE}":${TOMBSTONE}}`;

class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** An integer from `least` to 2^63 − 1, read from its digits; null when absent. */
const integer = (text: string | undefined, least: bigint): bigint | null => {
  if (text === undefined) return null;
  if (!/^-?\d+$/.test(text)) throw new Malformed();
  const value = BigInt(text);
  if (value < least || value > TOMBSTONE) throw new Malformed();
  return value;
};

/** A count or a number of seconds; one beyond 2^53 is as good as 2^53. */
const bounded = (value: bigint | null): number | null => (value === null ? null : Number(value));

const roles = (text: string | undefined): ReadonlyArray<string> | null => {
  if (text === undefined) return null;
  const value: unknown = JSON.parse(text);
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) throw new Malformed();
  return value.map((role: unknown) => {
    if (typeof role !== 'string') throw new Malformed();
    return role;
  });
};

const accessOf = (text: string | undefined): AccessControl => {
  if (text === undefined || text === 'null') return NO_ACCESS;
  const members = membersOf(text);
  if (members === null) throw new Malformed();
  return {
    read: roles(members.get('$r')),
    write: roles(members.get('$w')),
    delete: roles(members.get('$d')),
    metaRead: roles(members.get('$mr')),
    metaWrite: roles(members.get('$mw')),
  };
};

/** What a `$metadata` event says; anything malformed counts as no metadata (`eventstoredb-protocol` 3.3). */
export const streamMetadataOf = (isJson: boolean, data: Uint8Array): StreamMetadata => {
  const members = isJson ? membersOf(Buffer.from(data).toString('utf8')) : null;
  if (members === null) return NO_METADATA;
  try {
    integer(members.get(CACHE_CONTROL), 1n);
    return {
      maxCount: bounded(integer(members.get(MAX_COUNT), 1n)),
      maxAge: bounded(integer(members.get(MAX_AGE), 1n)),
      truncateBefore: integer(members.get(TRUNCATE_BEFORE), 0n),
      acl: accessOf(members.get(ACCESS)),
    };
  } catch (error) {
    if (error instanceof Malformed) return NO_METADATA;
    throw error;
  }
};

/** The metadata of a stream that lives again: as it was, with `$tb` at the first new event. */
export const undeletedMetadata = (data: Uint8Array, truncateBefore: EventNumber): string => {
  const members = new Map(membersOf(Buffer.from(data).toString('utf8')) ?? []);
  members.set(TRUNCATE_BEFORE, truncateBefore.toString());
  return objectOf(members);
};

/** The first key of stream metadata that takes events out of sight; null when there is none. */
export const hidingKey = (data: Uint8Array): string | null => {
  const members = membersOf(Buffer.from(data).toString('utf8'));
  return [MAX_COUNT, MAX_AGE, TRUNCATE_BEFORE].find((key) => members?.has(key)) ?? null;
};
