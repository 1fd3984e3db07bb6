import type { EncodedLog, EncodedRecord } from '@afecto/event-store';
import type { Standing } from './standing';
import { TOMBSTONE_TYPE } from './stream-names';
import { TOMBSTONE, type WireRecord } from './wire-log';

/** Numbered records of one stream, stored or computed. */
export interface RecordSource {
  /** Place of the last record; −1: none. */
  readonly last: () => number;
  /** By place, both bounds inclusive, at most `limit`. */
  readonly read: (
    direction: 'forwards' | 'backwards',
    from: number,
    to: number,
    limit: number,
  ) => ReadonlyArray<WireRecord>;
  /** False: more records are being computed though nothing is appended. */
  readonly isSettled: () => boolean;
}

/** A tombstone lies at the next revision like any event, and is shown at the number that says so. */
export const wireRecordOf = (record: EncodedRecord): WireRecord => {
  const { revision, ...rest } = record;
  return { ...rest, eventNumber: record.type === TOMBSTONE_TYPE ? TOMBSTONE : BigInt(revision) };
};

/** The stream as it is stored. */
export const storedSource = (encoded: EncodedLog, streamId: string): RecordSource => ({
  last: () => encoded.state.lastRevision(streamId),
  read: (direction, from, to, limit) => encoded.stream(streamId, direction, from, to, limit).map(wireRecordOf),
  isSettled: () => true,
});

const MILLISECONDS = 1_000;

/** The first place in `low`..`high` whose record is not older than `instant`: `recordedAt` never decreases. */
const firstSince = (source: RecordSource, low: number, high: number, instant: number): number => {
  let [from, to] = [low, high + 1];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const [record] = source.read('forwards', middle, middle, 1);
    if (record !== undefined && record.recordedAt < instant) from = middle + 1;
    else to = middle;
  }
  return from;
};

/**
 * The first place that metadata leaves in sight (`eventstoredb-protocol` 3.3): `$maxCount` and `$tb`
 * bound the number, `$maxAge` the time of recording. One more than the last when nothing is left.
 *
 * @param now milliseconds since 1970
 */
export const lowerBound = (
  source: RecordSource,
  { current, metadata: { maxCount, maxAge, truncateBefore } }: Pick<Standing, 'current' | 'metadata'>,
  now: number,
): number => {
  const byCount = maxCount === null ? 0 : Math.max(0, current - maxCount + 1);
  const byTruncation = truncateBefore === null ? 0 : Math.min(Number(truncateBefore), current + 1);
  const low = Math.max(byCount, byTruncation);
  return maxAge === null ? low : firstSince(source, low, current, now - maxAge * MILLISECONDS);
};
