import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import type { Decision, EncodedEvent, EncodedLog, EncodedRecord, LogState } from '../encoded-log';
import {
  appendTo,
  arbitraryEvent,
  collect,
  expectLeft,
  expectRight,
  openStore,
  temporaryFolder,
} from '../testing/given-store';
import { verifySqliteEventStore } from './verify-sqlite-event-store';

const folder = temporaryFolder();
const file = join(folder.path, 'log.db');
let store = openStore(file);
afterAll(async () => {
  await store.close();
  folder.remove();
});

const encodedEvent = (given: Partial<EncodedEvent> = {}): EncodedEvent => ({
  id: randomUUID(),
  type: 'Noted',
  isJson: true,
  data: Buffer.from('{"note":1}'),
  metadata: Buffer.from('{}'),
  ...given,
});

const decided = <A>(decision: Decision<A>): E.Either<never, Decision<A>> => E.right(decision);

const appendEncoded = (log: EncodedLog, streamId: string, events: ReadonlyArray<EncodedEvent>) =>
  log.append((state) =>
    decided({
      appends: [{ streamId, events }],
      answer: (places) => ({ places, before: state.lastRevision(streamId) }),
    }),
  );

const bytesOf = ({ isJson, data, metadata }: EncodedEvent) => ({
  isJson,
  data: Buffer.from(data).toString('hex'),
  metadata: Buffer.from(metadata).toString('hex'),
});

const roundTrip = async (event: EncodedEvent): Promise<EncodedRecord> => {
  const streamId = `bytes-${randomUUID()}`;
  expectRight(await appendEncoded(store.encoded, streamId, [event]));
  const [record] = store.encoded.stream(streamId, 'forwards', 0, 0, 1);
  if (record === undefined) throw new Error('The event is not there.');
  return record;
};

const json = fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text));
const bytes = fc.uint8Array({ maxLength: 60 });
const awkward = fc.constantFrom(
  ...[
    '',
    ' {"a" : 1}\n',
    '{"$wire":{}}',
    '{"$wire":{"contentType":"application/json","metadata":""}}',
    '{"a":1,"$wire":2}',
    '{"\\u0024wire":{}}',
    '\u{feff}{}',
    '{"a":9223372036854775807}',
    '{"a":1,"a":2}',
    '"\\ud800"',
    '{"a":"\\u0000"}',
    'null',
    '[]',
    '{',
    '{"é":"😀"}',
    '{}{}',
  ].map((text) => Buffer.from(text)),
);

describe('the bytes of an event', () => {
  it('come back as they were written, and the port sees JSON, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.oneof(json, bytes, awkward),
        fc.oneof(json, bytes, awkward),
        async (isJson, data, metadata) => {
          const event = encodedEvent({ isJson, data, metadata });
          const record = await roundTrip(event);
          expect(bytesOf(record)).toEqual(bytesOf(event));
          const stored = await store.findById(event.id);
          expect(stored).toMatchObject({ id: event.id, metadata: expect.any(Object) });
          expect(Array.isArray(stored?.metadata)).toBe(false);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('survive a restart and pass the check of the whole file', async () => {
    const event = encodedEvent({ isJson: false, data: Buffer.from([0, 255, 128]), metadata: Buffer.from([]) });
    await appendEncoded(store.encoded, 'restart', [event, encodedEvent()]);
    await store.close();
    expect(E.isRight(verifySqliteEventStore(file))).toBe(true);
    store = openStore(file);
    const [record] = store.encoded.stream('restart', 'forwards', 0, 9, 9);
    expect(record && bytesOf(record)).toEqual(bytesOf(event));
  });

  it('are the JSON of the port for an event that the port wrote', async () => {
    const event = arbitraryEvent({ data: { text: 'é😀' }, metadata: { $wire: { contentType: 'x' }, b: 1 } });
    expectRight(await store.append(appendTo('port-1', [event])));
    const [record] = store.encoded.stream('port-1', 'forwards', 0, 0, 1);
    expect(record?.isJson).toBe(true);
    expect(JSON.parse(Buffer.from(record?.data ?? []).toString())).toEqual(event.data);
    expect(JSON.parse(Buffer.from(record?.metadata ?? []).toString())).toEqual(event.metadata);
    expect((await store.findById(event.id))?.metadata).toEqual(event.metadata);
    expect(expectRight(await store.append(appendTo('port-1', [event]))).duplicate).toBe(true);
  });

  it('of a JSON event with object metadata lie in the file verbatim, so that the port reads them', async () => {
    const event = encodedEvent({ data: Buffer.from('{"a" : [1,2]}'), metadata: Buffer.from('{ "b":true}') });
    await roundTrip(event);
    expect(await store.findById(event.id)).toMatchObject({ data: { a: [1, 2] }, metadata: { b: true } });
  });
});

describe('a decision', () => {
  it('sees the appends before it in the same commit, of both doors', async () => {
    const streamId = randomUUID();
    const seen: number[] = [];
    const look = () =>
      store.encoded.append((state) => {
        seen.push(state.lastRevision(streamId));
        return E.right({ appends: [{ streamId, events: [encodedEvent()] }], answer: () => null });
      });
    await Promise.all([look(), store.append(appendTo(streamId)), look(), look()]);
    expect(seen).toEqual([-1, 1, 2]);
    expect((await collect(store.readStream(streamId))).map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
  });

  it('reads uncommitted events, their ids and the head', async () => {
    const streamId = randomUUID();
    const event = encodedEvent();
    let found: unknown;
    const before = await store.head();
    await Promise.all([
      appendEncoded(store.encoded, streamId, [event]),
      store.encoded.append((state: LogState) => {
        found = [state.head(), state.at(streamId, 0)?.type, state.findById(event.id)?.streamId];
        return E.left('enough');
      }),
    ]);
    expect(found).toEqual([before + 1n, 'Noted', streamId]);
  });

  it('appends to several streams or to none', async () => {
    const [a, b, c] = [randomUUID(), randomUUID(), randomUUID()];
    const taken = encodedEvent();
    expectRight(await appendEncoded(store.encoded, c, [taken]));
    const head = await store.head();
    const append = (last: EncodedEvent) =>
      store.encoded.append(() =>
        decided({
          appends: [
            { streamId: a, events: [encodedEvent(), encodedEvent()] },
            { streamId: b, events: [encodedEvent()] },
            { streamId: a, events: [last] },
          ],
          answer: (places) => places.map(({ streamId, revision, position }) => [streamId, revision, position - head]),
        }),
      );
    const [refused, neighbour] = await Promise.all([
      append({ ...encodedEvent(), id: taken.id }),
      append(encodedEvent()),
    ]);
    expect(expectLeft(refused)).toMatchObject({
      code: 'EventIdTaken',
      eventId: taken.id,
      place: { streamId: c, revision: 0, position: head },
    });
    expect(expectRight(neighbour)).toEqual([
      [a, 0, 1n],
      [a, 1, 2n],
      [b, 0, 3n],
      [a, 2, 4n],
    ]);
  });

  it('that throws is rejected, and its neighbours in the commit are appended', async () => {
    const streamId = randomUUID();
    const [before, thrown, after] = await Promise.allSettled([
      store.append(appendTo(streamId)),
      store.encoded.append(() => {
        throw new Error('a mistake');
      }),
      appendEncoded(store.encoded, streamId, [encodedEvent()]),
    ]);
    expect(thrown).toMatchObject({ status: 'rejected', reason: { message: 'a mistake' } });
    expect([before, after]).toMatchObject([{ value: { _tag: 'Right' } }, { value: { _tag: 'Right' } }]);
    expect(store.encoded.state.lastRevision(streamId)).toBe(1);
  });

  it('of a name that no stream can have is a mistake of the program', async () => {
    await expect(appendEncoded(store.encoded, '', [encodedEvent()])).rejects.toThrow('cannot name a stream');
    await expect(appendEncoded(store.encoded, 'x', [encodedEvent({ id: 'X' })])).rejects.toThrow('no UUID');
  });

  it('is refused by a store that is closed or read-only', async () => {
    const reading = openStore(file, { readOnly: true });
    expect(expectLeft(await appendEncoded(reading.encoded, 'x', [encodedEvent()]))).toMatchObject({
      code: 'StoreFailed',
    });
    await reading.close();
    expect(expectLeft(await appendEncoded(reading.encoded, 'x', [encodedEvent()]))).toMatchObject({
      code: 'StoreClosed',
    });
    expect(reading.encoded.closed()).toBe(true);
  });
});

describe('reading encoded records', () => {
  it('gives the same pages as the port, both ways, with and without a filter', async () => {
    const head = await store.head();
    for (const filter of [{}, { types: ['Noted'] }, { streamPrefixes: ['bytes-'] }])
      for (const direction of ['forwards', 'backwards'] as const) {
        const positions: bigint[] = [];
        let after = direction === 'forwards' ? 0n : head + 1n;
        for (;;) {
          const page = store.encoded.page({ direction, after, limit: 70, filter });
          positions.push(...page.events.map(({ position }) => position));
          if (page.looked === after) break;
          after = page.looked;
          if (direction === 'forwards' ? after >= head : after <= 1n) break;
        }
        const expected = (await collect(store.readAll({ direction, ...filter }))).map(({ position }) => position);
        expect(positions).toEqual(expected);
      }
  });

  it('names every type and gives outlines without content', async () => {
    expect(store.encoded.eventTypes()).toEqual(expect.arrayContaining(['Noted', 'OrderPlaced']));
    const [record] = store.encoded.page({ direction: 'forwards', after: 0n, limit: 1 }).events;
    expect(store.encoded.outlines(0n, 1)).toEqual([
      {
        id: record?.id,
        type: record?.type,
        streamId: record?.streamId,
        revision: record?.revision,
        position: record?.position,
      },
    ]);
  });

  it('wakes whoever waits for the next commit once, and at closing', async () => {
    let woken = 0;
    store.encoded.onNextCommit(() => (woken += 1));
    const withdraw = store.encoded.onNextCommit(() => (woken += 100));
    withdraw();
    await appendEncoded(store.encoded, 'wake', [encodedEvent()]);
    await appendEncoded(store.encoded, 'wake', [encodedEvent()]);
    expect(woken).toBe(1);
    store.encoded.onNextCommit(() => (woken += 1));
    await store.close();
    expect(woken).toBe(2);
    store = openStore(file);
  });
});
