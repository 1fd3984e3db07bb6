import { type EncodedLog, type Position, StoreClosedError } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { allPages, streamPages } from './reads';
import { lowerBound, type RecordSource, storedSource } from './record-source';
import { linkResolver } from './resolve-links';
import { type Standing, Standings } from './standing';
import { isVirtual } from './stream-names';
import { allSteps, streamSteps } from './subscriptions';
import { virtualStreams } from './virtual/virtual-streams';
import {
  END,
  type SubscribeAllQuery,
  type SubscribeStreamQuery,
  TOMBSTONE,
  type WireError,
  type WireLog,
} from './wire-log';
import { writesOver } from './writes';

export interface WireLogOptions {
  /** Milliseconds since 1970: for `$maxAge`. */
  readonly clock: () => number;
  /**
   * Index of the `$ce-` and `$et-` streams: derived from the log, made when it is missing, of another
   * version or of another log. Default: `<log>.links.db`; `:memory:` computes it at every start.
   */
  readonly linksFile?: string;
}

/** A closed store is an answer here, because a client may ask at any time. */
const whileOpen = <A>(read: () => E.Either<WireError, A>): E.Either<WireError, A> => {
  try {
    return read();
  } catch (error) {
    if (error instanceof StoreClosedError) return E.left({ code: 'Unavailable', message: error.message });
    throw error;
  }
};

const startAfter = (after: SubscribeStreamQuery['after'], last: number): number => {
  if (after === 'start') return 0;
  if (after === 'end' || after >= TOMBSTONE) return last + 1;
  return after < 0n ? 0 : Number(after) + 1;
};

const positionAfter = (after: SubscribeAllQuery['after'], head: Position): Position => {
  if (after === 'start') return 0n;
  return after === 'end' || after >= END ? head : after;
};

/**
 * The embedded log as EventStoreDB means it (`eventstoredb-protocol` 3.1 to 3.7). Ends with the store:
 * subscriptions then fail with `Unavailable`.
 */
export const wireLogOver = (
  encoded: EncodedLog,
  { clock, linksFile = `${encoded.file}.links.db` }: WireLogOptions,
): WireLog => {
  const standings = new Standings(encoded.state);
  const resolve = linkResolver(encoded, standings, clock);
  const virtual = virtualStreams(encoded, linksFile);
  const sourceOf = (streamId: string): RecordSource =>
    isVirtual(streamId) ? virtual(streamId) : storedSource(encoded, streamId);
  /** Computed streams have metadata like others, but their end is the index's. */
  const standingOf = (streamId: string): Standing => {
    const standing = standings.of(streamId);
    return isVirtual(streamId) ? { ...standing, current: virtual(streamId).last() } : standing;
  };

  return {
    ...writesOver(encoded, standings, clock),
    status: (streamId) => {
      const { current, deleted, metadata } = standingOf(streamId);
      return { lastEventNumber: deleted === 'tombstone' ? TOMBSTONE : BigInt(current), deleted, metadata };
    },
    readStream: (query) =>
      whileOpen(() => {
        const { streamId } = query;
        const standing = standingOf(streamId);
        if (standing.deleted === 'tombstone') return E.left({ code: 'StreamDeleted', streamId });
        if (standing.deleted === 'soft' || standing.current < 0) return E.left({ code: 'StreamNotFound', streamId });
        const source = sourceOf(streamId);
        const low = lowerBound(source, standing, clock());
        return E.right(streamPages(source, resolve, query, low, standing.current));
      }),
    readAll: (query) => allPages(encoded, resolve, query, encoded.state.head()),
    subscribeStream: (query) =>
      whileOpen(() => {
        const { streamId, after } = query;
        const standing = standingOf(streamId);
        if (standing.deleted === 'tombstone') return E.left({ code: 'StreamDeleted', streamId });
        const source = sourceOf(streamId);
        const start = startAfter(after, standing.current);
        const low = lowerBound(source, standing, clock());
        return E.right(streamSteps(encoded, source, resolve, query, Math.max(start, low)));
      }),
    subscribeAll: (query) => {
      const head = encoded.closed() ? 0n : encoded.state.head();
      return allSteps(encoded, resolve, query, positionAfter(query.after, head));
    },
    head: () => encoded.state.head(),
    eventAt: (streamId, eventNumber) => {
      const source = sourceOf(streamId);
      const last = source.last();
      const place = eventNumber === TOMBSTONE ? BigInt(last) : eventNumber;
      if (place < 0n || place > BigInt(last)) return null;
      const [record] = source.read('forwards', Number(place), Number(place), 1);
      return record?.eventNumber === eventNumber ? record : null;
    },
  };
};
