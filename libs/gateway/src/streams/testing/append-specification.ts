import { randomUUID } from 'node:crypto';
import { givenGateway, type TestGateway } from '../../server/testing/given-gateway';
import {
  collected,
  failure,
  type CallOptions,
  type EventToAppend,
  type ExpectedState,
  type OfficialClient,
} from '../../server/testing/official-client';

const MAX_APPEND_SIZE = 64 * 1_024;

/** Per-call credentials make both clients use the `Append` RPC; without them they use `BatchAppend`. */
const RPCS: ReadonlyArray<readonly [rpc: string, call: CallOptions]> = [
  ['BatchAppend', {}],
  ['Append', { credentials: { username: 'admin', password: 'changeit' } }],
];

export const arbitraryEvent = (given: Partial<EventToAppend> = {}): EventToAppend => ({
  type: 'OrderNoted',
  id: randomUUID(),
  data: { note: 'fragile' },
  metadata: { source: 'test' },
  ...given,
});

export const events = (count: number): ReadonlyArray<EventToAppend> =>
  Array.from({ length: count }, () => arbitraryEvent());

export const aStream = (): string => `parcel-${randomUUID()}`;

/** Appends of an official client: expected revisions, repeats, sizes, deadlines, order. */
export const specifyAppends = (connect: (url: string) => OfficialClient): void => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await givenGateway({ maxAppendSize: MAX_APPEND_SIZE });
  });
  afterAll(() => gateway.stop());

  describe.each(RPCS)('appends by %s', (_, call) => {
    let client: OfficialClient;
    beforeAll(() => {
      client = connect(gateway.url);
    });
    afterAll(() => client.dispose());

    const append = (streamId: string, toAppend: ReadonlyArray<EventToAppend>, expected: ExpectedState = 'any') =>
      client.append(streamId, toAppend, { expected, ...call });

    it.each<[ExpectedState]>([['any'], ['no_stream']])(
      'the first event of a stream goes in at 0 with %s',
      async (expected) => {
        expect(await append(aStream(), events(1), expected)).toMatchObject({ success: true, nextExpectedRevision: 0n });
      },
    );

    it.each<[ExpectedState]>([['any'], ['stream_exists'], [1n]])(
      'the next events of a stream follow with %s',
      async (expected) => {
        const streamId = aStream();
        const first = await append(streamId, events(2));
        const next = await append(streamId, events(3), expected);
        expect(next.nextExpectedRevision).toBe(4n);
        expect(next.position?.commit).toBe(next.position?.prepare);
        expect(next.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
      },
    );

    it.each<[ExpectedState, number, bigint | 'no_stream']>([
      ['no_stream', 2, 1n],
      [0n, 2, 1n],
      [5n, 2, 1n],
      ['stream_exists', 0, 'no_stream'],
      [0n, 0, 'no_stream'],
    ])('%s on a stream of %d events fails and says what is there', async (expected, length, current) => {
      const streamId = aStream();
      if (length > 0) await append(streamId, events(length));
      expect(await failure(append(streamId, events(1), expected))).toMatchObject({
        type: 'wrong-expected-version',
        streamName: streamId,
        expectedVersion: expected,
        actualVersion: current,
      });
    });

    it('the same events again are acknowledged with their first place', async () => {
      const streamId = aStream();
      const same = events(2);
      const first = await append(streamId, same, 'no_stream');
      await append(streamId, events(1));
      const again = await append(streamId, same, 'no_stream');
      expect([again.nextExpectedRevision, again.position]).toEqual([first.nextExpectedRevision, first.position]);
      expect(await collected(client.readStream(streamId))).toHaveLength(3);
    });

    it('an event comes back as it was written, JSON or bytes', async () => {
      const streamId = aStream();
      const bytes = Uint8Array.from([0, 255, 10, 128]);
      const [json, binary] = [arbitraryEvent({ data: { name: 'Zoë', total: 12.5 } }), arbitraryEvent({ data: bytes })];
      const before = Date.now();
      await append(streamId, [json, binary]);
      const [first, second] = (await collected(client.readStream(streamId))).map(({ event }) => event);
      expect(first).toMatchObject({
        id: json.id,
        streamId,
        type: 'OrderNoted',
        revision: 0n,
        isJson: true,
        data: { name: 'Zoë', total: 12.5 },
        metadata: { source: 'test' },
      });
      expect(second).toMatchObject({ id: binary.id, revision: 1n, isJson: false });
      expect([...(second?.data as Uint8Array)]).toEqual([...bytes]);
      // The Rust client rounds to seconds.
      expect(first?.created.getTime()).toBeGreaterThan(before - 1_000);
      expect(first?.created.getTime()).toBeLessThanOrEqual(Date.now());
    });

    it('a stream name may be any text', async () => {
      const streamId = `päckchen 包裹-${randomUUID()}`;
      await append(streamId, events(1));
      expect(await failure(append(streamId, events(1), 'no_stream'))).toMatchObject({ streamName: streamId });
      const [read] = await collected(client.readStream(streamId));
      expect(read?.event?.streamId).toBe(streamId);
    });

    it('more data than the maximum is refused whole', async () => {
      const streamId = aStream();
      const large = [arbitraryEvent(), arbitraryEvent({ data: { text: 'x'.repeat(MAX_APPEND_SIZE) } })];
      expect(await failure(append(streamId, large))).toMatchObject({
        type: 'maximum-append-size-exceeded',
        maxAppendSize: MAX_APPEND_SIZE,
      });
      expect(await failure(collected(client.readStream(streamId)))).toMatchObject({ type: 'stream-not-found' });
      expect(await append(streamId, events(1))).toMatchObject({ success: true });
    });

    // Only the data was counted: an event that no client can receive stopped every reader at its place.
    it('metadata counts like data', async () => {
      const streamId = aStream();
      const large = [arbitraryEvent({ metadata: { text: 'x'.repeat(MAX_APPEND_SIZE) } })];
      expect(await failure(append(streamId, large))).toMatchObject({
        type: 'maximum-append-size-exceeded',
        maxAppendSize: MAX_APPEND_SIZE,
      });
    });

    it('a hundred events go in with one append', async () => {
      const streamId = aStream();
      expect((await append(streamId, events(100))).nextExpectedRevision).toBe(99n);
    });

    it('many appends at a time to one stream keep their order', async () => {
      const streamId = aStream();
      const wanted = events(60);
      const outcomes = await Promise.all(wanted.map((event) => append(streamId, [event])));
      const read = await collected(client.readStream(streamId));
      expect(read.map(({ event }) => event?.id)).toHaveLength(60);
      for (const [index, { nextExpectedRevision }] of outcomes.entries())
        expect(read[Number(nextExpectedRevision)]?.event?.id).toBe(wanted[index]?.id);
    });

    it('a tombstoned stream takes nothing', async () => {
      const streamId = aStream();
      await append(streamId, events(1));
      await client.tombstone(streamId);
      expect(await failure(append(streamId, events(1)))).toMatchObject({
        type: 'stream-deleted',
        streamName: streamId,
      });
    });

    it('$all is not written by anybody', async () => {
      expect(await failure(append('$all', events(1)))).toMatchObject({ type: 'access-denied' });
    });
  });

  describe('an append', () => {
    let client: OfficialClient;
    beforeEach(() => {
      client = connect(gateway.url);
    });
    afterEach(() => client.dispose());

    it('whose deadline has passed is not written', async () => {
      const streamId = aStream();
      await client.append(streamId, events(1));
      expect(await failure(client.append(streamId, events(1), { deadline: -1_000 }))).toMatchObject({
        type: 'deadline-exceeded',
      });
      expect(await collected(client.readStream(streamId))).toHaveLength(1);
    });

    it('in several messages (three megabytes and more) is one append', async () => {
      const large = await givenGateway({ maxAppendSize: 16 * 1_024 * 1_024 });
      const other = connect(large.url);
      const text = 'x'.repeat(1_500_000);
      const streamId = aStream();
      const { nextExpectedRevision } = await other.append(
        streamId,
        Array.from({ length: 6 }, () => arbitraryEvent({ data: { text } })),
        { expected: 'no_stream' },
      );
      expect(nextExpectedRevision).toBe(5n);
      await other.dispose();
      await large.stop();
    });

    it('of a fact that does not decode is refused', async () => {
      const fact = { type: 'PartiesMerged', data: { nonsense: true } };
      expect(await failure(client.append(`party-${randomUUID()}`, [arbitraryEvent(fact)]))).toMatchObject({
        type: 'unknown',
      });
    });
  });
};
