import type { Frontier } from './unhandled-order';

export interface CheckpointBounds {
  /** Milliseconds since the last checkpoint before one is written by time; 0: never by time. */
  readonly checkPointAfter: number;
  /** Events below which no checkpoint is written by time. */
  readonly checkPointLowerBound: number;
  /** Events at which a checkpoint is written at once. */
  readonly checkPointUpperBound: number;
}

/** Decides when a checkpoint is due (`eventstoredb-protocol` 3.6, "Checkpoint"). */
export class CheckpointSchedule {
  private sequence = 0;

  constructor(
    private readonly bounds: CheckpointBounds,
    private writtenAt: number,
  ) {}

  /** The place to write now, or null. `isTick`: this is the once-a-second look and not an acknowledgement. */
  due(frontier: Frontier, now: number, isTick: boolean): bigint | null {
    const count = frontier.sequence - this.sequence;
    if (count <= 0) return null;
    const { checkPointAfter, checkPointLowerBound, checkPointUpperBound } = this.bounds;
    const isFull = count >= checkPointUpperBound;
    const isOld = isTick && checkPointAfter > 0 && now - this.writtenAt >= checkPointAfter;
    return isFull || (isOld && count >= checkPointLowerBound) ? this.write(frontier, now) : null;
  }

  /** The place to write when the group stops, whatever the bounds say. */
  final(frontier: Frontier, now: number): bigint | null {
    return frontier.sequence > this.sequence ? this.write(frontier, now) : null;
  }

  private write(frontier: Frontier, now: number): bigint | null {
    this.sequence = frontier.sequence;
    this.writtenAt = now;
    return frontier.place;
  }
}
