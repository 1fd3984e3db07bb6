import { randomUUID } from 'node:crypto';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ReadReq } from '@eventstore/db-client/generated/streams_pb';
import * as E from 'fp-ts/Either';
import { type Access, type Caller, visible } from '../access/access';
import { accessDenied, callStatusOf, serviceError, statusOfException, type CallStatus } from '../access/call-status';
import type { Pages, ResolvedRecord, SubscriptionStep, WireError } from '../log/wire-log';
import { readRequest, type ReadQuestion, type ReadRequest } from './read-request';
import {
  caughtUpResponse,
  checkpointResponse,
  confirmationResponse,
  eventResponse,
  streamNotFoundResponse,
} from './read-response';
import type { StreamsContext } from './streams-context';
import type { UuidForm } from './uuid';

type Call = ServerWritableStream<ReadReq, Buffer>;

/** How a read ended: null for OK. */
type Ending = CallStatus | null;

const ALL_STREAM = '$all';
/** Every call says in the end that it is gone; a reason of its own saves the error with its stack that `abort` would make. */
const GONE = 'The call is gone.';

/** One call, its caller and what stops it. */
interface Reading {
  readonly call: Call;
  readonly caller: Caller;
  readonly access: Access;
  readonly uuidForm: UuidForm;
  readonly signal: AbortSignal;
  /** The stream that the caller must be allowed to read, `$all` included. */
  readonly streamId: string;
}

/** Waits until the client has taken what was written, or the call is gone. */
const drained = (call: Call, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    call.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
  });

const writeEvents = async (reading: Reading, events: ReadonlyArray<ResolvedRecord>): Promise<void> => {
  const { access, call, caller, signal, uuidForm } = reading;
  for (const event of events) {
    if (signal.aborted) return;
    if (!call.write(eventResponse(visible(access, caller, event), uuidForm))) await drained(call, signal);
  }
};

const writePages = async (reading: Reading, pages: Pages): Promise<Ending> => {
  for await (const page of pages) {
    await writeEvents(reading, page);
    if (reading.signal.aborted) return null;
  }
  return null;
};

const writeOne = async ({ call, signal }: Reading, message: Buffer): Promise<void> => {
  if (!call.write(message)) await drained(call, signal);
};

/** The confirmation comes first; the caller's right to read is asked again with every step, because it may change. */
const writeSteps = async (reading: Reading, steps: AsyncIterable<SubscriptionStep>): Promise<Ending> => {
  await writeOne(reading, confirmationResponse(randomUUID()));
  for await (const step of steps) {
    if (reading.signal.aborted) return null;
    if (!reading.access.mayRead(reading.caller, reading.streamId)) return accessDenied();
    if (step.kind === 'failed') return callStatusOf(step.error);
    if (step.kind === 'events') await writeEvents(reading, step.events);
    else await writeOne(reading, step.kind === 'caughtUp' ? caughtUpResponse() : checkpointResponse(step.position));
  }
  return null;
};

/** A missing stream is a message and not an error, for reads only. */
const refused = async (reading: Reading, error: WireError): Promise<Ending> => {
  if (error.code !== 'StreamNotFound') return callStatusOf(error);
  await writeOne(reading, streamNotFoundResponse(error.streamId));
  return null;
};

const answerQuestion = async ({ log }: StreamsContext, reading: Reading, question: ReadQuestion): Promise<Ending> => {
  const { signal } = reading;
  switch (question.kind) {
    case 'stream': {
      const pages = log.readStream(question.query);
      return E.isLeft(pages) ? refused(reading, pages.left) : writePages(reading, pages.right);
    }
    case 'all':
      return writePages(reading, log.readAll(question.query));
    case 'subscribeStream': {
      const steps = log.subscribeStream({ ...question.query, signal });
      return E.isLeft(steps) ? refused(reading, steps.left) : writeSteps(reading, steps.right);
    }
    case 'subscribeAll':
      return writeSteps(reading, log.subscribeAll({ ...question.query, signal }));
  }
};

const streamOf = (question: ReadQuestion): string =>
  question.kind === 'stream' || question.kind === 'subscribeStream' ? question.query.streamId : ALL_STREAM;

const answer = async (context: StreamsContext, call: Call, signal: AbortSignal): Promise<Ending> => {
  const caller = context.access.callerOf(call.metadata);
  if (E.isLeft(caller)) return caller.left;
  const request: E.Either<CallStatus, ReadRequest> = readRequest(call.request);
  if (E.isLeft(request)) return request.left;
  const { question, uuidForm } = request.right;
  const streamId = streamOf(question);
  const { access } = context;
  if (!access.mayRead(caller.right, streamId)) return accessDenied();
  return answerQuestion(context, { call, caller: caller.right, access, uuidForm, signal, streamId }, question);
};

/** `Streams/Read`: reads and catch-up subscriptions of a stream or of `$all`. */
export const readCall =
  (context: StreamsContext) =>
  (call: Call): void => {
    const stop = new AbortController();
    call.once('cancelled', () => stop.abort(GONE));
    const end = (ending: Ending): void => {
      if (ending === null) call.end();
      else call.emit('error', serviceError(ending));
    };
    answer(context, call, stop.signal).then(end, (error: unknown) => end(statusOfException(error)));
  };
