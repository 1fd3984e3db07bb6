import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import type { ServedService } from '../server/served-service';
import { appendCall } from './append-call';
import { readAppendMessage, readBatchAppendMessage } from './append-request';
import { batchAppendCall } from './batch-append-call';
import { deleteCall, tombstoneCall } from './delete-call';
import { readCall } from './read-call';
import type { StreamsContext } from './streams-context';

const asItIs = (bytes: Buffer): Buffer => bytes;

/**
 * The client's own service definition with the busy messages read and written by hand: responses of
 * `Read` and `BatchAppend` are bytes already when they reach grpc-js.
 */
export const streamsService = (context: StreamsContext): ServedService => ({
  definition: {
    read: { ...StreamsService.read, responseSerialize: asItIs },
    append: { ...StreamsService.append, requestDeserialize: readAppendMessage },
    batchAppend: {
      ...StreamsService.batchAppend,
      requestDeserialize: readBatchAppendMessage,
      responseSerialize: asItIs,
    },
    delete: StreamsService.delete,
    tombstone: StreamsService.tombstone,
  },
  implementation: {
    read: readCall(context),
    append: appendCall(context),
    batchAppend: batchAppendCall(context),
    delete: deleteCall(context),
    tombstone: tombstoneCall(context),
  },
});
