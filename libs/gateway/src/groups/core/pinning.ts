import type { ResolvedRecord } from '../../log/wire-log';
import { originalOf } from './message';

/** Sources are spread over this many buckets, buckets over consumers. */
export const BUCKETS = 1024;

const LINK_TYPE = '$>';

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** The stream that an event comes from; for a link that is not resolved, the stream it names. */
export const sourceStreamOf = (record: ResolvedRecord): string => {
  const event = record.event ?? originalOf(record);
  if (event.type !== LINK_TYPE) return event.streamId;
  const target = utf8(event.data);
  return target.slice(target.indexOf('@') + 1);
};

/** `$correlationId` of the JSON metadata; an event without one is pinned by its source stream. */
export const correlationOf = (record: ResolvedRecord): string => {
  const { metadata } = record.event ?? originalOf(record);
  try {
    const parsed: unknown = JSON.parse(utf8(metadata));
    if (typeof parsed === 'object' && parsed !== null && '$correlationId' in parsed) {
      const { $correlationId } = parsed;
      if (typeof $correlationId === 'string' && $correlationId !== '') return $correlationId;
    }
  } catch {
    // Metadata is the writer's own and need not be JSON.
  }
  return sourceStreamOf(record);
};

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** 0 … 1023; FNV-1a over the UTF-8 bytes, folded so that all bits of the hash count. */
export const bucketOf = (source: string): number => {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(source, 'utf8')) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return ((hash >>> 16) ^ hash) & (BUCKETS - 1);
};

/**
 * Owner of each bucket after consumers came or went: a bucket stays where it was unless its owner is
 * gone or holds more than its fair share. Without consumers nobody owns anything.
 */
export const spreadBuckets = (
  before: ReadonlyArray<string | null>,
  consumers: ReadonlyArray<string>,
): ReadonlyArray<string | null> => {
  const unowned = Array.from({ length: BUCKETS }, () => null);
  if (consumers.length === 0) return unowned;

  const share = Math.floor(BUCKETS / consumers.length);
  let withOneMore = BUCKETS % consumers.length;
  const held = new Map(consumers.map((consumer) => [consumer, 0]));
  const kept = Array.from({ length: BUCKETS }, (_, bucket) => {
    const owner = before[bucket] ?? null;
    const count = owner === null ? undefined : held.get(owner);
    if (owner === null || count === undefined || count > share) return null;
    if (count === share) {
      if (withOneMore === 0) return null;
      withOneMore -= 1;
    }
    held.set(owner, count + 1);
    return owner;
  });

  const vacancies = consumers.flatMap((consumer) =>
    Array.from({ length: Math.max(0, share - (held.get(consumer) ?? 0)) }, () => consumer),
  );
  const extra = consumers.filter((consumer) => (held.get(consumer) ?? 0) <= share).slice(0, withOneMore);
  const takers = [...vacancies, ...extra].values();
  return kept.map((owner) => owner ?? takers.next().value ?? null);
};
