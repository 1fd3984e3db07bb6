import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { AppendRequest, EventStore, ExpectedRevision } from '../port';
import {
  appendTo,
  arbitraryEvent,
  AT,
  collect,
  expectLeft,
  expectRight,
  openStore,
  temporaryFolder,
} from '../testing/given-store';

const folder = temporaryFolder();
let store: EventStore;
let file: string;
beforeEach(() => {
  file = join(folder.path, `${randomUUID()}.db`);
  store = openStore(file);
});
afterEach(() => store.close());
afterAll(folder.remove);

const restart = async (): Promise<void> => {
  await store.close();
  store = openStore(file);
};
const logOf = (): Promise<ReadonlyArray<unknown>> => collect(store.readAll());

describe('an append', () => {
  it('is read back as it was written', async () => {
    const event = arbitraryEvent({ type: 'Ünïcode 😀', data: { text: 'a\u0000b"\\', list: [1, null] }, metadata: {} });
    const appended = expectRight(await store.append(appendTo('order-é/1', [event])));
    expect(appended).toEqual({
      streamId: 'order-é/1',
      events: [{ id: event.id, revision: 0, position: 1n }],
      duplicate: false,
    });
    expect(await logOf()).toEqual([{ ...event, streamId: 'order-é/1', revision: 0, position: 1n, recordedAt: AT }]);
    expect(await store.findById(event.id)).toMatchObject(event);
  });

  it.each<[ExpectedRevision, number, number | null | 'accepted']>([
    ['any', 0, 'accepted'],
    ['any', 2, 'accepted'],
    ['noStream', 0, 'accepted'],
    ['noStream', 2, 1],
    ['streamExists', 0, null],
    ['streamExists', 1, 'accepted'],
    [0, 0, null],
    [0, 1, 'accepted'],
    [0, 2, 1],
    [1, 2, 'accepted'],
    [5, 2, 1],
  ])('expecting %s of a stream of %i events finds %s', async (expected, events, outcome) => {
    for (let n = 0; n < events; n++) expectRight(await store.append(appendTo('order-1')));
    const answer = await store.append(appendTo('order-1', [arbitraryEvent()], expected));
    if (outcome === 'accepted') expect(expectRight(answer).events[0]?.revision).toBe(events);
    else
      expect(expectLeft(answer)).toEqual({
        code: 'WrongExpectedRevision',
        streamId: 'order-1',
        expected,
        actual: outcome,
      });
    expect(await store.head()).toBe(BigInt(outcome === 'accepted' ? events + 1 : events));
  });

  it('sees the revision after a restart', async () => {
    expectRight(await store.append(appendTo('order-1', [arbitraryEvent(), arbitraryEvent()])));
    await restart();
    expect(expectLeft(await store.append(appendTo('order-1', [arbitraryEvent()], 0)))).toMatchObject({ actual: 1 });
    expect(expectRight(await store.append(appendTo('order-1', [arbitraryEvent()], 1))).events[0]).toMatchObject({
      revision: 2,
      position: 3n,
    });
  });

  it('never lets recordedAt decrease, also when the clock goes back and after a restart', async () => {
    let now = AT;
    await store.close();
    store = openStore(file, { clock: () => now });
    await store.append(appendTo('order-1'));
    now = AT - 1_000;
    await store.append(appendTo('order-1'));
    await store.close();
    store = openStore(file, { clock: () => AT - 2_000 });
    await store.append(appendTo('order-1'));
    expect((await collect(store.readAll())).map(({ recordedAt }) => recordedAt)).toEqual([AT, AT, AT]);
  });

  it('that is invalid writes nothing', async () => {
    const answer = await store.append(appendTo('order-1', [arbitraryEvent(), arbitraryEvent({ id: 'no' })]));
    expect(expectLeft(answer)).toMatchObject({ code: 'InvalidEvent', path: '/events/1/id' });
    expect(await store.head()).toBe(0n);
  });
});

describe('the same ids again', () => {
  const request = appendTo(
    'order-1',
    [arbitraryEvent(), arbitraryEvent({ data: { a: 1, b: { c: 2, d: 3 } } })],
    'noStream',
  );
  const [first, second] = request.events as [AppendRequest['events'][0], AppendRequest['events'][0]];
  const original = {
    streamId: 'order-1',
    events: [
      { id: first.id, revision: 0, position: 2n },
      { id: second.id, revision: 1, position: 3n },
    ],
    duplicate: true,
  };
  beforeEach(async () => {
    expectRight(await store.append(appendTo('order-0')));
    expectRight(await store.append(request));
    expectRight(await store.append(appendTo('order-1')));
  });

  it.each<ExpectedRevision>(['any', 'noStream', 'streamExists', 0, 1, 2, 99])(
    'expecting %s answer with the original places, also after a restart',
    async (expectedRevision) => {
      expect(expectRight(await store.append({ ...request, expectedRevision }))).toEqual(original);
      await restart();
      expect(expectRight(await store.append({ ...request, expectedRevision }))).toEqual(original);
      expect(await store.head()).toBe(4n);
    },
  );

  it('are the same when only the order of keys differs', async () => {
    const turned = { ...second, data: { b: { d: 3, c: 2 }, a: 1 } };
    expect(expectRight(await store.append(appendTo('order-1', [first, turned])))).toEqual(original);
  });

  it('are answered one by one too', async () => {
    expect(expectRight(await store.append(appendTo('order-1', [second])))).toEqual({
      ...original,
      events: original.events.slice(1),
    });
  });

  it.each([
    ['other data', { ...second, data: { a: 2 } }],
    ['other metadata', { ...second, metadata: { source: 'elsewhere' } }],
    ['a known type', { ...second, type: 'OrderPlaced2' }],
  ])('with %s are a conflict that names the event and its place', async (_, changed) => {
    expect(expectLeft(await store.append(appendTo('order-1', [first, changed])))).toEqual({
      code: 'EventIdConflict',
      streamId: 'order-1',
      eventId: second.id,
      position: 3n,
    });
  });

  it.each([
    ['a new stream', 'order-9'],
    ['a known stream', 'order-0'],
  ])('in %s are a conflict', async (_, streamId) => {
    expect(expectLeft(await store.append(appendTo(streamId, [first])))).toMatchObject({
      code: 'EventIdConflict',
      streamId,
      eventId: first.id,
      position: 2n,
    });
  });

  it('beside a new event are a conflict, and the new event is not written', async () => {
    const fresh = arbitraryEvent();
    const answer = await store.append(appendTo('order-1', [fresh, second]));
    expect(expectLeft(answer)).toMatchObject({ code: 'EventIdConflict', eventId: second.id, position: 3n });
    expect(await store.findById(fresh.id)).toBeNull();
    expect(expectRight(await store.append(appendTo('order-1', [fresh], 2))).events[0]).toMatchObject({
      revision: 3,
      position: 5n,
    });
  });

  it('in the same commit are duplicates of each other', async () => {
    const twin = appendTo('order-7', [arbitraryEvent()], 'noStream');
    const [a, b] = await Promise.all([store.append(twin), store.append(twin)]);
    expect([expectRight(a).duplicate, expectRight(b).duplicate]).toEqual([false, true]);
    expect(expectRight(a).events).toEqual(expectRight(b).events);
  });
});

describe('appends in company', () => {
  it('are judged one by one: a refused one does not hurt its neighbours', async () => {
    const taken = arbitraryEvent();
    expectRight(await store.append(appendTo('order-0', [taken])));
    const answers = await store.appendMany([
      appendTo('order-1', [arbitraryEvent()], 'noStream'),
      appendTo('order-1', [arbitraryEvent()], 'noStream'),
      appendTo('order-1', [arbitraryEvent({ type: '' })]),
      appendTo('order-1', [arbitraryEvent(), { ...taken }]),
      appendTo('order-1', [arbitraryEvent()], 0),
    ]);
    expect(
      answers.map((answer) => (answer._tag === 'Left' ? answer.left.code : Number(answer.right.events[0]?.position))),
    ).toEqual([2, 'WrongExpectedRevision', 'InvalidEvent', 'EventIdConflict', 3]);
  });

  it('keep their order over several commits', async () => {
    const requests = Array.from({ length: 12_000 }, (_, n) =>
      appendTo(`order-${n % 7}`, [arbitraryEvent({ data: n })]),
    );
    const answers = await store.appendMany(requests);
    expect(answers.map((answer) => Number(expectRight(answer).events[0]?.position))).toEqual(
      requests.map((_, n) => n + 1),
    );
    expect((await collect(store.readAll())).map(({ data }) => data)).toEqual(requests.map((_, n) => n));
  });

  it('of sixty-four callers never share a place', async () => {
    await Promise.all(
      Array.from({ length: 64 }, async () => {
        for (let n = 0; n < 20; n++) expectRight(await store.append(appendTo('order-1')));
      }),
    );
    const events = await collect(store.readStream('order-1'));
    expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 1_280 }, (_, n) => n));
  });

  it('may be none', async () => {
    expect(await store.appendMany([])).toEqual([]);
  });
});

describe('a closed store', () => {
  it('has answered every append that was under way', async () => {
    const appends = Array.from({ length: 100 }, () => store.append(appendTo('order-1')));
    await store.close();
    for (const answer of await Promise.all(appends)) expectRight(answer);
    store = openStore(file);
    expect(await store.head()).toBe(100n);
  });

  it('answers StoreClosed and may be closed again', async () => {
    await store.close();
    await store.close();
    expect(expectLeft(await store.append(appendTo('order-1')))).toMatchObject({ code: 'StoreClosed' });
    expect(await store.appendMany([appendTo('order-1')])).toMatchObject([{ left: { code: 'StoreClosed' } }]);
    await expect(store.head()).rejects.toMatchObject({ name: 'StoreClosedError' });
    expect(() => store.readAll()).toThrow(expect.objectContaining({ name: 'StoreClosedError' }));
  });
});
