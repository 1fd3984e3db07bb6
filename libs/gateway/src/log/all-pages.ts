import type { EncodedLog, Position } from '@afecto/event-store';
import { boundedMatches } from './bounded-matches';
import { wireRecordOf } from './record-source';
import { isHidden } from './stream-names';
import type { WireFilter, WireRecord } from './wire-log';

/** Part of `$all` as its readers see it. */
export interface AllPage {
  readonly records: ReadonlyArray<WireRecord>;
  /** How far has been looked, in the direction. */
  readonly looked: Position;
}

/** Those of the values that the filter lets pass. */
const matching = (filter: WireFilter, values: ReadonlyArray<string>): ReadonlySet<string> => {
  const { regex, prefixes } = filter;
  return regex === null
    ? new Set(values.filter((value) => prefixes.some((prefix) => value.startsWith(prefix))))
    : boundedMatches(regex, values);
};

/** Says nothing at all: lets everything pass. */
const isEmpty = ({ regex, prefixes }: WireFilter): boolean => regex === null && prefixes.length === 0;

/** The filter as far as the store can apply it: types by their names, streams by their prefixes. */
const storeFilter = (
  encoded: EncodedLog,
  filter: WireFilter | null,
): { readonly types?: ReadonlyArray<string>; readonly streamPrefixes?: ReadonlyArray<string> } => {
  if (filter === null || isEmpty(filter)) return {};
  if (filter.by === 'eventType') return { types: [...matching(filter, encoded.eventTypes())] };
  return filter.regex === null ? { streamPrefixes: filter.prefixes } : {};
};

/** Streams by a pattern: the one filter that the store cannot apply. */
export const isByStreamPattern = (filter: WireFilter | null): filter is WireFilter =>
  filter !== null && filter.by === 'streamName' && filter.regex !== null;

/**
 * One page of `$all` strictly after `after` (in the direction): without the streams of the server
 * itself, and filtered by the unresolved record's own type or stream (`eventstoredb-protocol` 3.4).
 */
export const allPage = (
  encoded: EncodedLog,
  direction: 'forwards' | 'backwards',
  after: Position,
  limit: number,
  filter: WireFilter | null,
): AllPage => {
  const page = encoded.page({ direction, after, limit, filter: storeFilter(encoded, filter) });
  const seen = page.events.filter(({ streamId }) => !isHidden(streamId));
  const wanted = isByStreamPattern(filter)
    ? matching(filter, [...new Set(seen.map(({ streamId }) => streamId))])
    : null;
  const records = seen.filter(({ streamId }) => wanted === null || wanted.has(streamId)).map(wireRecordOf);
  return { records, looked: page.looked };
};
