import type { EncodedLog } from '@afecto/event-store';
import { lowerBound, storedSource, wireRecordOf } from './record-source';
import type { Standings } from './standing';
import { LINK_TYPE } from './stream-names';
import { type ResolvedRecord, TOMBSTONE, type WireRecord } from './wire-log';

const LINK = /^(\d{1,19})@(.+)$/s;

interface Target {
  readonly streamId: string;
  readonly eventNumber: bigint;
}

const targetOf = (link: WireRecord): Target | null => {
  const [, number, streamId] = LINK.exec(Buffer.from(link.data).toString('utf8')) ?? [];
  if (number === undefined || streamId === undefined) return null;
  const eventNumber = BigInt(number);
  return eventNumber > TOMBSTONE ? null : { streamId, eventNumber };
};

/** Revisions of one stream that are in sight. */
interface Sight {
  readonly first: number;
  readonly last: number;
}

/**
 * Links with their targets, one level deep (`eventstoredb-protocol` 3.4). A target that is deleted,
 * truncated or expired leaves the link alone; a link that cannot be read is an event like others.
 *
 * @param clock milliseconds since 1970, for `$maxAge`
 */
export const linkResolver = (
  encoded: EncodedLog,
  standings: Standings,
  clock: () => number,
): ((records: ReadonlyArray<WireRecord>, resolveLinks: boolean) => ReadonlyArray<ResolvedRecord>) => {
  const sightOf = (streamId: string): Sight => {
    const standing = standings.of(streamId);
    if (standing.deleted !== 'no') return { first: 0, last: -1 };
    return { first: lowerBound(storedSource(encoded, streamId), standing, clock()), last: standing.current };
  };
  return (records, resolveLinks) => {
    if (!resolveLinks) return records.map((event) => ({ event, link: null }));
    const sights = new Map<string, Sight>();
    return records.map((record) => {
      const target = record.type === LINK_TYPE ? targetOf(record) : null;
      if (target === null) return { event: record, link: null };
      const { streamId, eventNumber } = target;
      const sight = sights.get(streamId) ?? sightOf(streamId);
      sights.set(streamId, sight);
      if (eventNumber < BigInt(sight.first) || eventNumber > BigInt(sight.last)) return { event: null, link: record };
      const event = encoded.state.at(streamId, Number(eventNumber));
      return { event: event === null ? null : wireRecordOf(event), link: record };
    });
  };
};
