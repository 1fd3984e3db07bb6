import { Server, ServerCredentials, type ConnectionInjector } from '@grpc/grpc-js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { EncodedLog } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { accessTo, type RolesToTell } from '../access/access';
import { unavailable } from '../access/call-status';
import type { ConfiguredUser } from '../access/credentials';
import { serverFeaturesService } from '../features/server-features';
import { gossipService } from '../gossip/gossip-service';
import { openGroups, persistentSubscriptionsService, type Groups } from '../groups';
import { wireLogOver } from '../log';
import { streamsService } from '../streams/streams-service';
import { httpAnswers } from './http-answers';
import { RunningCalls, serverOptions } from './pipelined-calls';
import type { ServedService } from './served-service';
import { listenShared, type GatewayError, type SharedPort, type TlsOptions } from './shared-port';

/** 1 MiB, EventStoreDB's own default. */
const DEFAULT_MAX_APPEND_SIZE = 1_024 * 1_024;
/** Milliseconds that calls under way have to finish when the gateway closes. */
const CLOSING_TIME = 3_000;

const WILDCARDS: ReadonlySet<string> = new Set(['', '0.0.0.0', '::']);

export interface GatewayOptions {
  /** The store that is served; the gateway does not close it. */
  readonly store: { readonly encoded: EncodedLog };
  /** Address to listen on, `127.0.0.1` or `0.0.0.0` for example. */
  readonly host: string;
  /** 0: any free port; EventStoreDB's own is 2113. */
  readonly port: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Without it the port speaks plain HTTP, and clients connect with `tls=false`. */
  readonly tls?: TlsOptions;
  /** None or empty: everybody is an administrator, as in EventStoreDB's insecure mode. */
  readonly users?: ReadonlyArray<ConfiguredUser>;
  /** Roles of which a user needs one to write events of a type, beside `$admins`; default none for any. */
  readonly rolesToTell?: RolesToTell;
  /** Bytes of data and metadata in one append; default 1 MiB. */
  readonly maxAppendSize?: number;
  /**
   * Where clients reach this node, as gossip tells it. Default: `host` and the port listened on; for
   * a wildcard host whatever address the asking client has used.
   */
  readonly advertised?: { readonly host: string; readonly port: number };
}

/** A running gateway. */
export interface Gateway {
  readonly port: number;
  /**
   * Stops: subscriptions end with UNAVAILABLE, calls under way are answered, and after three seconds
   * whatever is left is cut. Safe to call twice. The store stays open.
   */
  readonly close: () => Promise<void>;
}

const endPointFor = (
  { advertised, host }: GatewayOptions,
  port: number,
  authority: string,
): { readonly host: string; readonly port: number } => {
  if (advertised !== undefined) return advertised;
  if (!WILDCARDS.has(host)) return { host, port };
  const used = URL.parse(`http://${authority}`);
  return used === null || used.hostname === ''
    ? { host: '127.0.0.1', port }
    : { host: used.hostname.replace(/^\[|\]$/g, ''), port: used.port === '' ? port : Number(used.port) };
};

const within = (milliseconds: number, work: ReadonlyArray<Promise<unknown>>): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    void Promise.allSettled(work).then(() => {
      clearTimeout(timer);
      resolve();
    });
  });

interface Running {
  readonly grpc: Server;
  readonly calls: RunningCalls;
  readonly closing: AbortController;
  readonly groups: Groups;
  readonly listener: SharedPort;
}

/** Subscribers hear first that the gateway closes; then the groups keep their checkpoints and calls under way are answered. */
const closed = async ({ grpc, calls, closing, groups, listener }: Running): Promise<void> => {
  listener.close();
  closing.abort();
  calls.endAll(unavailable('The gateway is closing.'));
  const answered = new Promise<void>((resolve) => grpc.tryShutdown(() => resolve()));
  await within(CLOSING_TIME, [groups.close(), answered]);
  grpc.forceShutdown();
  listener.cut();
};

/**
 * Serves the embedded store over the EventStoreDB gRPC protocol: official clients, in any language,
 * work on it unchanged. HTTP/1.1 (`/health/live`, `/ping`, `/info`) answers on the same port.
 *
 * Errors: `PortTaken`, `CannotListen`, `BadCertificate`; nothing is running then.
 */
export const startGateway = async (options: GatewayOptions): Promise<E.Either<GatewayError, Gateway>> => {
  const { store, clock, host, users = [], maxAppendSize = DEFAULT_MAX_APPEND_SIZE } = options;
  const closing = new AbortController();
  const log = wireLogOver(store.encoded, { clock });
  const access = accessTo(log, users, options.rolesToTell);
  const calls = new RunningCalls([StreamsService.batchAppend.path]);
  const grpc = new Server(serverOptions(calls, maxAppendSize));
  const http = httpAnswers({ isSecure: options.tls !== undefined, hasUsers: users.length > 0 });

  const groups = await openGroups(log, { clock });
  let port = options.port;
  const services: ReadonlyArray<ServedService> = [
    streamsService({ log, access, maxAppendSize, closing: closing.signal }),
    persistentSubscriptionsService(groups, access),
    serverFeaturesService(),
    gossipService({ clock, endPointFor: (authority) => endPointFor(options, port, authority) }),
  ];
  for (const { definition, implementation } of services) grpc.addService(definition, implementation);

  const injector: ConnectionInjector = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = await listenShared(
    { host, port, ...(options.tls === undefined ? {} : { tls: options.tls }) },
    {
      http2: (socket) => injector.injectConnection(socket),
      http1: (socket) => http.emit('connection', socket),
    },
  );
  if (E.isLeft(listener)) {
    await groups.close();
    grpc.forceShutdown();
    return listener;
  }
  port = listener.right.port;

  let closure: Promise<void> | null = null;
  return E.right({
    port,
    close: () => (closure ??= closed({ grpc, calls, closing, groups, listener: listener.right })),
  });
};
