// The gateway's stubs and this client's register the same global names; the last to load wins, which must be the client.
import './given-gateway';
import * as kurrent from '@kurrent/kurrentdb-client';
import { binaryOr, filterOptions, readAllOptions, readOptions } from './call-options';
import type { EventToAppend, FilterGiven, OfficialClient } from './official-client';

const kurrentFilter = (given: FilterGiven): kurrent.Filter => {
  const filter = given.on === 'type' ? kurrent.eventTypeFilter : kurrent.streamNameFilter;
  return given.regex === undefined
    ? filter({ ...filterOptions(given), prefixes: [...(given.prefixes ?? [])] })
    : filter({ ...filterOptions(given), regex: given.regex });
};

/** `@kurrent/kurrentdb-client`: reads through the official Rust client, everything else through grpc-js. */
export const kurrentClient = (url: string): OfficialClient => {
  const client = kurrent.KurrentDBClient.connectionString(url.replace(/^esdb/, 'kurrentdb'));
  const made = (event: EventToAppend) => {
    const common = { type: event.type, ...(event.id ? { id: event.id } : {}), metadata: event.metadata };
    return binaryOr(
      event,
      (data): kurrent.EventData => kurrent.binaryEvent({ ...common, data }),
      (data): kurrent.EventData => kurrent.jsonEvent({ ...common, data }),
    );
  };
  return {
    append: (streamId, events, { expected = 'any', ...call } = {}) =>
      client.appendToStream(streamId, events.map(made), { streamState: expected, ...call }),
    readStream: (streamId, options = {}) => client.readStream(streamId, readOptions(options)),
    readAll: ({ filter, ...options } = {}) =>
      client.readAll({
        ...readAllOptions(options),
        ...(filter === undefined ? {} : { filter: kurrentFilter(filter) }),
      }),
    subscribeToStream: (streamId, { from = 'start', resolveLinks = false, ...call } = {}) =>
      client.subscribeToStream(streamId, { fromRevision: from, resolveLinkTos: resolveLinks, ...call }),
    subscribeToAll: ({ from = 'start', filter, ...call } = {}) =>
      client.subscribeToAll({
        fromPosition: from,
        ...(filter === undefined ? {} : { filter: kurrentFilter(filter) }),
        ...call,
      }),
    delete: (streamId, expected = 'any') => client.deleteStream(streamId, { expectedRevision: expected }),
    tombstone: (streamId, expected = 'any') => client.tombstoneStream(streamId, { expectedRevision: expected }),
    setMetadata: (streamId, metadata, call = {}) => client.setStreamMetadata(streamId, metadata, call),
    getMetadata: (streamId, call = {}) => client.getStreamMetadata(streamId, call),
    dispose: () => client.dispose(),
  };
};
