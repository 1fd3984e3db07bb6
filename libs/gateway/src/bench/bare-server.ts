import { once } from 'node:events';
import { Server, ServerCredentials, type ServerDuplexStream, type ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { serverFeaturesService } from '../features/server-features';
import type { WireRecord } from '../log/wire-log';
import { RunningCalls, serverOptions } from '../server/pipelined-calls';
import { readBatchAppendMessage, type BatchAppendMessage } from '../streams/append-request';
import { batchAppendedResponse } from '../streams/append-response';
import { caughtUpResponse, confirmationResponse, eventResponse } from '../streams/read-response';
import { sampleBytes, SAMPLE_TYPE } from './sample-events';

const SUBSCRIPTION_ID = '00000000-0000-4000-8000-000000000001';
const MAXIMUM_APPEND_SIZE = 1_024 * 1_024;

type Reading = ServerWritableStream<ReadReq, Buffer>;
type Appending = ServerDuplexStream<BatchAppendMessage, Buffer>;

const recordOf = (position: bigint): WireRecord => ({
  ...sampleBytes,
  id: SUBSCRIPTION_ID,
  type: SAMPLE_TYPE,
  isJson: true,
  streamId: 'bench-0',
  eventNumber: position,
  position,
  recordedAt: 1_700_000_000_000,
});

/**
 * What the protocol alone allows: the same messages through the same gRPC library, but nothing
 * behind it. Appends are answered unread, reads are one message again and again. Every figure of the
 * gateway stands beside this server's, measured by the same client in the same run.
 */
class BareServer {
  readonly #event = eventResponse({ event: recordOf(1n), link: null }, 'string');
  readonly #subscribers = new Set<Reading>();
  #head = 0n;

  readonly append = (call: Appending): void => {
    call.on('data', ({ correlationId, options, events }: BatchAppendMessage) => {
      this.#head += BigInt(events.length);
      const asked = { correlationId, streamId: options?.streamId ?? '', expected: options?.expected ?? null };
      call.write(batchAppendedResponse(asked, { eventNumber: this.#head, position: this.#head }));
      for (const subscriber of this.#subscribers) for (const _ of events) subscriber.write(this.#event);
    });
    call.on('end', () => call.end());
  };

  /** Reads have as many events as they ask for; a subscription from the start to `$all` as many as have been appended. */
  readonly read = (call: Reading): void => {
    this.#answer(call).catch((error: unknown) => call.emit('error', error));
  };

  async #answer(call: Reading): Promise<void> {
    const options = call.request.getOptions();
    if (options?.hasSubscription() !== true) {
      await this.#write(call, Number(options?.getCount() ?? 0));
      call.end();
      return;
    }
    call.once('cancelled', () => this.#subscribers.delete(call));
    call.write(confirmationResponse(SUBSCRIPTION_ID));
    if (options.getAll()?.hasStart() === true) await this.#write(call, Number(this.#head));
    call.write(caughtUpResponse());
    this.#subscribers.add(call);
  }

  async #write(call: Reading, count: number): Promise<void> {
    for (let written = 0; written < count && !call.cancelled; written += 1)
      if (!call.write(this.#event)) await once(call, 'drain');
  }
}

/** Starts the bare server on any free port of this host, which it resolves to. */
export const startBareServer = (): Promise<number> => {
  const bare = new BareServer();
  const calls = new RunningCalls([StreamsService.batchAppend.path]);
  const server = new Server(serverOptions(calls, MAXIMUM_APPEND_SIZE));
  const asItIs = (bytes: Buffer): Buffer => bytes;
  server.addService(
    {
      read: { ...StreamsService.read, responseSerialize: asItIs },
      batchAppend: {
        ...StreamsService.batchAppend,
        requestDeserialize: readBatchAppendMessage,
        responseSerialize: asItIs,
      },
    },
    { read: bare.read, batchAppend: bare.append },
  );
  const { definition, implementation } = serverFeaturesService();
  server.addService(definition, implementation);
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
};
