import { status } from '@grpc/grpc-js';
import { callStatus, callStatusOf, type CallStatus, type ExceptionName, unavailable } from '../../access/call-status';
import type { GroupError, GroupKey } from '../definition';
import type { DropReason } from '../running/running-group';

const groupStatus = (
  code: status,
  { streamId, group }: GroupKey,
  exception: ExceptionName,
  details: string,
  trailers: Readonly<Record<string, string>> = {},
): CallStatus => callStatus(code, details, exception, { 'stream-name': streamId, 'group-name': group, ...trailers });

/** Status and trailers of an error of the groups (`eventstoredb-protocol` 1.5). */
export const groupStatusOf = (error: GroupError): CallStatus => {
  switch (error.code) {
    case 'GroupExists':
      return groupStatus(
        status.ALREADY_EXISTS,
        error,
        'persistent-subscription-exists',
        `Subscription group ${error.group} on stream ${error.streamId} exists.`,
      );
    case 'GroupNotFound':
      return groupStatus(
        status.NOT_FOUND,
        error,
        'persistent-subscription-does-not-exist',
        `Subscription group ${error.group} on stream ${error.streamId} does not exist.`,
      );
    case 'GroupFailed':
      return groupStatus(
        status.INTERNAL,
        error,
        'persistent-subscription-failed',
        `Subscription group ${error.group} on stream ${error.streamId} failed: '${error.reason}'`,
        { reason: error.reason },
      );
    case 'MaximumSubscribersReached':
      return groupStatus(
        status.FAILED_PRECONDITION,
        error,
        'maximum-subscribers-reached',
        `Maximum subscriptions reached for subscription group ${error.group} on stream ${error.streamId}.`,
      );
    default:
      return callStatusOf(error);
  }
};

/** How a consumer's call ends when its group, or the gateway, lets go of it. */
export const droppedStatus = (key: GroupKey, reason: DropReason): CallStatus => {
  if (reason === 'closing') return unavailable('The gateway is closing.');
  if (reason !== 'dropped') return groupStatusOf({ code: 'GroupFailed', ...key, reason: reason.failed });
  return groupStatus(
    status.CANCELLED,
    key,
    'persistent-subscription-dropped',
    `Subscription group ${key.group} on stream ${key.streamId} was dropped.`,
  );
};
