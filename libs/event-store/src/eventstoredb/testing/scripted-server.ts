import {
  AllStreamPosition,
  Empty,
  StreamIdentifier,
  UUID,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { Status } from '@eventstore/db-client/generated/status_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import {
  type BatchAppendReq,
  BatchAppendResp,
  type ReadReq,
  ReadResp,
} from '@eventstore/db-client/generated/streams_pb';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import { Any } from 'google-protobuf/google/protobuf/any_pb';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;
export type AppendCall = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** What the server does with each call, as the test wants it. */
export interface Script {
  readonly read: (call: ReadCall) => void;
  /** One message of a batch call. */
  readonly append: (request: BatchAppendReq, call: AppendCall) => void;
}

export interface ScriptedServer {
  readonly port: number;
  readonly stop: () => void;
}

/** A server that says what a real one says only on a bad day. */
export const scriptedServer = async (script: Script): Promise<ScriptedServer> => {
  const server = new Server();
  const read: handleServerStreamingCall<ReadReq, ReadResp> = (call) => script.read(call);
  const batchAppend: handleBidiStreamingCall<BatchAppendReq, BatchAppendResp> = (call) => {
    call.on('data', (request: BatchAppendReq) => script.append(request, call));
    call.on('end', () => call.end());
    call.on('error', () => undefined);
  };
  server.addService({ read: StreamsService.read, batchAppend: StreamsService.batchAppend }, { read, batchAppend });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { port, stop: () => server.forceShutdown() };
};

/** An event as it comes from `Streams/Read`. */
export const eventMessage = (id: string, streamId: string, revision: number, position: bigint): ReadResp => {
  const record = new ReadResp.ReadEvent.RecordedEvent()
    .setId(new UUID().setString(id))
    .setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(streamId)))
    .setStreamRevision(String(revision))
    .setCommitPosition(position.toString())
    .setPreparePosition(position.toString())
    .setData(Buffer.from('{"n":1}'));
  record
    .getMetadataMap()
    .set('type', 'Scripted')
    .set('content-type', 'application/json')
    .set('created', '17000000000000000');
  return new ReadResp().setEvent(new ReadResp.ReadEvent().setEvent(record).setCommitPosition(position.toString()));
};

export const checkpointMessage = (position: bigint): ReadResp =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(position.toString()).setPreparePosition(position.toString()),
  );

export const caughtUpMessage = (): ReadResp => new ReadResp().setCaughtUp(new ReadResp.CaughtUp());

export const notFoundMessage = (streamId: string): ReadResp =>
  new ReadResp().setStreamNotFound(
    new ReadResp.StreamNotFound().setStreamIdentifier(new StreamIdentifier().setStreamName(Buffer.from(streamId))),
  );

export const streamOf = (request: ReadReq): string | null => {
  const name = request.getOptions()?.getStream()?.getStreamIdentifier()?.getStreamName_asU8();
  return name === undefined ? null : Buffer.from(name).toString();
};

export const appendedAnswer = (request: BatchAppendReq, revision: number, position: bigint): BatchAppendResp => {
  const answer = new BatchAppendResp.Success().setCurrentRevision(String(revision));
  const at = new AllStreamPosition().setCommitPosition(position.toString()).setPreparePosition(position.toString());
  return new BatchAppendResp().setCorrelationId(request.getCorrelationId()).setSuccess(answer.setPosition(at));
};

export const wrongVersionAnswer = (request: BatchAppendReq, current: number): BatchAppendResp => {
  const wrong = new WrongExpectedVersion();
  if (current < 0) wrong.setCurrentNoStream(new Empty());
  else wrong.setCurrentStreamRevision(String(current));
  const details = new Any();
  details.pack(wrong.serializeBinary(), 'event_store.client.WrongExpectedVersion');
  return new BatchAppendResp()
    .setCorrelationId(request.getCorrelationId())
    .setError(new Status().setCode(6).setMessage('wrong').setDetails(details));
};

/** What a follower says to a call that needs the leader. */
export const notLeader = (port: number): { code: status; details: string; metadata: Metadata } => {
  const metadata = new Metadata();
  metadata.set('exception', 'not-leader');
  metadata.set('leader-endpoint-host', '127.0.0.1');
  metadata.set('leader-endpoint-port', String(port));
  return { code: status.NOT_FOUND, details: 'Leader info available', metadata };
};
