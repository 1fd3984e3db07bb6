import { status, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { PersistentSubscriptionsService } from '@eventstore/db-client/generated/persistent_grpc_pb';
import {
  CreateResp,
  DeleteResp,
  GetInfoResp,
  ListResp,
  ReplayParkedResp,
  UpdateResp,
  type CreateReq,
  type DeleteReq,
  type GetInfoReq,
  type ListReq,
  type ReplayParkedReq,
  type UpdateReq,
} from '@eventstore/db-client/generated/persistent_pb';
import { Empty, type StreamIdentifier } from '@eventstore/db-client/generated/shared_pb';
import * as E from 'fp-ts/Either';
import type { Access, Caller } from '../../access/access';
import { accessDenied, callStatus, invalidArgument, serviceError, type CallStatus } from '../../access/call-status';
import type { ServedService } from '../../server/served-service';
import { ALL, type GroupError, type GroupKey } from '../definition';
import type { Groups } from '../running/open-groups';
import { changeOf, creationOf, streamNameOf } from './change-request';
import { groupStatusOf } from './group-status';
import { infoResponse } from './info-response';
import { readCall } from './read-call';

/** The generated service, but the answers of `Read` are bytes already. */
const definition = {
  ...PersistentSubscriptionsService,
  read: { ...PersistentSubscriptionsService.read, responseSerialize: (response: Buffer): Buffer => response },
};

type Answer<A> = E.Either<CallStatus, A>;
type Unary<Request, Response> = (call: ServerUnaryCall<Request, Response>, reply: sendUnaryData<Response>) => void;

const NO_OPTIONS: E.Either<CallStatus, never> = E.left(invalidArgument('The request has no options.'));

interface NamedGroup {
  getGroupName(): string;
  hasAll(): boolean;
  getStreamIdentifier(): StreamIdentifier | undefined;
}

const keyOf = (options: NamedGroup): GroupKey => ({
  streamId: options.hasAll() ? ALL : streamNameOf(options.getStreamIdentifier()),
  group: options.getGroupName(),
});

const asStatus = <A>(result: E.Either<GroupError, A>): Answer<A> => E.mapLeft(groupStatusOf)(result);
const as =
  <A>(response: A) =>
  (result: E.Either<GroupError, unknown>): Answer<A> =>
    asStatus(E.map(() => response)(result));

/**
 * The gRPC service of the persistent subscriptions (`eventstoredb-protocol` 1.2, 3.6): who may do what
 * (3.3) is asked first, errors end the call with the trailers of 1.5.
 */
export const persistentSubscriptionsService = (groups: Groups, access: Access): ServedService => {
  const unary =
    <Request, Response>(
      isAllowed: (caller: Caller) => boolean,
      answer: (request: Request, caller: Caller) => Promise<Answer<Response>>,
    ): Unary<Request, Response> =>
    (call, reply) => {
      const answered = async (): Promise<Answer<Response>> => {
        const caller = access.callerOf(call.metadata);
        if (E.isLeft(caller)) return caller;
        return isAllowed(caller.right) ? answer(call.request, caller.right) : E.left(accessDenied());
      };
      answered().then(
        E.match(
          (failed) => reply(serviceError(failed)),
          (response) => reply(null, response),
        ),
        (error: unknown) => reply(serviceError(callStatus(status.INTERNAL, String(error)))),
      );
    };
  const { mayManageGroups, maySeeGroups } = access;

  const implementation = {
    create: unary(mayManageGroups, async (request: CreateReq, { name }): Promise<Answer<CreateResp>> => {
      const creation = creationOf(request);
      if (E.isLeft(creation)) return creation;
      const { key, settings, filter } = creation.right;
      return as(new CreateResp())(await groups.create(key, settings, filter, name));
    }),

    update: unary(mayManageGroups, async (request: UpdateReq, { name }): Promise<Answer<UpdateResp>> => {
      const change = changeOf(request);
      if (E.isLeft(change)) return change;
      return as(new UpdateResp())(await groups.update(change.right.key, change.right.settings, name));
    }),

    delete: unary(mayManageGroups, async (request: DeleteReq, { name }): Promise<Answer<DeleteResp>> => {
      const options = request.getOptions();
      return options === undefined ? NO_OPTIONS : as(new DeleteResp())(await groups.delete(keyOf(options), name));
    }),

    read: readCall(groups, access),

    getInfo: unary(maySeeGroups, async (request: GetInfoReq): Promise<Answer<GetInfoResp>> => {
      const options = request.getOptions();
      if (options === undefined) return NO_OPTIONS;
      const response = new GetInfoResp();
      return asStatus(
        E.map((info: Parameters<typeof infoResponse>[0]) => response.setSubscriptionInfo(infoResponse(info)))(
          await groups.info(keyOf(options)),
        ),
      );
    }),

    list: unary(maySeeGroups, async (request: ListReq): Promise<Answer<ListResp>> => {
      const options = request.getOptions();
      if (options === undefined) return NO_OPTIONS;
      const source = options.getListForStream();
      const streamId = source?.hasAll() === true ? ALL : streamNameOf(source?.getStream());
      return asStatus(
        E.map((infos: ReadonlyArray<Parameters<typeof infoResponse>[0]>) =>
          new ListResp().setSubscriptionsList(infos.map(infoResponse)),
        )(await groups.list(options.hasListAllSubscriptions() || source === undefined ? null : streamId)),
      );
    }),

    replayParked: unary(mayManageGroups, async (request: ReplayParkedReq): Promise<Answer<ReplayParkedResp>> => {
      const options = request.getOptions();
      if (options === undefined) return NO_OPTIONS;
      const stopAt = options.hasStopAt() ? BigInt(options.getStopAt()) : null;
      return as(new ReplayParkedResp())(await groups.replayParked(keyOf(options), stopAt));
    }),

    restartSubsystem: unary(mayManageGroups, async (): Promise<Answer<Empty>> => {
      await groups.restart();
      return E.right(new Empty());
    }),
  };

  return { definition, implementation };
};
