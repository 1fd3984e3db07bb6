import * as t from 'io-ts';
import * as E from 'fp-ts/Either';
import type { WireError, WireFilter, WireLog } from '../../log/wire-log';
import { STRATEGIES, type StrategyName } from '../core/strategy';
import type { GroupDefinition, StartFrom } from '../definition';
import { jsonEvent, metadataEvent, metastreamOf, parsedJson } from './json-event';
import { lastEvent } from './last-event';

const CONFIG_STREAM = '$persistentSubscriptionConfig';
const CONFIG_TYPE = '$PersistentConfig';
const CONFIG_VERSION = '2';
const KEPT_CONFIGS = 2;

const Strategy = t.keyof(
  Object.fromEntries(STRATEGIES.map((name) => [name, null])) as Readonly<Record<StrategyName, null>>,
);
const Filter = t.readonly(
  t.type({
    by: t.keyof({ streamName: null, eventType: null }),
    regex: t.union([t.string, t.null]),
    prefixes: t.readonlyArray(t.string),
  }),
);
const Entry = t.readonly(
  t.type({
    stream: t.string,
    group: t.string,
    filter: t.union([Filter, t.null]),
    resolveLinkTos: t.boolean,
    extraStatistics: t.boolean,
    /** `start`, `end`, or a decimal event number or position. */
    startFrom: t.string,
    endAtCreation: t.union([t.string, t.null]),
    messageTimeout: t.number,
    maxRetryCount: t.number,
    checkPointAfter: t.number,
    minCheckPointCount: t.number,
    maxCheckPointCount: t.number,
    maxSubscriberCount: t.number,
    liveBufferSize: t.number,
    historyBufferSize: t.number,
    readBatchSize: t.number,
    namedConsumerStrategy: Strategy,
  }),
);
type Entry = t.TypeOf<typeof Entry>;
const Config = t.readonly(t.type({ version: t.literal(CONFIG_VERSION), entries: t.readonlyArray(Entry) }));

const startFromOf = (text: string): StartFrom => (text === 'start' || text === 'end' ? text : BigInt(text));

const filterOf = (filter: Entry['filter']): WireFilter | null =>
  filter === null ? null : { ...filter, regex: filter.regex === null ? null : new RegExp(filter.regex) };

const definitionOf = (entry: Entry): GroupDefinition => ({
  streamId: entry.stream,
  group: entry.group,
  filter: filterOf(entry.filter),
  endAtCreation: entry.endAtCreation === null ? null : BigInt(entry.endAtCreation),
  settings: {
    resolveLinks: entry.resolveLinkTos,
    startFrom: startFromOf(entry.startFrom),
    extraStatistics: entry.extraStatistics,
    messageTimeout: entry.messageTimeout,
    maxRetryCount: entry.maxRetryCount,
    checkPointAfter: entry.checkPointAfter,
    checkPointLowerBound: entry.minCheckPointCount,
    checkPointUpperBound: entry.maxCheckPointCount,
    maxSubscriberCount: entry.maxSubscriberCount,
    liveBufferSize: entry.liveBufferSize,
    readBatchSize: entry.readBatchSize,
    historyBufferSize: entry.historyBufferSize,
    strategy: entry.namedConsumerStrategy,
  },
});

const entryOf = ({ streamId, group, filter, endAtCreation, settings }: GroupDefinition): Entry => ({
  stream: streamId,
  group,
  filter: filter === null ? null : { ...filter, regex: filter.regex?.source ?? null },
  endAtCreation: endAtCreation?.toString() ?? null,
  resolveLinkTos: settings.resolveLinks,
  extraStatistics: settings.extraStatistics,
  startFrom: settings.startFrom.toString(),
  messageTimeout: settings.messageTimeout,
  maxRetryCount: settings.maxRetryCount,
  checkPointAfter: settings.checkPointAfter,
  minCheckPointCount: settings.checkPointLowerBound,
  maxCheckPointCount: settings.checkPointUpperBound,
  maxSubscriberCount: settings.maxSubscriberCount,
  liveBufferSize: settings.liveBufferSize,
  historyBufferSize: settings.historyBufferSize,
  readBatchSize: settings.readBatchSize,
  namedConsumerStrategy: settings.strategy,
});

/**
 * All groups, from the last configuration in the log.
 * @throws when that event is there and is not a configuration: starting without the groups would hide them.
 */
export const loadDefinitions = async (log: WireLog): Promise<ReadonlyArray<GroupDefinition>> => {
  const last = await lastEvent(log, CONFIG_STREAM);
  if (last === null) return [];
  const config = Config.decode(parsedJson(last.data));
  if (E.isRight(config)) return config.right.entries.map(definitionOf);
  throw new Error(`Event ${last.eventNumber} of ${CONFIG_STREAM} is not a configuration of version ${CONFIG_VERSION}.`);
};

/** Writes all groups as one event, so that the last event is always the whole truth. */
export const saveDefinitions = async (
  log: WireLog,
  definitions: ReadonlyArray<GroupDefinition>,
  by: string,
  now: number,
): Promise<E.Either<WireError, unknown>> => {
  const config = {
    version: CONFIG_VERSION,
    updated: new Date(now).toISOString(),
    updatedBy: by,
    entries: definitions.map(entryOf),
  };
  const event = jsonEvent(CONFIG_TYPE, JSON.stringify(config));
  const written = await log.append({ streamId: CONFIG_STREAM, expected: 'any', events: [event] });
  if (E.isLeft(written) || log.status(CONFIG_STREAM).metadata.maxCount === KEPT_CONFIGS) return written;
  return log.append({
    streamId: metastreamOf(CONFIG_STREAM),
    expected: 'any',
    events: [metadataEvent({ $maxCount: KEPT_CONFIGS })],
  });
};
