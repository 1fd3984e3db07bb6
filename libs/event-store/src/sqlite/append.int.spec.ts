import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { EventStore } from '../port';
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

// What every store promises is proved by the conformance suite; here is what this one adds to it.
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

  it('sees the revision after a restart', async () => {
    expectRight(await store.append(appendTo('order-1', [arbitraryEvent(), arbitraryEvent()])));
    await restart();
    expect(expectLeft(await store.append(appendTo('order-1', [arbitraryEvent()], 0)))).toMatchObject({ actual: 1 });
    expect(expectRight(await store.append(appendTo('order-1', [arbitraryEvent()], 1))).events[0]).toMatchObject({
      revision: 2,
      position: 3n,
    });
  });

  // An append of ours, which knows nothing of deletions, became the last event and brought the stream back.
  it('to a stream that was deleted for ever is refused, and a repeat of what it holds is answered', async () => {
    const before = appendTo('order-1');
    const position = expectRight(await store.append(before)).events[0]?.position;
    expectRight(await store.append(appendTo('order-1', [arbitraryEvent({ type: '$streamDeleted' })])));
    for (let times = 0; times < 2; times++) {
      expect(expectLeft(await store.append(appendTo('order-1')))).toMatchObject({
        code: 'StreamDeleted',
        streamId: 'order-1',
      });
      expect(expectRight(await store.append(before))).toMatchObject({ duplicate: true, events: [{ position }] });
      await restart();
    }
    expectRight(await store.append(appendTo('order-2')));
    expect(await logOf()).toHaveLength(3);
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
});

describe('appends in company', () => {
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
});
