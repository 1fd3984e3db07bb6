import { setTimeout as after } from 'node:timers/promises';
import { givenGateway, type TestGateway } from '../../server/testing/given-gateway';
import {
  collected,
  taken,
  type LogPosition,
  type OfficialClient,
  type Resolved,
  type Subscribed,
} from '../../server/testing/official-client';
import { aStream, arbitraryEvent, events } from './append-specification';

const revisions = (read: ReadonlyArray<Resolved>): ReadonlyArray<number> =>
  read.map(({ event }) => Number(event?.revision));

const happened = (subscription: Subscribed, event: string): Promise<unknown> =>
  new Promise((resolve) => subscription.once(event, resolve));

/** Reads along without taking a number of events into account. */
const following = (subscription: Subscribed): { readonly events: Resolved[]; readonly ended: Promise<unknown> } => {
  const seen: Resolved[] = [];
  const ended = (async (): Promise<unknown> => {
    try {
      for await (const event of subscription) seen.push(event);
      return null;
    } catch (error) {
      return error;
    }
  })();
  return { events: seen, ended };
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let waited = 0; !holds(); waited += 10) {
    if (waited > 5_000) throw new Error('It has not happened within five seconds.');
    await after(10);
  }
};

/** Catch-up subscriptions of an official client, to a stream and to `$all`. */
export const specifySubscriptions = (connect: (url: string) => OfficialClient): void => {
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

  describe('subscribing to a stream', () => {
    it('history comes first, then what is written', async () => {
      const streamId = aStream();
      await client.append(streamId, events(3));
      const subscription = client.subscribeToStream(streamId);
      const caughtUp = happened(subscription, 'caughtUp');
      const read = taken(subscription, 5);
      await caughtUp;
      await client.append(streamId, events(2));
      expect(revisions(await read)).toEqual([0, 1, 2, 3, 4]);
    });

    it('a revision is exclusive, the end means only new events', async () => {
      const streamId = aStream();
      await client.append(streamId, events(3));
      expect(revisions(await taken(client.subscribeToStream(streamId, { from: 0n }), 2))).toEqual([1, 2]);
      const subscription = client.subscribeToStream(streamId, { from: 'end' });
      const caughtUp = happened(subscription, 'caughtUp');
      const read = taken(subscription, 1);
      await caughtUp;
      await client.append(streamId, events(1));
      expect(revisions(await read)).toEqual([3]);
    });

    it('a stream that does not exist yet is waited for', async () => {
      const streamId = aStream();
      const subscription = client.subscribeToStream(streamId);
      const caughtUp = happened(subscription, 'caughtUp');
      const read = taken(subscription, 1);
      await caughtUp;
      await client.append(streamId, events(1));
      expect(revisions(await read)).toEqual([0]);
    });

    it('a tombstoned stream is an error', async () => {
      const streamId = aStream();
      await client.append(streamId, events(1));
      await client.tombstone(streamId);
      const { ended } = following(client.subscribeToStream(streamId));
      expect(await ended).toMatchObject({ type: 'stream-deleted', streamName: streamId });
    });

    it('a stream tombstoned while followed says so and ends', async () => {
      const streamId = aStream();
      await client.append(streamId, events(1));
      const subscription = client.subscribeToStream(streamId);
      const caughtUp = happened(subscription, 'caughtUp');
      const { events: seen, ended } = following(subscription);
      await caughtUp;
      await client.tombstone(streamId);
      expect(await ended).toMatchObject({ type: 'stream-deleted' });
      expect(seen.map(({ event }) => event?.type)).toEqual(['OrderNoted', '$streamDeleted']);
    });
  });

  describe('subscribing to $all', () => {
    it('each event comes once and in order while others write', async () => {
      const streamId = aStream();
      await client.append(streamId, events(50));
      const subscription = client.subscribeToAll();
      const { events: seen, ended } = following(subscription);
      for (let batch = 0; batch < 20; batch += 1) await client.append(streamId, events(5));
      const ours = (): ReadonlyArray<Resolved> => seen.filter(({ event }) => event?.streamId === streamId);
      await until(() => ours().length >= 150);
      await subscription.unsubscribe();
      await ended;
      expect(revisions(ours())).toEqual(Array.from({ length: 150 }, (_, index) => index));
    });

    it('a position is exclusive', async () => {
      const streamId = aStream();
      await client.append(streamId, events(3));
      const [first] = await collected(client.readStream(streamId));
      const from = first?.event?.position;
      if (from === undefined) throw new Error('no position');
      expect(revisions(await taken(client.subscribeToAll({ from }), 2))).toEqual([1, 2]);
    });

    it.each([
      ['a prefix of the type', { on: 'type' as const, prefixes: ['Parcel'] }],
      ['a pattern of the type', { on: 'type' as const, regex: '^Parcel.*$' }],
    ])('filtered by %s, only matching events come', async (_, filter) => {
      const streamId = aStream();
      const before = await client.append(streamId, events(1));
      await client.append(streamId, [arbitraryEvent({ type: 'ParcelSent' }), arbitraryEvent()]);
      await client.append(streamId, [arbitraryEvent({ type: 'ParcelLost' })]);
      const from = before.position ?? 'start';
      const read = await taken(client.subscribeToAll({ from, filter }), 2);
      expect(read.map(({ event }) => event?.type)).toEqual(['ParcelSent', 'ParcelLost']);
    });

    it.each([
      ['a prefix of the stream', (streamId: string) => ({ on: 'stream' as const, prefixes: [streamId, 'nothing'] })],
      ['a pattern of the stream', (streamId: string) => ({ on: 'stream' as const, regex: `^${streamId}$` })],
    ])('filtered by %s, only its events come', async (_, filterFor) => {
      const [wanted, other] = [aStream(), aStream()];
      for (const streamId of [other, wanted, other, wanted]) await client.append(streamId, events(1));
      const read = await taken(client.subscribeToAll({ filter: filterFor(wanted) }), 2);
      expect(read.map(({ event }) => event?.streamId)).toEqual([wanted, wanted]);
    });

    it('a filter that matches nothing still tells how far it has looked, strictly forwards', async () => {
      const reached: LogPosition[] = [];
      const start = await client.append(aStream(), events(1));
      await client.append(aStream(), events(100));
      const last = await client.append(aStream(), events(1));
      const subscription = client.subscribeToAll({
        from: start.position ?? 'start',
        filter: {
          on: 'type',
          prefixes: ['Nothing'],
          window: 10,
          interval: 1,
          checkpoint: (position) => reached.push(position),
        },
      });
      const caughtUp = happened(subscription, 'caughtUp');
      const { ended } = following(subscription);
      await caughtUp;
      await until(() => reached.length >= 10);
      const commits = reached.map(({ commit }) => commit);
      expect(new Set(commits).size).toBe(commits.length);
      expect(commits).toEqual([...commits].sort((one, other) => (one < other ? -1 : 1)));
      expect(commits.at(-1)).toBe(last.position?.commit);
      await client.append(aStream(), events(25));
      await until(() => reached.length >= commits.length + 2);
      await subscription.unsubscribe();
      await ended;
    });

    it('a subscriber that leaves hears nothing more', async () => {
      const streamId = aStream();
      const subscription = client.subscribeToAll({ from: 'end' });
      const caughtUp = happened(subscription, 'caughtUp');
      const { events: seen, ended } = following(subscription);
      await caughtUp;
      await subscription.unsubscribe();
      await client.append(streamId, events(1));
      await ended;
      expect(seen).toEqual([]);
    });
  });

  it('a confirmation names the subscription', async () => {
    const subscription = client.subscribeToAll({ from: 'end' });
    const { ended } = following(subscription);
    await happened(subscription, 'confirmation');
    await subscription.unsubscribe();
    await ended;
  });

  it('subscribers hear of the closing of the gateway as unavailable', async () => {
    const other = await givenGateway();
    const follower = connect(other.url);
    const subscription = follower.subscribeToAll();
    const caughtUp = happened(subscription, 'caughtUp');
    const { ended } = following(subscription);
    await caughtUp;
    await other.close();
    expect(await ended).toMatchObject({ type: 'unavailable' });
    await follower.dispose();
    await other.stop();
  });
};
