import { randomUUID } from 'node:crypto';
import { givenGateway, type TestGateway } from '../../server/testing/given-gateway';
import { collected, failure, type OfficialClient, type Resolved } from '../../server/testing/official-client';
import { aStream, arbitraryEvent, events } from './append-specification';

const revisions = (read: ReadonlyArray<Resolved>): ReadonlyArray<number> =>
  read.map(({ event }) => Number(event?.revision));

const streamsOf = (read: ReadonlyArray<Resolved>): ReadonlyArray<string | undefined> =>
  read.map(({ event }) => event?.streamId);

/** Reads, deletions and metadata by an official client. */
export const specifyReads = (connect: (url: string) => OfficialClient): void => {
  let gateway: TestGateway;
  let client: OfficialClient;
  beforeAll(async () => {
    gateway = await givenGateway();
    client = connect(gateway.url);
  });
  afterAll(async () => {
    await client.dispose();
    await gateway.stop();
  });

  const givenStream = async (length: number): Promise<string> => {
    const streamId = aStream();
    await client.append(streamId, events(length));
    return streamId;
  };

  describe('reading a stream', () => {
    it.each<[string, Parameters<OfficialClient['readStream']>[1], ReadonlyArray<number>]>([
      ['from the start', {}, [0, 1, 2, 3, 4]],
      ['from a revision, inclusive', { from: 3n }, [3, 4]],
      ['beyond the end', { from: 9n }, []],
      ['at most three', { limit: 3 }, [0, 1, 2]],
      ['backwards from the end', { from: 'end', direction: 'backwards', limit: 2 }, [4, 3]],
      ['backwards from a revision, inclusive', { from: 2n, direction: 'backwards' }, [2, 1, 0]],
    ])('%s', async (_, options, expected) => {
      const streamId = await givenStream(5);
      expect(revisions(await collected(client.readStream(streamId, options)))).toEqual(expected);
    });

    it('a stream that has never been written is not found', async () => {
      const streamId = aStream();
      expect(await failure(collected(client.readStream(streamId)))).toMatchObject({
        type: 'stream-not-found',
        streamName: streamId,
      });
    });

    it('a long stream comes whole and in order', async () => {
      const streamId = aStream();
      for (let batch = 0; batch < 10; batch += 1) await client.append(streamId, events(250));
      const read = await collected(client.readStream(streamId));
      expect(revisions(read)).toEqual(Array.from({ length: 2_500 }, (_, index) => index));
    });

    it('a link leads to its event when asked, and is an event itself when not', async () => {
      const target = await givenStream(2);
      const links = aStream();
      const link = { type: '$>', data: new TextEncoder().encode(`1@${target}`) };
      await client.append(links, [arbitraryEvent(link)]);
      const [resolved] = await collected(client.readStream(links, { resolveLinks: true }));
      expect(resolved).toMatchObject({
        event: { streamId: target, revision: 1n },
        link: { streamId: links, revision: 0n, type: '$>' },
      });
      const [unresolved] = await collected(client.readStream(links));
      expect(unresolved?.event).toMatchObject({ streamId: links, type: '$>' });
      expect(unresolved?.link).toBeUndefined();
    });
  });

  describe('reading $all', () => {
    it('forwards, every event of every stream in the order of writing, each with its position', async () => {
      const streams = [await givenStream(2), await givenStream(1)];
      await client.append(streams[0] ?? '', events(1));
      const read = await collected(client.readAll());
      const ours = read.filter(({ event }) => streams.includes(event?.streamId ?? ''));
      expect(streamsOf(ours)).toEqual([streams[0], streams[0], streams[1], streams[0]]);
      const positions = read.map(({ event }) => event?.position?.commit ?? 0n);
      expect(positions).toEqual([...positions].sort((one, other) => (one < other ? -1 : 1)));
    });

    it('forwards from a position is inclusive, backwards exclusive', async () => {
      const streamId = await givenStream(3);
      const read = await collected(client.readStream(streamId));
      const middle = read[1]?.event?.position;
      if (middle === undefined) throw new Error('no position');
      expect(revisions(await collected(client.readAll({ from: middle, limit: 2 })))).toEqual([1, 2]);
      const before = await collected(client.readAll({ from: middle, direction: 'backwards', limit: 1 }));
      expect(revisions(before)).toEqual([0]);
    });

    it('backwards from the end, the newest first', async () => {
      const streamId = await givenStream(2);
      const read = await collected(client.readAll({ from: 'end', direction: 'backwards', limit: 2 }));
      expect(read.map(({ event }) => [event?.streamId, event?.revision])).toEqual([
        [streamId, 1n],
        [streamId, 0n],
      ]);
    });
  });

  describe('deleting', () => {
    it('a deleted stream is not found until it is written again, and goes on counting', async () => {
      const streamId = await givenStream(3);
      await client.delete(streamId, 2n);
      expect(await failure(collected(client.readStream(streamId)))).toMatchObject({ type: 'stream-not-found' });
      expect(await client.append(streamId, events(1), { expected: 'no_stream' })).toMatchObject({
        nextExpectedRevision: 3n,
      });
      expect(revisions(await collected(client.readStream(streamId)))).toEqual([3]);
    });

    it('a tombstoned stream is gone for ever', async () => {
      const streamId = await givenStream(1);
      await client.tombstone(streamId, 0n);
      const deleted = { type: 'stream-deleted', streamName: streamId };
      expect(await failure(collected(client.readStream(streamId)))).toMatchObject(deleted);
      expect(await failure(client.append(streamId, events(1)))).toMatchObject(deleted);
      expect(await failure(client.delete(streamId))).toMatchObject(deleted);
      expect(await failure(client.tombstone(streamId))).toMatchObject(deleted);
    });

    it.each(['delete', 'tombstone'] as const)('%s checks the revision', async (removal) => {
      const streamId = await givenStream(2);
      expect(await failure(client[removal](streamId, 7n))).toMatchObject({
        type: 'wrong-expected-version',
        streamName: streamId,
        expectedVersion: 7n,
        actualVersion: 1n,
      });
      expect(await collected(client.readStream(streamId))).toHaveLength(2);
    });

    it('$all is not deleted by anybody', async () => {
      expect(await failure(client.delete('$all'))).toMatchObject({ type: 'access-denied' });
    });
  });

  describe('metadata', () => {
    it('a stream without metadata has none', async () => {
      const metadata = await client.getMetadata(await givenStream(1));
      expect(metadata.metadata).toBeUndefined();
    });

    it('metadata comes back as it was set, with keys of the user', async () => {
      const streamId = await givenStream(1);
      await client.setMetadata(streamId, { maxCount: 5, colour: 'blue' });
      expect((await client.getMetadata(streamId)).metadata).toEqual({ maxCount: 5, colour: 'blue' });
    });

    it.each<[string, Record<string, unknown>, ReadonlyArray<number>]>([
      ['maxCount', { maxCount: 2 }, [3, 4]],
      ['truncateBefore', { truncateBefore: 4 }, [4]],
      ['both', { maxCount: 4, truncateBefore: 2 }, [2, 3, 4]],
    ])('%s hides what lies before', async (_, metadata, expected) => {
      const streamId = await givenStream(5);
      await client.setMetadata(streamId, metadata);
      expect(revisions(await collected(client.readStream(streamId)))).toEqual(expected);
    });
  });

  it('a category is a stream of its own', async () => {
    const category = `c${randomUUID().replaceAll('-', '')}`;
    for (const key of ['a', 'b']) await client.append(`${category}-${key}`, events(2));
    const read = await collected(client.readStream(`$ce-${category}`, { resolveLinks: true }));
    expect(read.map(({ event }) => event?.streamId)).toEqual(['a', 'a', 'b', 'b'].map((key) => `${category}-${key}`));
  });
};
