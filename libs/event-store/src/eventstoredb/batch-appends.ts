import { randomUUID } from 'node:crypto';
import {
  MaximumAppendSizeExceeded,
  StreamIdentifier,
  UUID,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { BatchAppendReq, type BatchAppendResp } from '@eventstore/db-client/generated/streams_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { type ClientDuplexStream, status } from '@grpc/grpc-js';
import type { Position } from '../port';
import type { PreparedEvent } from '../sqlite/prepare-append';
import type { ClientDoor } from './client-door';
import type { Connection } from './connection';
import { uuidOf } from './recorded-event';
import { exceptionOf, isPassing, messageOf } from './server-failure';

/** What the server said to one append. */
export type AppendReply =
  | { readonly kind: 'appended'; readonly lastRevision: number; readonly lastPosition: Position }
  /** −1: the stream has no event. */
  | { readonly kind: 'wrongRevision'; readonly actual: number }
  | { readonly kind: 'tooLarge'; readonly maximum: number }
  /** The stream was deleted for ever. */
  | { readonly kind: 'deleted' }
  /** Nothing was appended, and nothing would be if it were asked again. `invalid`: because of the events. */
  | { readonly kind: 'refused'; readonly invalid: boolean; readonly message: string }
  /** No answer: the events may or may not be in the log, now or a moment later. */
  | { readonly kind: 'unknown'; readonly message: string };

type Call = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;

interface Pending {
  readonly settle: (reply: AppendReply) => void;
  readonly timer: NodeJS.Timeout;
}

interface OpenCall {
  readonly door: ClientDoor;
  readonly call: Call;
  /** Of this call alone: the end of one call tells nothing about the appends of another. */
  readonly pending: Map<string, Pending>;
  over: boolean;
}

/** Bytes of events in one message; servers take 4 MiB at most, and some less. */
const MESSAGE_BYTES = 1_048_576;

const proposed = ({ id, type, data, metadata }: PreparedEvent): BatchAppendReq.ProposedMessage => {
  const message = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(id));
  message.getMetadataMap().set('type', type).set('content-type', 'application/json');
  return message.setData(Buffer.from(data)).setCustomMetadata(Buffer.from(metadata));
};

/**
 * The messages of one append; the first says where, the last says that it is the last. No deadline: the
 * protocol has it as an instant, which a server whose clock is ahead of ours takes for past.
 */
const messagesOf = (
  correlation: string,
  streamId: string,
  lastRevision: number,
  events: ReadonlyArray<PreparedEvent>,
): ReadonlyArray<BatchAppendReq> => {
  const options = new BatchAppendReq.Options().setStreamIdentifier(
    new StreamIdentifier().setStreamName(Buffer.from(streamId)),
  );
  if (lastRevision < 0) options.setNoStream(new Empty());
  else options.setStreamPosition(String(lastRevision));
  const message = (): BatchAppendReq => new BatchAppendReq().setCorrelationId(new UUID().setString(correlation));
  let current = message().setOptions(options);
  const messages = [current];
  let bytes = 0;
  for (const event of events) {
    const size = event.data.length + event.metadata.length;
    if (bytes > 0 && bytes + size > MESSAGE_BYTES) {
      messages.push((current = message()));
      bytes = 0;
    }
    bytes += size;
    current.addProposedMessages(proposed(event));
  }
  current.setIsFinal(true);
  return messages;
};

const failureOf = (response: BatchAppendResp): AppendReply => {
  const error = response.getError();
  const details = error?.getDetails();
  const name = details?.getTypeName() ?? '';
  if (name === 'event_store.client.WrongExpectedVersion') {
    const wrong = details?.unpack(WrongExpectedVersion.deserializeBinary, name);
    return {
      kind: 'wrongRevision',
      actual: wrong?.hasCurrentStreamRevision() === true ? Number(wrong.getCurrentStreamRevision()) : -1,
    };
  }
  if (name === 'event_store.client.MaximumAppendSizeExceeded') {
    const exceeded = details?.unpack(MaximumAppendSizeExceeded.deserializeBinary, name);
    return { kind: 'tooLarge', maximum: exceeded?.getMaxappendsize() ?? 0 };
  }
  if (name === 'event_store.client.StreamDeleted') return { kind: 'deleted' };
  const code = Number(error?.getCode() ?? status.UNKNOWN);
  const message = error?.getMessage() || name || `status ${code}`;
  const passing: ReadonlyArray<number> = [
    status.DEADLINE_EXCEEDED,
    status.UNAVAILABLE,
    status.CANCELLED,
    status.ABORTED,
    status.INTERNAL,
  ];
  return passing.includes(code) || name === 'event_store.client.Timeout'
    ? { kind: 'unknown', message }
    : { kind: 'refused', invalid: code === status.INVALID_ARGUMENT, message };
};

const replyOf = (response: BatchAppendResp): AppendReply => {
  const success = response.getSuccess();
  if (success === undefined) return failureOf(response);
  return {
    kind: 'appended',
    lastRevision: Number(success.getCurrentRevision()),
    lastPosition: BigInt(success.getPosition()?.getCommitPosition() ?? '0'),
  };
};

/**
 * `Streams/BatchAppend`: one call for all appends of this adapter, with a table of its own and a timer
 * for each append. An append that is not answered in time ends the call and the client with it.
 */
export class BatchAppends {
  #open: Promise<OpenCall> | null = null;
  #highest: Position = 0n;

  constructor(
    readonly connection: Connection,
    readonly appendMs: number,
  ) {}

  /** The highest position that any append has been answered with: what is sent from now on lies above. */
  get highest(): Position {
    return this.#highest;
  }

  /** @param lastRevision what the stream must end with; −1: it must have no event */
  async append(streamId: string, lastRevision: number, events: ReadonlyArray<PreparedEvent>): Promise<AppendReply> {
    let open: OpenCall;
    try {
      open = await this.#call();
    } catch (error) {
      return { kind: 'unknown', message: messageOf(error) };
    }
    const correlation = randomUUID();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#silent(open), this.appendMs);
      open.pending.set(correlation, {
        timer,
        settle: (reply) => {
          clearTimeout(timer);
          open.pending.delete(correlation);
          if (reply.kind === 'appended' && reply.lastPosition > this.#highest) this.#highest = reply.lastPosition;
          resolve(reply);
        },
      });
      for (const message of messagesOf(correlation, streamId, lastRevision, events)) open.call.write(message);
    });
  }

  async #call(): Promise<OpenCall> {
    for (;;) {
      const starting = (this.#open ??= this.#start());
      const open = await starting;
      if (!open.over) return open;
      if (this.#open === starting) this.#open = null;
    }
  }

  async #start(): Promise<OpenCall> {
    const { connection } = this;
    const door = connection.door();
    try {
      const streams = await door.streams();
      const call = streams.batchAppend(...door.call(Infinity));
      const open: OpenCall = { door, call, pending: new Map(), over: false };
      call.on('data', (response: BatchAppendResp) => {
        // An answer to nobody: its append has timed out and been judged by what the stream holds.
        open.pending.get(uuidOf(response.getCorrelationId()))?.settle(replyOf(response));
      });
      call.on('error', (error: Error) => {
        door.failed(streams, error);
        connection.failed(door, error);
        this.#ended(open, error);
      });
      call.on('end', () => this.#ended(open, new Error('the server has ended the call')));
      const withdraw = door.onDispose(() => {
        call.cancel();
        this.#ended(open, new Error('the connection was given up'));
      });
      call.on('close', withdraw);
      return open;
    } catch (error) {
      this.#open = null;
      connection.failed(door, error);
      throw error;
    }
  }

  /** The connection may be half open: everything on it is given up at once. */
  #silent(open: OpenCall): void {
    this.#ended(open, new Error(`no answer for ${this.appendMs} ms`));
    this.connection.discard(open.door);
  }

  #ended(open: OpenCall, error: Error): void {
    open.over = true;
    // A server that refuses the call as such (access denied, unimplemented) has appended nothing.
    const refused = exceptionOf(error) === 'access-denied' || ('code' in error && !isPassing(error));
    const message = messageOf(error);
    const reply: AppendReply = refused ? { kind: 'refused', invalid: false, message } : { kind: 'unknown', message };
    for (const { settle } of [...open.pending.values()]) settle(reply);
  }

  close(): void {
    void this.#open?.then((open) => open.call.end()).catch(() => undefined);
  }
}
