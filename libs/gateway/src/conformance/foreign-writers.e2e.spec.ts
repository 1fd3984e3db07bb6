import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, binaryEvent, jsonEvent } from '@eventstore/db-client';
import { type EventStore, type NewEvent, openEventStoreDb, type StoredEvent } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { AUTHORITY_FILE, givenGateway, TEST_TLS, type TestGateway } from '../server/testing/given-gateway';

let gateway: TestGateway;
let store: EventStore;
let client: EventStoreDBClient;

const connect = async (): Promise<EventStore> => {
  const opened = await openEventStoreDb({ url: gateway.url });
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  return opened.right;
};

beforeAll(async () => {
  gateway = await givenGateway();
  store = await connect();
  client = EventStoreDBClient.connectionString(gateway.url);
});
afterAll(async () => {
  await store.close();
  await client.dispose();
  await gateway.stop();
});

const event = (given: Partial<NewEvent> = {}): NewEvent => ({
  id: randomUUID(),
  type: 'ForeignEvent',
  data: { n: 1 },
  metadata: {},
  ...given,
});
const collect = async (pages: AsyncIterable<ReadonlyArray<StoredEvent>>): Promise<ReadonlyArray<StoredEvent>> => {
  const all: StoredEvent[] = [];
  for await (const page of pages) all.push(...page);
  return all;
};
const append = (streamId: string, events: ReadonlyArray<NewEvent>, expectedRevision: 'any' | number = 'any') =>
  store.append({ streamId, events, expectedRevision });

describe('what others write', () => {
  it('is read like what the port writes, and its repeats are recognised', async () => {
    const streamId = `foreign-${randomUUID()}`;
    const written = event({ data: { text: 'é' }, metadata: { by: 'another' } });
    await client.appendToStream(streamId, jsonEvent({ ...written, data: { text: 'é' } }));
    expect(await collect(store.readStream(streamId))).toMatchObject([{ ...written, revision: 0 }]);
    expect(await append(streamId, [written])).toMatchObject({ right: { duplicate: true, events: [{ revision: 0 }] } });
    expect(await append(streamId, [{ ...written, data: {} }])).toMatchObject({ left: { code: 'EventIdConflict' } });
  });

  it('that is no JSON shows its bytes in base64, and metadata that says so', async () => {
    const streamId = `foreign-${randomUUID()}`;
    const data = Buffer.from([0, 255, 128, 10]);
    await client.appendToStream(streamId, binaryEvent({ type: 'Bytes', data, metadata: Buffer.from([1, 2]) }));
    const [found] = await collect(store.readStream(streamId));
    expect(found).toMatchObject({
      type: 'Bytes',
      data: data.toString('base64'),
      metadata: { $wire: { contentType: 'application/octet-stream' } },
    });
    expect(await store.findById(found?.id ?? '')).toEqual(found);
  });

  it('for the server (metadata, links) is never seen, moves no head, and holds no subscriber back', async () => {
    const prefix = `foreign-${randomUUID()}`;
    const after = await store.head();
    const first = event();
    await append(`${prefix}/a`, [first]);
    const head = await store.head();
    await client.setStreamMetadata(`${prefix}/other`, { custom: 1 });
    await client.appendToStream(`${prefix}/links`, binaryEvent({ type: '$>', data: Buffer.from(`0@${prefix}/a`) }));
    expect(await store.head()).toBe(head);
    expect((await collect(store.readAll({ after }))).map(({ id }) => id)).toEqual([first.id]);
    expect(await collect(store.readStream(`$$${prefix}/other`))).toEqual([]);
    expect(await collect(store.readStream(`${prefix}/links`))).toEqual([]);
    const seen: string[] = [];
    for await (const message of store.subscribe({ after })) {
      if (message.kind === 'events') seen.push(...message.events.map(({ id }) => id));
      else if (seen.length === 1) await append(`${prefix}/a`, [event({ type: 'Second' })]);
      else break;
    }
    expect(seen.length).toBe(2);
  });

  it('may not be written through the port: names that begin with $ are the server’s', async () => {
    const streamId = `foreign-${randomUUID()}`;
    expect(await append('$settings', [event()])).toMatchObject({ left: { code: 'InvalidEvent', path: '/streamId' } });
    expect(await append(streamId, [event(), event({ type: '$>' })])).toMatchObject({
      left: { code: 'InvalidEvent', path: '/events/1/type' },
    });
  });

  it('a stream that they have deleted for ever takes nothing more, remembered or not, and says so', async () => {
    const [streamId, unknown] = [`foreign-${randomUUID()}`, `foreign-${randomUUID()}`];
    await append(streamId, [event()]);
    for (const each of [streamId, unknown]) {
      await client.tombstoneStream(each);
      expect(await append(each, [event()])).toMatchObject({ left: { code: 'StreamDeleted', streamId: each } });
    }
  });

  it('into the same stream at the same time costs nobody an event', async () => {
    const streamId = `foreign-${randomUUID()}`;
    const other = await connect();
    try {
      const mine = Array.from({ length: 60 }, (_, n) => event({ data: { n } }));
      const theirs = Array.from({ length: 60 }, (_, n) => event({ data: { n } }));
      const foreign = Array.from({ length: 30 }, (_, n) => event({ data: { n } }));
      const [answers, others] = await Promise.all([
        Promise.all(mine.map((each) => append(streamId, [each]))),
        Promise.all(theirs.map((each) => other.append({ streamId, expectedRevision: 'any', events: [each] }))),
        Promise.all(foreign.map((each) => client.appendToStream(streamId, jsonEvent({ ...each, data: { n: 0 } })))),
      ]);
      expect([...answers, ...others].filter(E.isLeft)).toEqual([]);
      const stream = await collect(store.readStream(streamId));
      expect(stream.map(({ revision }) => revision)).toEqual(Array.from({ length: 150 }, (_, n) => n));
      expect(stream.map(({ id }) => id).toSorted()).toEqual(
        [...mine, ...theirs, ...foreign].map(({ id }) => id).toSorted(),
      );
      for (const answer of answers)
        if (E.isRight(answer))
          for (const { id, revision, position } of answer.right.events)
            expect(stream[revision]).toMatchObject({ id, position });
    } finally {
      await other.close();
    }
  });
});

describe('what the server refuses', () => {
  it('because an id lies in another stream is a conflict that names its place', async () => {
    const prefix = `refused-${randomUUID()}`;
    const taken = event();
    const written = await append(`${prefix}/a`, [taken]);
    expect(await append(`${prefix}/b`, [event(), taken])).toMatchObject({
      left: {
        code: 'EventIdConflict',
        eventId: taken.id,
        position: E.isRight(written) ? written.right.events[0]?.position : null,
      },
    });
    expect(await collect(store.readStream(`${prefix}/b`))).toEqual([]);
  });

  it('because it is too large names the bound, and its neighbours are written', async () => {
    const streamId = `refused-${randomUUID()}`;
    const large = event({ data: 'x'.repeat(1_100_000) });
    const answers = await store.appendMany(
      [event(), large, event()].map((each) => ({ streamId, expectedRevision: 'any' as const, events: [each] })),
    );
    expect(answers).toMatchObject([
      { right: { events: [{ revision: 0 }] } },
      { left: { code: 'InvalidEvent', path: '/events', message: expect.stringContaining('1048576') } },
      { right: { events: [{ revision: 1 }] } },
    ]);
  });

  it('because it says that it is a fact and is none says why, and its neighbours are written', async () => {
    const streamId = `refused-${randomUUID()}`;
    const answers = await store.appendMany(
      [event(), event({ type: 'OrderPlaced' }), event()].map((each) => ({
        streamId,
        expectedRevision: 'any' as const,
        events: [each],
      })),
    );
    expect(answers.map(({ _tag }) => _tag)).toEqual(['Right', 'Left', 'Right']);
    expect(answers[1]).toMatchObject({ left: { code: 'InvalidEvent' } });
  });
});

describe('opening', () => {
  it.each([
    ['esdb://127.0.0.1:1?tls=false', 'CannotOpen', '127.0.0.1:1'],
    ['esdb://user:secret@127.0.0.1:1?tls=false', 'CannotOpen', 'esdb://127.0.0.1:1'],
    ['esdb://', 'InvalidStoreUrl', 'connection string'],
    ['http://127.0.0.1', 'InvalidStoreUrl', 'connection string'],
  ])('%s fails with %s', async (url, code, named) => {
    const opened = await openEventStoreDb({ url, timings: { giveUpMs: 300 } });
    expect(opened).toMatchObject({ left: { code, message: expect.stringContaining(named) } });
    expect(JSON.stringify(opened)).not.toContain('secret');
  });

  it.each([
    ['the right password', 'writer:correct@', 'Right'],
    ['a wrong password', 'writer:wrong@', 'Left'],
  ])('over TLS with %s', async (_, user, outcome) => {
    const users = [{ name: 'writer', password: 'correct', roles: ['$admins'] }];
    const secured = await givenGateway({ tls: TEST_TLS, users });
    try {
      const url = `esdb://${user}localhost:${secured.port}?tls=true&tlsCAFile=${encodeURIComponent(AUTHORITY_FILE)}`;
      const opened = await openEventStoreDb({ url, timings: { giveUpMs: 2_000 } });
      expect(opened._tag).toBe(outcome);
      if (E.isLeft(opened)) return;
      const streamId = `secured-${randomUUID()}`;
      const written = event();
      const answer = await opened.right.append({ streamId, expectedRevision: 'noStream', events: [written] });
      expect(answer).toMatchObject({ right: { duplicate: false } });
      expect(await opened.right.findById(written.id)).toMatchObject({ streamId });
      await opened.right.close();
    } finally {
      await secured.stop();
    }
  });
});
