import type { CheckpointBounds } from './checkpoint-schedule';
import type { ConsumerSnapshot } from './consumer';
import type { Message } from './message';
import type { StrategyName } from './strategy';

export interface MachineSettings extends CheckpointBounds {
  /** Milliseconds; 0: a delivered message waits for its answer for ever. */
  readonly messageTimeout: number;
  /** Deliveries after the first before a message is parked. */
  readonly maxRetryCount: number;
  /** New events held at most while the group follows the head. */
  readonly liveBufferSize: number;
  /** New events held at most while the group reads history. */
  readonly historyBufferSize: number;
  readonly strategy: StrategyName;
  readonly extraStatistics: boolean;
}

/** Event numbers (a stream) or positions (`$all`). */
export interface MachineStart {
  /** The group begins after this; null: at the beginning. */
  readonly place: bigint | null;
}

/** What the machine wants done. */
export type Effect =
  | { readonly kind: 'send'; readonly consumerId: string; readonly message: Message }
  /** Until `parked` or `parkFailed` answers, the message holds the checkpoint back. */
  | { readonly kind: 'park'; readonly message: Message; readonly reason: string }
  | { readonly kind: 'checkpoint'; readonly place: bigint }
  /** Parked messages below this event number have been replayed and handled. */
  | { readonly kind: 'truncateParked'; readonly before: bigint };

export interface MachineSnapshot {
  readonly isLive: boolean;
  /** Event number or position; null: none yet. */
  readonly lastKnown: bigint | null;
  readonly waitingNew: number;
  readonly waitingRetry: number;
  readonly outstanding: number;
  readonly totalItems: number;
  readonly countSinceLastMeasurement: number;
  readonly averagePerSecond: number;
  readonly consumers: ReadonlyArray<ConsumerSnapshot>;
}
