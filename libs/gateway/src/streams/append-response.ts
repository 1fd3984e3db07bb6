import { status } from '@grpc/grpc-js';
import { AppendResp } from '@eventstore/db-client/generated/streams_pb';
import {
  AccessDenied,
  BadRequest,
  Empty,
  MaximumAppendSizeExceeded,
  StreamDeleted,
  StreamIdentifier,
  Timeout,
  Unknown,
  WrongExpectedVersion,
} from '@eventstore/db-client/generated/shared_pb';
import { Empty as GoogleEmpty } from 'google-protobuf/google/protobuf/empty_pb';
import type { Expected, WireAppended, WireError } from '../log/wire-log';
import type { Unacceptable } from './append-request';
import { WireWriter } from './wire-writer';

/** Why an append of a batch failed; `DeadlinePassed`: its last message came too late. */
export type AppendFailure = WireError | Unacceptable | { readonly code: 'DeadlinePassed' };

type WrongVersion = Extract<WireError, { readonly code: 'WrongExpectedVersion' }>;

/** Answer of `Append` when the events are in the log. */
export const appendedResponse = ({ eventNumber, position }: WireAppended): AppendResp => {
  const success = new AppendResp.Success();
  if (eventNumber < 0n) success.setNoStream(new Empty());
  else success.setCurrentRevision(eventNumber.toString());
  if (position === null) success.setNoPosition(new Empty());
  else
    success.setPosition(
      new AppendResp.Position().setCommitPosition(position.toString()).setPreparePosition(position.toString()),
    );
  return new AppendResp().setSuccess(success);
};

/** `Append` says this in band, with status OK (`eventstoredb-protocol` 1.5). */
export const wrongVersionResponse = ({ expected, actual }: WrongVersion): AppendResp => {
  const wrong = new AppendResp.WrongExpectedVersion();
  if (actual === null) wrong.setCurrentNoStream(new Empty());
  else wrong.setCurrentRevision(actual.toString());
  if (expected === 'any') wrong.setExpectedAny(new Empty());
  else if (expected === 'noStream') wrong.setExpectedNoStream(new Empty());
  else if (expected === 'streamExists') wrong.setExpectedStreamExists(new Empty());
  else wrong.setExpectedRevision(expected.toString());
  return new AppendResp().setWrongExpectedVersion(wrong);
};

interface BatchAnswer {
  readonly correlationId: Uint8Array;
  readonly streamId: string;
  readonly expected: Expected | null;
}

const EXPECTED_FIELDS = { noStream: 6, any: 7, streamExists: 8 } as const;

/** Fields that every answer of a batch carries; `result` writes the outcome between them. */
const batchResponse = (answer: BatchAnswer, result: (writer: WireWriter) => void): Buffer => {
  const writer = new WireWriter(128 + answer.streamId.length);
  if (typeof answer.expected === 'bigint') writer.unsigned(5, answer.expected);
  else if (answer.expected !== null) writer.wrap(EXPECTED_FIELDS[answer.expected], writer.mark());
  const stream = writer.mark();
  writer.text(3, answer.streamId);
  writer.wrap(4, stream);
  result(writer);
  writer.bytes(1, answer.correlationId);
  return writer.finish();
};

/** `BatchAppendResp.success`. */
export const batchAppendedResponse = (answer: BatchAnswer, { eventNumber, position }: WireAppended): Buffer =>
  batchResponse(answer, (writer) => {
    const success = writer.mark();
    const where = writer.mark();
    if (position !== null) {
      writer.unsigned(2, position);
      writer.unsigned(1, position);
    }
    writer.wrap(position === null ? 4 : 3, where);
    if (eventNumber < 0n) writer.wrap(2, writer.mark());
    else writer.unsigned(1, eventNumber);
    writer.wrap(3, success);
  });

interface Detail {
  readonly code: status;
  readonly message: string;
  readonly name: string;
  readonly value: { serializeBinary(): Uint8Array };
}

const wrongVersionDetail = ({ streamId, expected, actual }: WrongVersion): Detail => {
  const value = new WrongExpectedVersion();
  if (actual === null) value.setCurrentNoStream(new GoogleEmpty());
  else value.setCurrentStreamRevision(actual.toString());
  if (expected === 'any') value.setExpectedAny(new GoogleEmpty());
  else if (expected === 'noStream') value.setExpectedNoStream(new GoogleEmpty());
  else if (expected === 'streamExists') value.setExpectedStreamExists(new GoogleEmpty());
  else value.setExpectedStreamPosition(expected.toString());
  const message = `Append failed due to WrongExpectedVersion. Stream: ${streamId}`;
  return { code: status.ALREADY_EXISTS, message, name: 'WrongExpectedVersion', value };
};

const badRequest = (message: string): Detail => ({
  code: status.INVALID_ARGUMENT,
  message,
  name: 'BadRequest',
  value: new BadRequest().setMessage(message),
});

const detailOf = (failure: AppendFailure): Detail => {
  switch (failure.code) {
    case 'WrongExpectedVersion':
      return wrongVersionDetail(failure);
    case 'StreamDeleted':
      return {
        code: status.NOT_FOUND,
        message: `Event stream '${failure.streamId}' is deleted.`,
        name: 'StreamDeleted',
        value: new StreamDeleted().setStreamIdentifier(
          new StreamIdentifier().setStreamName(Buffer.from(failure.streamId)),
        ),
      };
    case 'AccessDenied':
      return {
        code: status.PERMISSION_DENIED,
        message: failure.message,
        name: 'AccessDenied',
        value: new AccessDenied(),
      };
    case 'DeadlinePassed':
      return { code: status.DEADLINE_EXCEEDED, message: 'Timeout', name: 'Timeout', value: new Timeout() };
    case 'MaximumAppendSizeExceeded':
      return {
        code: status.INVALID_ARGUMENT,
        message: `Maximum Append Size of ${failure.maximum} Exceeded.`,
        name: 'MaximumAppendSizeExceeded',
        value: new MaximumAppendSizeExceeded().setMaxappendsize(failure.maximum),
      };
    case 'InvalidArgument':
      return badRequest(failure.message);
    case 'MetadataMissing':
      return badRequest('Required metadata properties type and content-type are missing.');
    case 'StreamNotFound':
      return {
        code: status.NOT_FOUND,
        message: `Event stream '${failure.streamId}' is not found.`,
        name: 'Unknown',
        value: new Unknown(),
      };
    case 'Unavailable':
      return { code: status.UNAVAILABLE, message: failure.message, name: 'Unknown', value: new Unknown() };
  }
};

/** `BatchAppendResp.error`: a `google.rpc.Status` with one `Any` as details. */
export const batchFailedResponse = (answer: BatchAnswer, failure: AppendFailure): Buffer => {
  const detail = detailOf(failure);
  return batchResponse(answer, (writer) => {
    const error = writer.mark();
    writer.bytes(2, detail.value.serializeBinary());
    writer.text(1, `type.googleapis.com/event_store.client.${detail.name}`);
    writer.wrap(3, error);
    writer.text(2, detail.message);
    writer.unsigned(1, detail.code);
    writer.wrap(2, error);
  });
};
