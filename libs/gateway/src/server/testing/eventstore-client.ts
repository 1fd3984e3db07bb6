import * as eventstore from '@eventstore/db-client';
import { binaryOr, filterOptions, readAllOptions, readOptions } from './call-options';
import type { EventToAppend, FilterGiven, OfficialClient } from './official-client';

const eventstoreFilter = (given: FilterGiven): eventstore.Filter => {
  const filter = given.on === 'type' ? eventstore.eventTypeFilter : eventstore.streamNameFilter;
  return given.regex === undefined
    ? filter({ ...filterOptions(given), prefixes: [...(given.prefixes ?? [])] })
    : filter({ ...filterOptions(given), regex: given.regex });
};

/** `@eventstore/db-client`: everything through grpc-js. */
export const eventstoreClient = (url: string): OfficialClient => {
  const client = eventstore.EventStoreDBClient.connectionString(url);
  const made = (event: EventToAppend) => {
    const common = { type: event.type, ...(event.id ? { id: event.id } : {}), metadata: event.metadata };
    return binaryOr(
      event,
      (data): eventstore.EventData => eventstore.binaryEvent({ ...common, data }),
      (data): eventstore.EventData => eventstore.jsonEvent({ ...common, data }),
    );
  };
  return {
    append: (streamId, events, { expected = 'any', ...call } = {}) =>
      client.appendToStream(streamId, events.map(made), { expectedRevision: expected, ...call }),
    readStream: (streamId, options = {}) => client.readStream(streamId, readOptions(options)),
    readAll: ({ filter: _, ...options } = {}) => client.readAll(readAllOptions(options)),
    subscribeToStream: (streamId, { from = 'start', resolveLinks = false, ...call } = {}) =>
      client.subscribeToStream(streamId, { fromRevision: from, resolveLinkTos: resolveLinks, ...call }),
    subscribeToAll: ({ from = 'start', filter, ...call } = {}) =>
      client.subscribeToAll({
        fromPosition: from,
        ...(filter === undefined ? {} : { filter: eventstoreFilter(filter) }),
        ...call,
      }),
    delete: (streamId, expected = 'any') => client.deleteStream(streamId, { expectedRevision: expected }),
    tombstone: (streamId, expected = 'any') => client.tombstoneStream(streamId, { expectedRevision: expected }),
    setMetadata: (streamId, metadata, call = {}) => client.setStreamMetadata(streamId, metadata, call),
    getMetadata: (streamId, call = {}) => client.getStreamMetadata(streamId, call),
    dispose: () => client.dispose(),
  };
};
