import type { ConsumerSnapshot } from '../core/consumer';
import type { GroupDefinition } from '../definition';

/** Who a consumer is, for the group's information. */
export interface ConsumerIdentity {
  /** Address of the client. */
  readonly from: string;
  readonly userName: string;
  readonly connectionName: string;
}

export interface ConnectionInfo extends ConsumerSnapshot, ConsumerIdentity {}

/** A group as it is at this moment. Rates and counts "since last" run from one look to the next. */
export interface GroupInfo {
  readonly definition: GroupDefinition;
  readonly status: string;
  readonly connections: ReadonlyArray<ConnectionInfo>;
  /** Event number or position; null: none. */
  readonly lastCheckpoint: bigint | null;
  readonly lastKnown: bigint | null;
  readonly averagePerSecond: number;
  readonly totalItems: number;
  readonly countSinceLastMeasurement: number;
  readonly waitingHistory: number;
  readonly waitingLive: number;
  readonly waitingRetry: number;
  readonly outstanding: number;
  readonly parked: bigint;
}
