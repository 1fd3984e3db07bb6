import { type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import {
  DeleteResp,
  TombstoneResp,
  type DeleteReq,
  type TombstoneReq,
} from '@eventstore/db-client/generated/streams_pb';
import type { Position } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import {
  accessDenied,
  callStatusOf,
  invalidArgument,
  serviceError,
  statusOfException,
  type CallStatus,
} from '../access/call-status';
import type { Expected, WireError } from '../log/wire-log';
import { streamNameOf } from './read-request';
import type { StreamsContext } from './streams-context';

type Options = DeleteReq.Options | TombstoneReq.Options;
type Removal = (streamId: string, expected: Expected) => Promise<E.Either<WireError, Position>>;

const expectedOf = (options: Options): Expected | null => {
  if (options.hasRevision()) return BigInt(options.getRevision());
  if (options.hasNoStream()) return 'noStream';
  if (options.hasAny()) return 'any';
  return options.hasStreamExists() ? 'streamExists' : null;
};

const remove = async (
  { access }: StreamsContext,
  call: ServerUnaryCall<DeleteReq | TombstoneReq, unknown>,
  removal: Removal,
): Promise<E.Either<CallStatus, Position>> => {
  const caller = access.callerOf(call.metadata);
  if (E.isLeft(caller)) return caller;
  const options = call.request.getOptions();
  const streamId = streamNameOf(options?.getStreamIdentifier()?.getStreamName_asU8());
  const expected = options === undefined ? null : expectedOf(options);
  if (streamId === null || expected === null)
    return E.left(invalidArgument('The call must name a stream and its expected revision.'));
  if (!access.mayDelete(caller.right, streamId)) return E.left(accessDenied());
  return E.mapLeft(callStatusOf)(await removal(streamId, expected));
};

const replying =
  <Request extends DeleteReq | TombstoneReq, Response>(
    context: StreamsContext,
    removal: Removal,
    response: (position: string) => Response,
  ) =>
  (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>): void => {
    remove(context, call, removal).then(
      E.match(
        (failed) => reply(serviceError(failed)),
        (position) => reply(null, response(position.toString())),
      ),
      (error: unknown) => reply(serviceError(statusOfException(error))),
    );
  };

/** `Streams/Delete`: the stream can be written again. */
export const deleteCall = (context: StreamsContext) =>
  replying<DeleteReq, DeleteResp>(
    context,
    (streamId, expected) => context.log.deleteStream(streamId, expected),
    (position) =>
      new DeleteResp().setPosition(new DeleteResp.Position().setCommitPosition(position).setPreparePosition(position)),
  );

/** `Streams/Tombstone`: the stream is gone for ever. */
export const tombstoneCall = (context: StreamsContext) =>
  replying<TombstoneReq, TombstoneResp>(
    context,
    (streamId, expected) => context.log.tombstoneStream(streamId, expected),
    (position) =>
      new TombstoneResp().setPosition(
        new TombstoneResp.Position().setCommitPosition(position).setPreparePosition(position),
      ),
  );
