import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import { StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb';
import { AppendReq, BatchAppendReq, type BatchAppendResp, ReadReq } from '@eventstore/db-client/generated/streams_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { Empty as GoogleEmpty } from 'google-protobuf/google/protobuf/empty_pb';
import { Timestamp } from 'google-protobuf/google/protobuf/timestamp_pb';
import { givenGateway, type TestGateway } from '../server/testing/given-gateway';

/** What no official client sends, but the protocol allows or forbids. */

const MAX_APPEND_SIZE = 1_000;

let gateway: TestGateway;
let client: StreamsClient;
beforeAll(async () => {
  gateway = await givenGateway({ maxAppendSize: MAX_APPEND_SIZE });
  client = new StreamsClient(`127.0.0.1:${gateway.port}`, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await gateway.stop();
});

const stream = (name: string): StreamIdentifier => new StreamIdentifier().setStreamName(Buffer.from(name));
const aStream = (): string => `parcel-${randomUUID()}`;
const failed = (error: unknown): ServiceError => error as ServiceError;

const lengthOf = async (streamId: string): Promise<number> => {
  const call = client.read(
    new ReadReq().setOptions(
      new ReadReq.Options()
        .setStream(new ReadReq.Options.StreamOptions().setStreamIdentifier(stream(streamId)).setStart(new Empty()))
        .setCount('100')
        .setNoFilter(new Empty())
        .setUuidOption(new ReadReq.Options.UUIDOption().setString(new Empty())),
    ),
  );
  let length = 0;
  call.on('data', (answer) => {
    if (answer.hasEvent()) length += 1;
  });
  await once(call, 'end');
  return length;
};

describe('BatchAppend on the wire', () => {
  const proposed = (size = 10): BatchAppendReq.ProposedMessage => {
    const message = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(randomUUID()));
    message.setData(Buffer.alloc(size)).getMetadataMap().set('type', 'OrderNoted').set('content-type', 'other');
    return message;
  };

  const optionsFor = (streamId: string): BatchAppendReq.Options =>
    new BatchAppendReq.Options().setStreamIdentifier(stream(streamId)).setAny(new GoogleEmpty());

  const message = (
    correlation: string,
    options: BatchAppendReq.Options | undefined,
    events: BatchAppendReq.ProposedMessage[],
    isFinal: boolean,
  ): BatchAppendReq =>
    new BatchAppendReq()
      .setCorrelationId(new UUID().setString(correlation))
      .setOptions(options)
      .setProposedMessagesList(events)
      .setIsFinal(isFinal);

  const answersTo = async (send: (write: (request: BatchAppendReq) => void) => Promise<void> | void) => {
    const call = client.batchAppend();
    const answers: BatchAppendResp[] = [];
    call.on('data', (answer: BatchAppendResp) => answers.push(answer));
    const ended = once(call, 'end');
    await send((request) => call.write(request));
    call.end();
    await ended;
    return answers.map((answer) => ({
      correlation: answer.getCorrelationId()?.getString(),
      stream: Buffer.from(answer.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString(),
      revision: answer.getSuccess()?.hasNoStream() === true ? 'no stream' : answer.getSuccess()?.getCurrentRevision(),
      error: answer.getError()?.getDetails()?.getTypeName(),
      code: answer.getError()?.getCode(),
    }));
  };

  it('an append whose last message does not come in time is answered with Timeout, and what follows is ignored', async () => {
    const streamId = aStream();
    const answers = await answersTo(async (write) => {
      const deadline = Timestamp.fromDate(new Date(Date.now() + 50));
      write(message('late', optionsFor(streamId).setDeadline(deadline), [proposed()], false));
      await after(150);
      write(message('late', undefined, [proposed()], true));
      write(message('next', optionsFor(streamId), [proposed()], true));
    });
    expect(answers).toEqual([
      expect.objectContaining({
        correlation: 'late',
        error: 'event_store.client.Timeout',
        code: status.DEADLINE_EXCEEDED,
      }),
      expect.objectContaining({ correlation: 'next', stream: streamId, revision: '0' }),
    ]);
  });

  it('an append that exceeds the size is answered at once and once only', async () => {
    const streamId = aStream();
    const answers = await answersTo((write) => {
      write(message('large', optionsFor(streamId), [proposed(600)], false));
      write(message('large', undefined, [proposed(600)], false));
      write(message('large', undefined, [proposed()], true));
    });
    expect(answers).toEqual([
      expect.objectContaining({
        correlation: 'large',
        stream: streamId,
        error: 'event_store.client.MaximumAppendSizeExceeded',
        code: status.INVALID_ARGUMENT,
      }),
    ]);
    expect(await lengthOf(streamId)).toBe(0);
  });

  it('appends sent without waiting go in by the order of their last messages', async () => {
    const streamId = aStream();
    const answers = await answersTo((write) => {
      write(message('second', optionsFor(streamId).setStreamPosition('0'), [proposed()], false));
      write(message('first', optionsFor(streamId).setNoStream(new GoogleEmpty()), [proposed()], true));
      write(message('second', undefined, [proposed()], true));
      write(message('third', optionsFor(streamId).setStreamPosition('2'), [proposed()], true));
    });
    expect(answers.map(({ correlation, revision }) => [correlation, revision])).toEqual([
      ['first', '0'],
      ['second', '2'],
      ['third', '3'],
    ]);
  });

  it('an event without type is a bad request, and the call goes on', async () => {
    const streamId = aStream();
    const untyped = new BatchAppendReq.ProposedMessage().setId(new UUID().setString(randomUUID()));
    const answers = await answersTo((write) => {
      write(message('bad', optionsFor(streamId), [untyped], true));
      write(message('good', optionsFor(streamId), [proposed()], true));
    });
    expect(answers).toEqual([
      expect.objectContaining({ correlation: 'bad', error: 'event_store.client.BadRequest' }),
      expect.objectContaining({ correlation: 'good', revision: '0' }),
    ]);
  });

  it('no events are no stream', async () => {
    const [answer] = await answersTo((write) => write(message('none', optionsFor(aStream()), [], true)));
    expect(answer).toMatchObject({ correlation: 'none', revision: 'no stream', error: undefined });
  });
});

describe('Append on the wire', () => {
  const outcome = (requests: ReadonlyArray<AppendReq>, deadline?: Date): Promise<ServiceError | null> =>
    new Promise((resolve) => {
      const call = client.append({ ...(deadline === undefined ? {} : { deadline }) }, (error) => resolve(error));
      for (const request of requests) call.write(request);
      call.end();
    });

  const options = (streamId: string): AppendReq =>
    new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(stream(streamId)).setAny(new Empty()));

  it('an event without type and content type names what is missing', async () => {
    const bare = new AppendReq.ProposedMessage().setId(new UUID().setString(randomUUID()));
    const error = await outcome([options(aStream()), new AppendReq().setProposedMessage(bare)]);
    expect(error?.code).toBe(status.INVALID_ARGUMENT);
    expect(error?.metadata.getMap()).toMatchObject({
      exception: 'missing-required-metadata-property',
      'required-metadata-properties': 'type,content-type',
    });
  });

  it.each<[string, ReadonlyArray<AppendReq>]>([
    ['no options', []],
    ['an empty stream name', [options('')]],
    [
      'no expected revision',
      [new AppendReq().setOptions(new AppendReq.Options().setStreamIdentifier(stream('parcel-1')))],
    ],
  ])('%s is an invalid argument', async (_, requests) => {
    expect((await outcome(requests))?.code).toBe(status.INVALID_ARGUMENT);
  });
});

describe('Read on the wire', () => {
  const text = (): ReadReq.Options.UUIDOption => new ReadReq.Options.UUIDOption().setString(new Empty());
  const ofStream = (): ReadReq.Options =>
    new ReadReq.Options()
      .setStream(new ReadReq.Options.StreamOptions().setStreamIdentifier(stream('parcel-1')).setStart(new Empty()))
      .setUuidOption(text());
  const ofAll = (): ReadReq.Options =>
    new ReadReq.Options().setAll(new ReadReq.Options.AllOptions().setStart(new Empty())).setUuidOption(text());
  const filter = (max: number, multiplier: number, regex = '^a'): ReadReq.Options.FilterOptions =>
    new ReadReq.Options.FilterOptions()
      .setEventType(new ReadReq.Options.FilterOptions.Expression().setRegex(regex))
      .setMax(max)
      .setCheckpointintervalmultiplier(multiplier);
  const subscription = (): ReadReq.Options.SubscriptionOptions => new ReadReq.Options.SubscriptionOptions();

  it.each<[string, () => ReadReq.Options]>([
    ['no UUID option', () => ofStream().setCount('1').setUuidOption(undefined)],
    ['neither count nor subscription', () => ofStream()],
    ['a filter on a stream', () => ofStream().setCount('1').setFilter(filter(32, 1))],
    [
      'a subscription backwards',
      () => ofAll().setSubscription(subscription()).setReadDirection(ReadReq.Options.ReadDirection.BACKWARDS),
    ],
    ['a search window of 0', () => ofAll().setSubscription(subscription()).setFilter(filter(0, 1))],
    ['a checkpoint interval of 0', () => ofAll().setSubscription(subscription()).setFilter(filter(32, 0))],
    [
      'a pattern that is none',
      () =>
        ofAll()
          .setCount('1')
          .setFilter(filter(32, 1, '(')),
    ],
    [
      'a commit position below its prepare position',
      () =>
        ofAll()
          .setCount('1')
          .setAll(
            new ReadReq.Options.AllOptions().setPosition(
              new ReadReq.Options.Position().setCommitPosition('1').setPreparePosition('2'),
            ),
          ),
    ],
    ['neither stream nor $all', () => new ReadReq.Options().setCount('1').setUuidOption(text())],
  ])('%s is an invalid argument', async (_, options) => {
    const call = client.read(new ReadReq().setOptions(options()));
    call.on('data', () => undefined);
    const [error] = await once(call, 'error').catch((thrown: unknown) => [thrown]);
    expect(failed(error).code).toBe(status.INVALID_ARGUMENT);
  });
});
