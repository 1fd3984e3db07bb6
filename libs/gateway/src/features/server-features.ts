import type { sendUnaryData, ServerUnaryCall } from '@grpc/grpc-js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import type { Empty } from '@eventstore/db-client/generated/shared_pb';
import type { ServedService } from '../server/served-service';

/** Version that the gateway gives itself: the newest server whose protocol it follows. */
export const SERVER_VERSION = '24.10.0';

type Methods = Readonly<Record<string, ReadonlyArray<string>>>;

/** Methods by service, each with the features that clients ask for before they use it. */
const METHODS: Readonly<Record<string, Methods>> = {
  'event_store.client.streams.streams': {
    read: ['position', 'events'],
    append: [],
    batchappend: ['deadline_duration'],
    delete: [],
    tombstone: [],
  },
  'event_store.client.persistent_subscriptions.persistentsubscriptions': {
    create: ['stream', 'all'],
    update: ['stream', 'all'],
    delete: ['stream', 'all'],
    read: ['stream', 'all'],
    getinfo: ['stream', 'all'],
    list: ['stream', 'all'],
    replayparked: ['stream', 'all'],
    restartsubsystem: [],
  },
  'event_store.client.gossip.gossip': { read: [] },
  'event_store.client.server_features.serverfeatures': { getsupportedmethods: [] },
};

const supported = (): SupportedMethods => {
  const methods = Object.entries(METHODS).flatMap(([service, methodsOfService]) =>
    Object.entries(methodsOfService).map(([method, features]) =>
      new SupportedMethod()
        .setServiceName(service)
        .setMethodName(method)
        .setFeaturesList([...features]),
    ),
  );
  return new SupportedMethods().setEventStoreServerVersion(SERVER_VERSION).setMethodsList(methods);
};

/** `ServerFeatures`: what clients ask once a channel; anyone may. */
export const serverFeaturesService = (): ServedService => ({
  definition: { getSupportedMethods: ServerFeaturesService.getSupportedMethods },
  implementation: {
    getSupportedMethods: (_: ServerUnaryCall<Empty, SupportedMethods>, reply: sendUnaryData<SupportedMethods>): void =>
      reply(null, supported()),
  },
});
