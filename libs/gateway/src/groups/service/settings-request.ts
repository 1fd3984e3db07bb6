import { CreateReq, type UpdateReq } from '@eventstore/db-client/generated/persistent_pb';
import * as E from 'fp-ts/Either';
import { STRATEGIES, type StrategyName } from '../core/strategy';
import type { GroupError, GroupKey, GroupSettings, StartFrom } from '../definition';

type Settings = CreateReq.Settings | UpdateReq.Settings;

const TICKS_PER_MILLISECOND = 10_000;
/** Event numbers and positions are below this; above it, 2^64 − 1 says "the end". */
const BEYOND_EVERYTHING = 2n ** 63n;

const BY_NUMBER: Readonly<Record<CreateReq.ConsumerStrategy, StrategyName>> = {
  [CreateReq.ConsumerStrategy.DISPATCHTOSINGLE]: 'DispatchToSingle',
  [CreateReq.ConsumerStrategy.ROUNDROBIN]: 'RoundRobin',
  [CreateReq.ConsumerStrategy.PINNED]: 'Pinned',
};

/** A failed group with its reason: how the server refuses settings. */
export const refused = (key: GroupKey, reason: string): E.Either<GroupError, never> =>
  E.left({ code: 'GroupFailed', streamId: key.streamId, group: key.group, reason });

/** uint64 as the deprecated fields and the newer ones send it. */
export const startFromNumber = (number: string): StartFrom => {
  const value = BigInt(number);
  if (value >= BEYOND_EVERYTHING || value < 0n) return 'end';
  return value === 0n ? 'start' : value;
};

/** A position of `$all`; prepare after commit is no position. */
export const startFromPosition = (key: GroupKey, commit: string, prepare: string): E.Either<GroupError, StartFrom> =>
  BigInt(prepare) > BigInt(commit)
    ? refused(key, `The prepare position ${prepare} must not be above the commit position ${commit}.`)
    : E.right(startFromNumber(commit));

/** Only create requests name a strategy, by number or, newer, by `name`; empty: by number. */
const strategyOf = (key: GroupKey, settings: Settings, name: string): E.Either<GroupError, StrategyName> => {
  const wanted = name === '' ? BY_NUMBER[settings.getNamedConsumerStrategy()] : name;
  const known = STRATEGIES.find((strategy) => strategy === wanted);
  return known === undefined
    ? refused(key, `Consumer strategy '${name}' is unknown; known are ${STRATEGIES.join(', ')}.`)
    : E.right(known);
};

const milliseconds = (has: boolean, ticks: string, plain: number): number =>
  has ? Number(BigInt(ticks) / BigInt(TICKS_PER_MILLISECOND)) : plain;

/** Settings of a create or update request; times come in milliseconds or in 100-ns ticks. */
export const settingsOf = (
  key: GroupKey,
  settings: Settings,
  strategyName: string,
  startFrom: StartFrom,
): E.Either<GroupError, GroupSettings> =>
  E.map((strategy: StrategyName): GroupSettings => ({
    resolveLinks: settings.getResolveLinks(),
    startFrom,
    extraStatistics: settings.getExtraStatistics(),
    messageTimeout: milliseconds(
      settings.hasMessageTimeoutTicks(),
      settings.getMessageTimeoutTicks(),
      settings.getMessageTimeoutMs(),
    ),
    maxRetryCount: settings.getMaxRetryCount(),
    checkPointAfter: milliseconds(
      settings.hasCheckpointAfterTicks(),
      settings.getCheckpointAfterTicks(),
      settings.getCheckpointAfterMs(),
    ),
    checkPointLowerBound: settings.getMinCheckpointCount(),
    checkPointUpperBound: settings.getMaxCheckpointCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    liveBufferSize: settings.getLiveBufferSize(),
    readBatchSize: settings.getReadBatchSize(),
    historyBufferSize: settings.getHistoryBufferSize(),
    strategy,
  }))(strategyOf(key, settings, strategyName));
