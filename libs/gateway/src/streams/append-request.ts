import type { EncodedEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import type { Expected } from '../log/wire-log';
import { isEventId, readUuid } from './uuid';
import { WireReader } from './wire-reader';

/**
 * `AppendReq` and `BatchAppendReq` read by hand: the generated stubs do not know the `Duration`
 * deadline (field 7) that newer clients send, and copy every byte twice.
 */

/** A proposed event as it was sent; `type` and `contentType` null: not sent. */
export interface ProposedEvent {
  readonly id: string;
  readonly type: string | null;
  readonly contentType: string | null;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface AppendTarget {
  readonly streamId: string;
  /** Null: the client did not say, which is refused. */
  readonly expected: Expected | null;
}

export type AppendMessage =
  | { readonly kind: 'options'; readonly target: AppendTarget }
  | { readonly kind: 'event'; readonly event: ProposedEvent }
  | { readonly kind: 'nothing' };

/** An instant in milliseconds since 1970, or a time from the arrival of the message in milliseconds. */
export type Deadline =
  { readonly kind: 'at'; readonly at: number } | { readonly kind: 'within'; readonly milliseconds: number };

export interface BatchAppendMessage {
  /** The `UUID` message as sent; echoed in the answer. */
  readonly correlationId: Buffer;
  readonly options: (AppendTarget & { readonly deadline: Deadline | null }) | null;
  readonly events: ReadonlyArray<ProposedEvent>;
  readonly isFinal: boolean;
}

const NO_BYTES = new Uint8Array(0);

const readProposed = (reader: WireReader): ProposedEvent => {
  let id = '';
  let type: string | null = null;
  let contentType: string | null = null;
  let metadata: Uint8Array = NO_BYTES;
  let data: Uint8Array = NO_BYTES;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) id = readUuid(reader.message());
    else if (field === 2) {
      const [key, value] = readEntry(reader.message());
      if (key === 'type') type = value;
      if (key === 'content-type') contentType = value;
    } else if (field === 3) metadata = reader.bytes();
    else if (field === 4) data = reader.bytes();
    else reader.skip();
  }
  return { id, type, contentType, data, metadata };
};

const readEntry = (reader: WireReader): readonly [key: string, value: string] => {
  let key = '';
  let value = '';
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) key = reader.text();
    else if (field === 2) value = reader.text();
    else reader.skip();
  }
  return [key, value];
};

const readStreamName = (reader: WireReader): string => {
  let name = '';
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 3) name = reader.text();
    else reader.skip();
  }
  return name;
};

/** `Timestamp` and `Duration` have the same fields; the result is in milliseconds, rounded down. */
const readMilliseconds = (reader: WireReader): number => {
  let seconds = 0n;
  let nanoseconds = 0n;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) seconds = reader.signed();
    else if (field === 2) nanoseconds = reader.signed();
    else reader.skip();
  }
  return Number(seconds) * 1_000 + Math.floor(Number(nanoseconds) / 1_000_000);
};

const readTarget = (reader: WireReader): AppendTarget & { readonly deadline: Deadline | null } => {
  let streamId = '';
  let expected: Expected | null = null;
  let deadline: Deadline | null = null;
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) streamId = readStreamName(reader.message());
    else if (field === 2) expected = reader.unsigned();
    else if (field === 6) deadline = { kind: 'at', at: readMilliseconds(reader.message()) };
    else if (field === 7) deadline = { kind: 'within', milliseconds: readMilliseconds(reader.message()) };
    else {
      if (field === 3) expected = 'noStream';
      if (field === 4) expected = 'any';
      if (field === 5) expected = 'streamExists';
      reader.skip();
    }
  }
  return { streamId, expected, deadline };
};

/** One message of the client stream of `Append`. */
export const readAppendMessage = (bytes: Buffer): AppendMessage => {
  const reader = new WireReader(bytes);
  let message: AppendMessage = { kind: 'nothing' };
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) message = { kind: 'options', target: readTarget(reader.message()) };
    else if (field === 2) message = { kind: 'event', event: readProposed(reader.message()) };
    else reader.skip();
  }
  return message;
};

/** One message of the client stream of `BatchAppend`. */
export const readBatchAppendMessage = (bytes: Buffer): BatchAppendMessage => {
  const reader = new WireReader(bytes);
  let correlationId: Buffer = Buffer.alloc(0);
  let options: BatchAppendMessage['options'] = null;
  let isFinal = false;
  const events: ProposedEvent[] = [];
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 1) correlationId = reader.bytes();
    else if (field === 2) options = readTarget(reader.message());
    else if (field === 3) events.push(readProposed(reader.message()));
    else if (field === 4) isFinal = reader.bool();
    else reader.skip();
  }
  return { correlationId, options, events, isFinal };
};

/** Why an append cannot be handed to the log. */
export type Unacceptable =
  { readonly code: 'InvalidArgument'; readonly message: string } | { readonly code: 'MetadataMissing' };

/** The event for the log: needs `type`, `content-type` and an id that is a UUID and not empty. */
export const encodedEvent = (proposed: ProposedEvent): E.Either<Unacceptable, EncodedEvent> => {
  if (proposed.type === null || proposed.contentType === null) return E.left({ code: 'MetadataMissing' });
  if (!isEventId(proposed.id))
    return E.left({
      code: 'InvalidArgument',
      message: `Event id '${proposed.id}' is not a UUID other than the empty one.`,
    });
  return E.right({
    id: proposed.id,
    type: proposed.type,
    isJson: proposed.contentType === 'application/json',
    data: proposed.data,
    metadata: proposed.metadata,
  });
};

/**
 * Bytes that an event counts against the maximum of one append: data and metadata. A server of 24.6 counts the
 * data alone; then one event with large metadata stops every reader, because clients take 17 MiB at most.
 */
export const sizeOf = ({ data, metadata }: Pick<EncodedEvent, 'data' | 'metadata'>): number =>
  data.length + metadata.length;

/** Stream and expectation of an append, or why not. */
export const appendTarget = ({
  streamId,
  expected,
}: AppendTarget): E.Either<Unacceptable, { readonly streamId: string; readonly expected: Expected }> => {
  if (streamId === '') return E.left({ code: 'InvalidArgument', message: 'The stream name is empty.' });
  if (expected === null)
    return E.left({ code: 'InvalidArgument', message: `The append to '${streamId}' names no expected revision.` });
  return E.right({ streamId, expected });
};
