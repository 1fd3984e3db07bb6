import type { LogState, Position } from '@afecto/event-store';
import { METASTREAM_METADATA, NO_METADATA, streamMetadataOf } from './stream-metadata';
import { isMetastream, metastreamOf, originalOf, TOMBSTONE_TYPE } from './stream-names';
import { type StreamMetadata, type StreamStatus, TOMBSTONE } from './wire-log';

/** A stream at one moment of the log. */
export interface Standing {
  /** Revision of the last event, the tombstone included; −1: never written. */
  readonly current: number;
  readonly deleted: StreamStatus['deleted'];
  readonly hasMetadata: boolean;
  readonly metadata: StreamMetadata;
}

/** Streams remembered before all is forgotten and learnt again. */
const STREAMS_IN_MEMORY = 50_000;

interface KnownMetadata {
  readonly revision: number;
  /** Where it lies in the log. */
  readonly position: Position;
  readonly metadata: StreamMetadata;
}

const isTombstoned = (streamId: string, state: LogState): boolean => state.lastType(streamId) === TOMBSTONE_TYPE;

/**
 * An append that came through the port knows nothing of a soft deletion and ends it all the same: the stream
 * begins with the first event behind it. A client's own append says so in the metadata (`writes.ts`).
 */
const undeleted = (
  streamId: string,
  current: number,
  { metadata, position }: KnownMetadata,
  state: LogState,
): StreamMetadata => {
  const isBehind = (revision: number): boolean => (state.at(streamId, revision)?.position ?? 0n) > position;
  if (metadata.truncateBefore !== TOMBSTONE || current < 0 || !isBehind(current)) return metadata;
  let [from, to] = [0, current];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (isBehind(middle)) to = middle;
    else from = middle + 1;
  }
  return { ...metadata, truncateBefore: BigInt(from) };
};

/**
 * What streams stand at. The revision is always asked of the log, so that it does not matter who has
 * written; what an event says is remembered with its revision, and only once it is committed: the
 * revision of a transaction that fails is given to another event.
 */
export class Standings {
  readonly #metadata = new Map<string, KnownMetadata>();

  constructor(readonly committed: LogState) {}

  of(streamId: string, state: LogState = this.committed): Standing {
    const current = state.lastRevision(streamId);
    if (isMetastream(streamId))
      return {
        current,
        deleted: isTombstoned(originalOf(streamId), state) ? 'tombstone' : 'no',
        hasMetadata: false,
        metadata: METASTREAM_METADATA,
      };
    const known = this.#metadataOf(streamId, state);
    const { revision } = known;
    const metadata = undeleted(streamId, current, known, state);
    const isSoftDeleted = metadata.truncateBefore === TOMBSTONE;
    return {
      current,
      deleted: current >= 0 && isTombstoned(streamId, state) ? 'tombstone' : isSoftDeleted ? 'soft' : 'no',
      hasMetadata: revision >= 0,
      metadata,
    };
  }

  #metadataOf(streamId: string, state: LogState): KnownMetadata {
    const metastream = metastreamOf(streamId);
    const revision = state.lastRevision(metastream);
    if (revision < 0) return { revision, position: 0n, metadata: NO_METADATA };
    const known = this.#metadata.get(streamId);
    if (known?.revision === revision) return known;
    const record = state.at(metastream, revision);
    const found = {
      revision,
      position: record?.position ?? 0n,
      metadata: record === null ? NO_METADATA : streamMetadataOf(record.isJson, record.data),
    };
    if (state === this.committed) {
      if (this.#metadata.size >= STREAMS_IN_MEMORY) this.#metadata.clear();
      this.#metadata.set(streamId, found);
    }
    return found;
  }
}
