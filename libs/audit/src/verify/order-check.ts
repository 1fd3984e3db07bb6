import type { EncodedRecord, Position } from '@afecto/event-store';

/** An event as a check is shown it. `isSound` false: its checksum or its names do not hold. */
export interface CheckedRecord extends EncodedRecord {
  readonly isSound?: boolean;
}

export interface OrderOptions {
  /** Positions are given without gaps, as in an embedded log. */
  readonly isDense: boolean;
  /** Of a part of a log the revisions of a stream rise, and need not be all there; default false. */
  readonly isPart?: boolean;
}

/**
 * What every event must be to the events before it, whatever it says: positions rise (without a gap where
 * the store gives them so), revisions of a stream count from 0, the instant of recording never decreases,
 * and the checksum holds.
 */
export class OrderCheck {
  #last: Position = 0n;
  #lastRecordedAt = Number.NEGATIVE_INFINITY;
  readonly #revisions = new Map<string, number>();

  constructor(readonly options: OrderOptions) {}

  get streams(): number {
    return this.#revisions.size;
  }

  /** What is wrong with the next event; null: nothing. */
  next({ position, streamId, revision, recordedAt, isSound = true }: CheckedRecord): string | null {
    const before = this.#revisions.get(streamId) ?? -1;
    const expected = this.options.isPart === true && revision > before ? revision : before + 1;
    const [last, lastRecordedAt] = [this.#last, this.#lastRecordedAt];
    this.#last = position;
    this.#lastRecordedAt = Math.max(recordedAt, lastRecordedAt);
    this.#revisions.set(streamId, revision);
    if (!isSound) return 'is not what was written: its checksum or one of its names does not hold';
    if (position <= last) return `does not follow position ${last}`;
    if (this.options.isDense && position !== last + 1n)
      return `follows position ${last}: ${last + 1n === position - 1n ? `position ${last + 1n} is` : `positions ${last + 1n} to ${position - 1n} are`} missing`;
    if (revision !== expected) return `has revision ${revision} of ${streamId}, expected ${expected}`;
    if (recordedAt < lastRecordedAt)
      return `was recorded at ${instant(recordedAt)}, and an event before it at ${instant(lastRecordedAt)}`;
    return null;
  }
}

const instant = (milliseconds: number): string =>
  Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : String(milliseconds);
