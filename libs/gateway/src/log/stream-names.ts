export { TOMBSTONE_TYPE } from '@afecto/event-store';
import { catalogueEntry, factTypes, POLICY_STREAM } from '@afecto/domain';

/** Characters of a stream's name at most. */
export const MAX_STREAM_NAME = 512;
/** The stream of all streams: read only. */
export const ALL_STREAM = '$all';
/** Type of the events that hold a stream's metadata. */
export const METADATA_TYPE = '$metadata';
/** Type of a link. */
export const LINK_TYPE = '$>';

const METASTREAM = '$$';
const CATEGORY = '$ce-';
const EVENT_TYPE = '$et-';
const EPOCHS = '$epoch-information';
const GROUPS_OF_ALL = '$persistentsubscription-$all::';

export const isMetastream = (streamId: string): boolean => streamId.startsWith(METASTREAM);

export const metastreamOf = (streamId: string): string => METASTREAM + streamId;

/** The stream that a metastream is about. */
export const originalOf = (metastream: string): string => metastream.slice(METASTREAM.length);

/** Streams of links that are computed and never written (`eventstoredb-protocol` 3.7). */
export const isVirtual = (streamId: string): boolean =>
  streamId.startsWith(CATEGORY) || streamId.startsWith(EVENT_TYPE);

export const categoryStream = (category: string): string => CATEGORY + category;
export const typeStream = (type: string): string => EVENT_TYPE + type;
export const isCategoryStream = (streamId: string): boolean => streamId.startsWith(CATEGORY);

/** Text before the first `-`; null for system streams and names without a category. */
export const categoryOf = (streamId: string): string | null => {
  const separator = streamId.indexOf('-');
  return streamId.startsWith('$') || separator <= 0 ? null : streamId.slice(0, separator);
};

/** Streams of the server itself that reads of `$all` leave out (`eventstoredb-protocol` 3.4). */
export const isHidden = (streamId: string): boolean =>
  streamId === EPOCHS ||
  (streamId.startsWith(GROUPS_OF_ALL) && (streamId.endsWith('-checkpoint') || streamId.endsWith('-parked')));

const OWN_STREAM = /^(derived|afecto)-/;

/** Streams in which the system writes of itself: notifications (`domain.md §14.3`), checkpoints, its key store. */
export const isOwnStream = (streamId: string): boolean => OWN_STREAM.test(streamId);

const factPrefixes: ReadonlyArray<string> = [
  ...new Set(factTypes.flatMap((type) => catalogueEntry(type).streams.map(({ prefix }) => prefix))),
];

/** Whether a stream is kept for facts of the catalogue (`domain.md §14.1`, column Stream). */
export const isFactStream = (streamId: string): boolean =>
  streamId === POLICY_STREAM || factPrefixes.some((prefix) => streamId.startsWith(prefix));
