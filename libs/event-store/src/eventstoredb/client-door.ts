import { EventStoreDBClient } from '@eventstore/db-client';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { type CallOptions, Metadata } from '@grpc/grpc-js';

/**
 * What the adapter takes from the client: connection string, credentials, TLS, discovery, the switch
 * to another leader, and the generated calls. Not its `appendToStream`: that keeps the pending
 * appends of all clients of a process in one table, so that one server's end rejects the appends to
 * another and then hangs them (`eventstoredb-protocol` 1.7 no. 1 and 2). And not its streams: they
 * have no filter for reads and cannot be told from dead ones.
 */
export interface ClientDoor {
  /** The calls on the present channel; connects when needed. */
  readonly streams: () => Promise<StreamsClient>;
  /** Headers, credentials and deadline; Infinity for streams. Everything is asked of the leader. */
  readonly call: (deadline: number | Date) => readonly [Metadata, CallOptions];
  /** Tells the client how a call ended: after `not-leader` its next channel goes to the leader. */
  readonly failed: (streams: StreamsClient, error: Error) => void;
  /** Calls back when the client is thrown away; returns how to withdraw. */
  readonly onDispose: (cancel: () => void) => () => void;
  /** Ends the calls under way and closes the channel. */
  readonly dispose: () => void;
}

/** Members of the client that its declarations keep for its own commands. */
interface Internals {
  readonly getGRPCClient: (constructor: typeof StreamsClient, name: string) => Promise<StreamsClient>;
  readonly callArguments: (
    base: { readonly requiresLeader: boolean },
    options: CallOptions,
  ) => readonly [Metadata, CallOptions];
  readonly handleError: (streams: StreamsClient, error: Error) => Promise<void>;
}

const INTERNALS = ['getGRPCClient', 'callArguments', 'handleError'] as const;

const hasInternals = (client: unknown): client is Internals => {
  if (typeof client !== 'object' || client === null) return false;
  const members: { readonly [name: string]: unknown } = { ...client };
  return INTERNALS.every((name) => typeof members[name] === 'function');
};

/** Throws what the client throws for a connection string that it does not understand. */
export const openClientDoor = (url: string): ClientDoor => {
  const client: unknown = EventStoreDBClient.connectionString(url);
  if (!hasInternals(client)) throw new Error('This release of @eventstore/db-client is not the one the adapter knows');
  let streams: Promise<StreamsClient> | null = null;
  let disposed = false;
  const calls = new Set<() => void>();
  return {
    streams: () => {
      if (disposed) return Promise.reject(new Error('the connection is closed'));
      streams = client.getGRPCClient(StreamsClient, 'adapter');
      return streams;
    },
    call: (deadline) => client.callArguments({ requiresLeader: true }, { deadline }),
    failed: (failing, error) => void client.handleError(failing, error).catch(() => undefined),
    onDispose: (cancel) => {
      if (disposed) cancel();
      calls.add(cancel);
      return () => calls.delete(cancel);
    },
    dispose: () => {
      if (disposed) return;
      disposed = true;
      // Closing a channel leaves its running calls alone.
      for (const cancel of [...calls]) cancel();
      void streams?.then((opened) => opened.close()).catch(() => undefined);
    },
  };
};
