import type { sendUnaryData, ServerReadableStream } from '@grpc/grpc-js';
import { status } from '@grpc/grpc-js';
import type { EncodedEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import {
  accessDenied,
  callStatus,
  callStatusOf,
  deadlineExceeded,
  invalidArgument,
  serviceError,
  statusOfException,
  type CallStatus,
} from '../access/call-status';
import type { AppendResp } from '@eventstore/db-client/generated/streams_pb';
import {
  appendTarget,
  encodedEvent,
  sizeOf,
  type AppendMessage,
  type AppendTarget,
  type Unacceptable,
} from './append-request';
import { appendedResponse, wrongVersionResponse } from './append-response';
import type { StreamsContext } from './streams-context';

const REQUIRED_PROPERTIES = 'type,content-type';

const unacceptableStatus = (reason: Unacceptable): CallStatus =>
  reason.code === 'InvalidArgument'
    ? invalidArgument(reason.message)
    : callStatus(
        status.INVALID_ARGUMENT,
        `Required metadata properties missing: ${REQUIRED_PROPERTIES}`,
        'missing-required-metadata-property',
        { 'required-metadata-properties': REQUIRED_PROPERTIES },
      );

type Call = ServerReadableStream<AppendMessage, AppendResp>;

interface Received {
  readonly target: AppendTarget;
  readonly events: ReadonlyArray<EncodedEvent>;
}

/** Gathers the client stream; stops at the first event that cannot be accepted or exceeds the size. */
const receive = async (call: Call, maxAppendSize: number): Promise<E.Either<CallStatus, Received>> => {
  const messages: AsyncIterable<AppendMessage> = call;
  let target: AppendTarget | null = null;
  let size = 0;
  const events: EncodedEvent[] = [];
  for await (const message of messages) {
    if (message.kind === 'options') target = message.target;
    if (message.kind !== 'event') continue;
    const event = encodedEvent(message.event);
    if (E.isLeft(event)) return E.left(unacceptableStatus(event.left));
    size += sizeOf(event.right);
    if (size > maxAppendSize)
      return E.left(callStatusOf({ code: 'MaximumAppendSizeExceeded', maximum: maxAppendSize }));
    events.push(event.right);
  }
  return target === null ? E.left(invalidArgument('The call has no options.')) : E.right({ target, events });
};

/** A client sets its deadlines by the real time, whatever clock the log records by. */
const isPast = (deadline: Date | number): boolean => Date.now() >= Number(deadline);

const answer = async (context: StreamsContext, call: Call): Promise<E.Either<CallStatus, AppendResp>> => {
  const caller = context.access.callerOf(call.metadata);
  if (E.isLeft(caller)) return caller;
  const received = await receive(call, context.maxAppendSize);
  if (E.isLeft(received)) return received;
  const target = appendTarget(received.right.target);
  if (E.isLeft(target)) return E.left(unacceptableStatus(target.left));
  if (!context.access.mayWrite(caller.right, target.right.streamId)) return E.left(accessDenied());
  if (!received.right.events.every(({ type }) => context.access.mayTell(caller.right, type)))
    return E.left(accessDenied());
  if (isPast(call.getDeadline())) return E.left(deadlineExceeded());

  const appended = await context.log.append({ ...target.right, events: received.right.events });
  if (E.isRight(appended)) return E.right(appendedResponse(appended.right));
  return appended.left.code === 'WrongExpectedVersion'
    ? E.right(wrongVersionResponse(appended.left))
    : E.left(callStatusOf(appended.left));
};

/** `Streams/Append`: one append per call, answered when it is durable. */
export const appendCall =
  (context: StreamsContext) =>
  (call: Call, reply: sendUnaryData<AppendResp>): void => {
    answer(context, call).then(
      E.match(
        (failed) => reply(serviceError(failed)),
        (response) => reply(null, response),
      ),
      (error: unknown) => reply(serviceError(statusOfException(error))),
    );
  };
