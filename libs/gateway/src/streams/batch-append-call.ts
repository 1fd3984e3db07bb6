import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { EncodedEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Caller } from '../access/access';
import { serviceError, statusOfException, unavailable, type CallStatus } from '../access/call-status';
import type { Expected } from '../log/wire-log';
import { appendTarget, encodedEvent, sizeOf, type BatchAppendMessage, type Deadline } from './append-request';
import { batchAppendedResponse, batchFailedResponse, type AppendFailure } from './append-response';
import type { StreamsContext } from './streams-context';

type Call = ServerDuplexStream<BatchAppendMessage, Buffer>;

/** Appends of one call that may wait for their commit before the call stops reading. */
const MAXIMUM_UNDER_WAY = 1_024;
/** Longest wait that a timer can hold, in milliseconds. */
const LONGEST_TIMER = 2_147_483_647;

/** An append whose final message has not come yet. */
interface Growing {
  readonly correlationId: Buffer;
  readonly streamId: string;
  readonly expected: Expected;
  readonly events: EncodedEvent[];
  size: number;
  readonly deadline: number;
  /** Answers when the deadline passes before the final message comes. */
  timer: NodeJS.Timeout | null;
}

const instantOf = (deadline: Deadline | null, now: number): number => {
  if (deadline === null) return Infinity;
  return deadline.kind === 'at' ? deadline.at : now + deadline.milliseconds;
};

/**
 * One `BatchAppend` call. Appends are handed to the log in the order of their final messages, and
 * answered as they become durable; an append that has been answered is forgotten, so that later
 * messages with its correlation id find nothing and are ignored (`eventstoredb-protocol` 1.6).
 */
class BatchAppend {
  readonly #growing = new Map<string, Growing>();
  readonly #context: StreamsContext;
  readonly #call: Call;
  readonly #caller: Caller;
  #underWay = 0;
  #ending: CallStatus | 'ended' | null = null;
  #hasEnded = false;

  constructor(context: StreamsContext, call: Call, caller: Caller) {
    this.#context = context;
    this.#call = call;
    this.#caller = caller;
  }

  start(): void {
    const close = (): void => this.#endWith(unavailable('The gateway is closing.'));
    const stop = (): void => {
      for (const { timer } of this.#growing.values()) clearTimeout(timer ?? undefined);
      this.#growing.clear();
      this.#context.closing.removeEventListener('abort', close);
    };
    this.#call.on('data', (message: BatchAppendMessage) => {
      try {
        this.#receive(message);
      } catch (error) {
        this.#endWith(statusOfException(error));
      }
    });
    this.#call.on('end', () => this.#endWith('ended'));
    this.#call.on('drain', () => this.#readOrWait());
    this.#call.once('cancelled', stop);
    this.#call.once('error', stop);
    if (this.#context.closing.aborted) close();
    else this.#context.closing.addEventListener('abort', close, { once: true });
  }

  #receive(message: BatchAppendMessage): void {
    if (this.#ending !== null) return;
    const key = message.correlationId.toString('latin1');
    const growing = message.options === null ? this.#growing.get(key) : this.#begin(key, message);
    if (growing === undefined) return;
    for (const proposed of message.events) {
      const event = encodedEvent(proposed);
      if (E.isLeft(event)) return this.#refuse(key, growing, event.left);
      if (!this.#context.access.mayTell(this.#caller, event.right.type))
        return this.#refuse(key, growing, { code: 'AccessDenied', message: 'Access Denied' });
      growing.size += sizeOf(event.right);
      if (growing.size > this.#context.maxAppendSize)
        return this.#refuse(key, growing, {
          code: 'MaximumAppendSizeExceeded',
          maximum: this.#context.maxAppendSize,
        });
      growing.events.push(event.right);
    }
    if (message.isFinal) this.#finish(key, growing);
    else this.#watch(key, growing);
  }

  #begin(key: string, { correlationId, options }: BatchAppendMessage): Growing | undefined {
    if (options === null) return undefined;
    const { streamId, expected } = options;
    const asked = { correlationId, streamId, expected };
    const target = appendTarget(options);
    if (E.isLeft(target)) {
      this.#call.write(batchFailedResponse(asked, target.left));
      return undefined;
    }
    if (!this.#context.access.mayWrite(this.#caller, streamId)) {
      this.#call.write(batchFailedResponse(asked, { code: 'AccessDenied', message: 'Access Denied' }));
      return undefined;
    }
    const now = Date.now();
    const deadline = instantOf(options.deadline, now);
    const growing: Growing = {
      correlationId,
      ...target.right,
      events: [],
      size: 0,
      deadline,
      timer: null,
    };
    if (deadline <= now) {
      this.#refuse(key, growing, { code: 'DeadlinePassed' });
      return undefined;
    }
    this.#forget(key);
    this.#growing.set(key, growing);
    return growing;
  }

  #finish(key: string, growing: Growing): void {
    this.#forget(key);
    if (Date.now() >= growing.deadline) return this.#refuse(key, growing, { code: 'DeadlinePassed' });
    this.#underWay += 1;
    this.#readOrWait();
    const { streamId, expected, events } = growing;
    this.#context.log.append({ streamId, expected, events }).then(
      (appended) =>
        this.#answered(
          E.isRight(appended)
            ? batchAppendedResponse(growing, appended.right)
            : batchFailedResponse(growing, appended.left),
        ),
      (error: unknown) =>
        this.#answered(
          batchFailedResponse(growing, { code: 'Unavailable', message: statusOfException(error).details }),
        ),
    );
  }

  #answered(response: Buffer): void {
    this.#call.write(response);
    this.#underWay -= 1;
    this.#readOrWait();
    this.#endWhenIdle();
  }

  /** Takes no more messages while many appends or answers wait. */
  #readOrWait(): void {
    const isFull = this.#underWay >= MAXIMUM_UNDER_WAY || this.#call.writableNeedDrain;
    if (isFull && !this.#call.isPaused()) this.#call.pause();
    if (!isFull && this.#call.isPaused()) this.#call.resume();
  }

  #watch(key: string, growing: Growing): void {
    if (growing.timer !== null || growing.deadline === Infinity) return;
    const wait = Math.min(growing.deadline - Date.now(), LONGEST_TIMER);
    growing.timer = setTimeout(() => this.#refuse(key, growing, { code: 'DeadlinePassed' }), wait);
    growing.timer.unref();
  }

  #refuse(key: string, growing: Growing, failure: AppendFailure): void {
    this.#forget(key);
    this.#call.write(batchFailedResponse(growing, failure));
  }

  #forget(key: string): void {
    const growing = this.#growing.get(key);
    if (growing === undefined) return;
    clearTimeout(growing.timer ?? undefined);
    this.#growing.delete(key);
  }

  #endWith(how: CallStatus | 'ended'): void {
    this.#ending ??= how;
    this.#endWhenIdle();
  }

  /** Appends under way are answered before the call ends. */
  #endWhenIdle(): void {
    if (this.#ending === null || this.#underWay > 0 || this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#ending === 'ended') this.#call.end();
    else this.#call.emit('error', serviceError(this.#ending));
  }
}

/** `Streams/BatchAppend`: many appends on one call; it ends when the client ends it or the gateway closes. */
export const batchAppendCall =
  (context: StreamsContext) =>
  (call: Call): void => {
    const caller = context.access.callerOf(call.metadata);
    if (E.isLeft(caller)) call.emit('error', serviceError(caller.left));
    else new BatchAppend(context, call, caller.right).start();
  };
