import * as E from 'fp-ts/Either';
import type { Position } from '@afecto/event-store';
import type { EventNumber, WireError, WireFilter } from '../log/wire-log';
import type { StrategyName } from './core/strategy';

/** Name of the stream of all streams. */
export const ALL = '$all';

/** A group is known by its stream (`$all` for the whole log) and its name. */
export interface GroupKey {
  readonly streamId: string;
  readonly group: string;
}

/** `stream::group`, also the id of every subscription to the group. */
export const groupId = ({ streamId, group }: GroupKey): string => `${streamId}::${group}`;

/** First event of a group without a checkpoint; a number is that event itself. */
export type StartFrom = 'start' | 'end' | EventNumber | Position;

/** What a client asks of a group (`eventstoredb-protocol` 3.6). The server takes what it gets. */
export interface GroupSettings {
  readonly resolveLinks: boolean;
  readonly startFrom: StartFrom;
  readonly extraStatistics: boolean;
  /** Milliseconds; 0: never. */
  readonly messageTimeout: number;
  readonly maxRetryCount: number;
  /** Milliseconds; 0: no checkpoint by time. */
  readonly checkPointAfter: number;
  readonly checkPointLowerBound: number;
  readonly checkPointUpperBound: number;
  /** 0: any number. */
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  readonly strategy: StrategyName;
}

export interface GroupDefinition extends GroupKey {
  readonly settings: GroupSettings;
  /** Only for `$all`. */
  readonly filter: WireFilter | null;
  /**
   * Where `end` was when the group was created with it; null: before the first event. Without it, a
   * restart before the first checkpoint would lose what came in between.
   */
  readonly endAtCreation: bigint | null;
}

export type GroupError =
  | (GroupKey & { readonly code: 'GroupExists' })
  /** `group` is empty when a stream has no group at all. */
  | (GroupKey & { readonly code: 'GroupNotFound' })
  | (GroupKey & { readonly code: 'GroupFailed'; readonly reason: string })
  | (GroupKey & { readonly code: 'MaximumSubscribersReached' })
  | WireError;

/** Rules for settings (`eventstoredb-protocol` 3.6, "Create"); `head`: position of the last event of the log. */
export const checkSettings = (
  key: GroupKey,
  settings: GroupSettings,
  head: Position,
): E.Either<GroupError, GroupSettings> => {
  const failed = (reason: string): E.Either<GroupError, never> => E.left({ ...key, code: 'GroupFailed', reason });
  const { readBatchSize, historyBufferSize, startFrom } = settings;
  if (key.group === '') return failed('The group name must not be empty.');
  if (key.streamId === '') return failed('The stream name must not be empty.');
  if (readBatchSize >= historyBufferSize) {
    return failed(
      `readBatchSize is ${readBatchSize}, but must be below historyBufferSize, which is ${historyBufferSize}.`,
    );
  }
  if (key.streamId === ALL && typeof startFrom === 'bigint' && startFrom > head) {
    return failed(`startFrom is ${startFrom}, which is beyond the last position ${head}.`);
  }
  return E.right(settings);
};
