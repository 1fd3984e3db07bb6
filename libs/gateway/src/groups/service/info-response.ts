import { SubscriptionInfo } from '@eventstore/db-client/generated/persistent_pb';
import { ALL, type GroupDefinition } from '../definition';
import type { ConnectionInfo, GroupInfo } from '../running/group-info';
import { placeText } from '../storage/checkpoints';

/** `-1` (`C:-1/P:-1`) is the end, 0 the start. */
const startFromText = ({ streamId, group, settings }: GroupDefinition): string => {
  const { startFrom } = settings;
  if (startFrom === 'end') return streamId === ALL ? 'C:-1/P:-1' : '-1';
  return placeText({ streamId, group }, startFrom === 'start' ? 0n : startFrom);
};

const connection = (info: ConnectionInfo): SubscriptionInfo.ConnectionInfo => {
  const response = new SubscriptionInfo.ConnectionInfo();
  response.setFrom(info.from);
  response.setUsername(info.userName);
  response.setConnectionName(info.connectionName);
  response.setAverageItemsPerSecond(info.averagePerSecond);
  response.setTotalItems(info.totalItems.toString());
  response.setCountSinceLastMeasurement(info.countSinceLastMeasurement.toString());
  response.setAvailableSlots(info.availableSlots);
  response.setInFlightMessages(info.inFlight);
  for (const { key, value } of info.measurements) {
    const measurement = new SubscriptionInfo.Measurement();
    measurement.setKey(key);
    measurement.setValue(value.toString());
    response.addObservedMeasurements(measurement);
  }
  return response;
};

/** A group as `GetInfo` and `List` show it; absent positions are empty. */
export const infoResponse = (info: GroupInfo): SubscriptionInfo => {
  const { definition } = info;
  const { settings } = definition;
  const place = (value: bigint | null): string => (value === null ? '' : placeText(definition, value));
  const response = new SubscriptionInfo();
  response.setEventSource(definition.streamId);
  response.setGroupName(definition.group);
  response.setStatus(info.status);
  response.setConnectionsList(info.connections.map(connection));
  response.setAveragePerSecond(info.averagePerSecond);
  response.setTotalItems(info.totalItems.toString());
  response.setCountSinceLastMeasurement(info.countSinceLastMeasurement.toString());
  response.setLastCheckpointedEventPosition(place(info.lastCheckpoint));
  response.setLastKnownEventPosition(place(info.lastKnown));
  response.setReadBufferCount(info.waitingHistory);
  response.setLiveBufferCount(info.waitingLive.toString());
  response.setRetryBufferCount(info.waitingRetry);
  response.setTotalInFlightMessages(info.outstanding);
  response.setOutstandingMessagesCount(info.outstanding);
  response.setParkedMessageCount(info.parked.toString());
  response.setResolveLinkTos(settings.resolveLinks);
  response.setStartFrom(startFromText(definition));
  response.setExtraStatistics(settings.extraStatistics);
  response.setMessageTimeoutMilliseconds(settings.messageTimeout);
  response.setMaxRetryCount(settings.maxRetryCount);
  response.setLiveBufferSize(settings.liveBufferSize);
  response.setBufferSize(settings.historyBufferSize);
  response.setReadBatchSize(settings.readBatchSize);
  response.setCheckPointAfterMilliseconds(settings.checkPointAfter);
  response.setMinCheckPointCount(settings.checkPointLowerBound);
  response.setMaxCheckPointCount(settings.checkPointUpperBound);
  response.setMaxSubscriberCount(settings.maxSubscriberCount);
  response.setNamedConsumerStrategy(settings.strategy);
  return response;
};
