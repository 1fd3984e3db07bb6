import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { PersistentSubscriptionsClient } from '@eventstore/db-client/generated/persistent_grpc_pb';
import {
  CreateReq,
  DeleteReq,
  GetInfoReq,
  ListReq,
  ReadReq,
  ReplayParkedReq,
  UpdateReq,
  type ReadResp,
  type SubscriptionInfo,
} from '@eventstore/db-client/generated/persistent_pb';
import { Empty, StreamIdentifier, UUID } from '@eventstore/db-client/generated/shared_pb';
import { appendNumbered, right } from '../testing/given-groups';
import { eventually } from '../testing/official-clients';
import { serve, temporaryFolder, type Served } from '../testing/served-store';

/** What the official clients of this repository do not send: newer fields, structured ids, wrong requests. */

const OPERATOR = { name: 'olga', password: 'o', roles: ['$ops'] };
const USER = { name: 'ulf', password: 'u', roles: [] };
const folder = temporaryFolder();
let served: Served;
let client: PersistentSubscriptionsClient;
beforeAll(async () => {
  served = await serve(folder.file, 50, [OPERATOR, USER]);
  client = new PersistentSubscriptionsClient(served.address, credentials.createInsecure());
});
afterAll(async () => {
  client.close();
  await served.stop();
  folder.remove();
});

const as = ({ name, password }: { readonly name: string; readonly password: string }): Metadata => {
  const metadata = new Metadata();
  metadata.set('authorization', `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`);
  return metadata;
};
const NOBODY = new Metadata();
const operator = as(OPERATOR);
const user = as(USER);

const asked = <A>(call: (reply: (error: ServiceError | null, response: A) => void) => unknown): Promise<A> =>
  new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });

const stream = (name: string): StreamIdentifier => new StreamIdentifier().setStreamName(Buffer.from(name));
const settings = (): CreateReq.Settings =>
  new CreateReq.Settings()
    .setReadBatchSize(20)
    .setHistoryBufferSize(500)
    .setLiveBufferSize(500)
    .setMaxRetryCount(10)
    .setConsumerStrategy('PinnedByCorrelation')
    .setMessageTimeoutTicks('12340000')
    .setCheckpointAfterTicks('56780000');

const create = (
  options: CreateReq.StreamOptions,
  group: string,
  chosen = settings(),
  metadata = operator,
): Promise<unknown> => {
  const request = new CreateReq().setOptions(
    new CreateReq.Options().setStream(options).setGroupName(group).setSettings(chosen),
  );
  return asked((reply) => client.create(request, metadata, reply));
};
const info = async (streamId: string, group: string): Promise<SubscriptionInfo> => {
  const request = new GetInfoReq().setOptions(
    new GetInfoReq.Options().setStreamIdentifier(stream(streamId)).setGroupName(group),
  );
  const found = (
    await asked<{ getSubscriptionInfo: () => SubscriptionInfo | undefined }>((reply) =>
      client.getInfo(request, user, reply),
    )
  ).getSubscriptionInfo();
  if (found === undefined) throw new Error('There is no information.');
  return found;
};

/** Reads as a consumer: options first, then whatever `onEvent` answers. */
const read = (
  options: ReadReq.Options | null,
  metadata: Metadata,
  onEvent: (event: ReadResp) => ReadReq | null = () => null,
) => {
  const call = client.read(metadata);
  const events: ReadResp[] = [];
  const failed = new Promise<ServiceError>((resolve) => call.on('error', resolve));
  call.on('data', (response: ReadResp) => {
    if (!response.hasEvent()) return;
    events.push(response);
    const answer = onEvent(response);
    if (answer !== null) call.write(answer);
  });
  call.write(options === null ? new ReadReq().setAck(new ReadReq.Ack()) : new ReadReq().setOptions(options));
  return { call, events, failed };
};
const readOptions = (streamId: string, group: string): ReadReq.Options =>
  new ReadReq.Options()
    .setStreamIdentifier(stream(streamId))
    .setGroupName(group)
    .setBufferSize(10)
    .setUuidOption(new ReadReq.Options.UUIDOption().setStructured(new Empty()));

describe('the newer fields', () => {
  it.each([
    ['start', (options: CreateReq.StreamOptions) => options.setStart(new Empty()), '0'],
    ['end', (options: CreateReq.StreamOptions) => options.setEnd(new Empty()), '-1'],
    ['revision', (options: CreateReq.StreamOptions) => options.setRevision('12'), '12'],
  ])('a stream is named with its start: %s', async (name, from, expected) => {
    await create(from(new CreateReq.StreamOptions().setStreamIdentifier(stream('newer'))), name);
    const found = await info('newer', name);
    expect(found.getStartFrom()).toBe(expected);
    expect(found.getNamedConsumerStrategy()).toBe('PinnedByCorrelation');
    expect(found.getMessageTimeoutMilliseconds()).toBe(1_234);
    expect(found.getCheckPointAfterMilliseconds()).toBe(5_678);
  });

  it('an unknown strategy is refused', async () => {
    const options = new CreateReq.StreamOptions().setStreamIdentifier(stream('newer'));
    await expect(create(options, 'strange', settings().setConsumerStrategy('Whim'))).rejects.toThrow(
      /Whim.*RoundRobin/,
    );
  });

  it('an update names the stream the newer way', async () => {
    const options = new CreateReq.StreamOptions().setStreamIdentifier(stream('newer-update')).setStart(new Empty());
    await create(options, 'g');
    const request = new UpdateReq().setOptions(
      new UpdateReq.Options()
        .setStream(new UpdateReq.StreamOptions().setStreamIdentifier(stream('newer-update')).setRevision('5'))
        .setGroupName('g')
        .setSettings(new UpdateReq.Settings().setReadBatchSize(1).setHistoryBufferSize(2).setMessageTimeoutMs(7)),
    );
    await asked((reply) => client.update(request, operator, reply));
    const found = await info('newer-update', 'g');
    expect(found.getStartFrom()).toBe('5');
    expect(found.getMessageTimeoutMilliseconds()).toBe(7);
    expect(found.getNamedConsumerStrategy()).toBe('DispatchToSingle');
  });
});

describe('ids as two halves', () => {
  it('are sent and understood', async () => {
    await appendNumbered(served.log, 'structured', 3);
    const options = new CreateReq.StreamOptions().setStreamIdentifier(stream('structured')).setStart(new Empty());
    await create(options, 'g', settings().setMaxCheckpointCount(1));
    const { call, events } = read(readOptions('structured', 'g'), user, (response) => {
      const id = response.getEvent()?.getEvent()?.getId() ?? new UUID();
      expect(id.hasStructured()).toBe(true);
      return new ReadReq().setAck(new ReadReq.Ack().setIdsList([id]));
    });
    await eventually(async () => (await info('structured', 'g')).getLastCheckpointedEventPosition() === '2');
    expect(events).toHaveLength(3);
    call.cancel();
  });

  it('a refusal without an action counts as a retry', async () => {
    await appendNumbered(served.log, 'unknown-action', 1);
    const options = new CreateReq.StreamOptions().setStreamIdentifier(stream('unknown-action')).setStart(new Empty());
    await create(options, 'g');
    const { call, events } = read(readOptions('unknown-action', 'g'), user, (response) => {
      const id = response.getEvent()?.getEvent()?.getId() ?? new UUID();
      if (response.getEvent()?.getRetryCount() !== 0) return null;
      return new ReadReq().setNack(new ReadReq.Nack().setIdsList([id]).setReason('who knows'));
    });
    await eventually(() => events.length === 2);
    expect(events.map((event) => event.getEvent()?.getRetryCount())).toEqual([0, 1]);
    call.end();
    await eventually(async () => (await info('unknown-action', 'g')).getConnectionsList().length === 0);
  });
});

describe('wrong requests', () => {
  const named = (): ReadReq.Options => readOptions('newer', 'start');
  it.each([
    ['no uuid_option', () => named().setUuidOption(undefined), /uuid_option/],
    ['a buffer of nothing', () => named().setBufferSize(0), /buffer_size/],
    ['an answer before the options', () => null, /options/],
  ])('%s is INVALID_ARGUMENT', async (_, options, message) => {
    const failed = await read(options(), user).failed;
    expect(failed.code).toBe(3);
    expect(failed.details).toMatch(message);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['create', () => asked((reply) => client.create(new CreateReq(), operator, reply))],
    ['update', () => asked((reply) => client.update(new UpdateReq(), operator, reply))],
    ['delete', () => asked((reply) => client.delete(new DeleteReq(), operator, reply))],
    ['getInfo', () => asked((reply) => client.getInfo(new GetInfoReq(), operator, reply))],
    ['list', () => asked((reply) => client.list(new ListReq(), operator, reply))],
    ['replayParked', () => asked((reply) => client.replayParked(new ReplayParkedReq(), operator, reply))],
  ])('%s without options is INVALID_ARGUMENT', async (_, call) => {
    await expect(call()).rejects.toMatchObject({ code: 3 });
  });
});

describe('who may do what', () => {
  const target = (): CreateReq.StreamOptions =>
    new CreateReq.StreamOptions().setStreamIdentifier(stream('guarded')).setStart(new Empty());

  it('a user may not create and a stranger not even look', async () => {
    const denied = { code: 7, details: 'Access Denied' };
    await expect(create(target(), 'g', settings(), user)).rejects.toMatchObject(denied);
    await expect(create(target(), 'g', settings(), NOBODY)).rejects.toMatchObject(denied);
    const list = new ListReq().setOptions(new ListReq.Options().setListAllSubscriptions(new Empty()));
    await expect(asked((reply) => client.list(list, NOBODY, reply))).rejects.toMatchObject(denied);
    await expect(asked((reply) => client.restartSubsystem(new Empty(), user, reply))).rejects.toMatchObject(denied);
  });

  it('consuming needs the right to read the stream', async () => {
    await create(target(), 'g');
    const acl = Buffer.from('{"$acl":{"$r":["$ops"]}}');
    const event = { id: crypto.randomUUID(), type: '$metadata', isJson: true, data: acl, metadata: new Uint8Array() };
    right(await served.log.append({ streamId: '$$guarded', expected: 'any', events: [event] }));
    const failed = await read(readOptions('guarded', 'g'), user).failed;
    expect(failed.code).toBe(7);
    expect(failed.metadata.get('exception')).toEqual(['access-denied']);
    const { call } = read(readOptions('guarded', 'g'), operator);
    await eventually(async () => (await info('guarded', 'g')).getConnectionsList().length === 1);
    expect((await info('guarded', 'g')).getConnectionsList()[0]?.getUsername()).toBe('olga');
    call.cancel();
  });

  const told = async (streamId: string, type: string, data: string): Promise<void> => {
    const event = { id: crypto.randomUUID(), type, isJson: true, data: Buffer.from(data), metadata: new Uint8Array() };
    right(await served.log.append({ streamId, expected: 'any', events: [event] }));
  };
  const openTo = (streamId: string, role: string): Promise<void> =>
    told(`$$${streamId}`, '$metadata', `{"$acl":{"$r":["${role}"]}}`);

  it('a link does not open a stream to a consumer that may not read it', async () => {
    await told('vault', 'Secret', '{"pin":1234}');
    await openTo('vault', '$ops');
    await told('inbox', '$>', '0@vault');
    const options = new CreateReq.StreamOptions().setStreamIdentifier(stream('inbox')).setStart(new Empty());
    await create(options, 'g', settings().setResolveLinks(true));
    for (const [who, opened] of [
      [user, false],
      [operator, true],
    ] as const) {
      const { call, events } = read(readOptions('inbox', 'g'), who);
      await eventually(() => events.length === 1);
      expect([events[0]?.getEvent()?.hasLink(), events[0]?.getEvent()?.hasEvent()]).toEqual([true, opened]);
      call.cancel();
    }
  });

  it('a right that is taken away ends the consumer at the next event', async () => {
    await told('open', 'Noted', '{"n":1}');
    const options = new CreateReq.StreamOptions().setStreamIdentifier(stream('open')).setStart(new Empty());
    await create(options, 'g');
    const { events, failed } = read(readOptions('open', 'g'), user);
    await eventually(() => events.length === 1);
    await openTo('open', '$ops');
    await told('open', 'Noted', '{"n":2}');
    expect(await failed).toMatchObject({ code: 7 });
    expect(events).toHaveLength(1);
    const { call, events: others } = read(readOptions('open', 'g'), operator);
    await eventually(() => others.length === 2);
    call.cancel();
  });
});
