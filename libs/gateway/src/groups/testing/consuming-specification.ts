import {
  acknowledging,
  allSettings,
  Deliveries,
  eventually,
  numberOf,
  numbered,
  streamSettings,
  type ClientUnderTest,
  type OfficialClient,
} from './official-clients';
import { serve, temporaryFolder, type Served } from './served-store';

/** What consumers of a group see, whichever official client they use. */
export const consumingSpecification = ({ name, connect }: ClientUnderTest): void => {
  describe(`consuming with ${name}`, () => {
    const folder = temporaryFolder();
    let served: Served;
    let client: OfficialClient;
    beforeAll(async () => {
      served = await serve(folder.file);
      client = connect(served.authority);
    });
    afterAll(async () => {
      await client.dispose();
      await served.stop();
      folder.remove();
    });
    const parkedCount = async (stream: string): Promise<bigint> =>
      (await client.getPersistentSubscriptionToStreamInfo(stream, 'g')).stats.parkedMessageCount;

    it('delivers history and then live events, and keeps the checkpoint', async () => {
      await client.appendToStream('history', numbered(3));
      const settings = streamSettings({ startFrom: 'start', checkPointLowerBound: 1, checkPointAfter: 1 });
      await client.createPersistentSubscriptionToStream('history', 'g', settings);
      const deliveries = new Deliveries(
        client.subscribeToPersistentSubscriptionToStream('history', 'g'),
        acknowledging,
      );
      await deliveries.until(3);
      await client.appendToStream('history', numbered(2, 3));
      await deliveries.until(5);
      expect(deliveries.numbers).toEqual([0, 1, 2, 3, 4]);
      expect(deliveries.subscription.id).toBe('history::g');
      await eventually(async () => {
        const { stats } = await client.getPersistentSubscriptionToStreamInfo('history', 'g');
        return stats.lastCheckpointedEventRevision === 4n;
      });
      await deliveries.subscription.unsubscribe();
    });

    it.each([
      ['start', [0, 1, 2, 3]],
      [2n, [2, 3]],
      ['end', [3]],
    ] as const)('starts from %s', async (startFrom, expected) => {
      const stream = `from-${startFrom}`;
      await client.appendToStream(stream, numbered(3));
      await client.createPersistentSubscriptionToStream(stream, 'g', streamSettings({ startFrom }));
      await client.appendToStream(stream, numbered(1, 3));
      const deliveries = new Deliveries(client.subscribeToPersistentSubscriptionToStream(stream, 'g'), acknowledging);
      await deliveries.until(expected.length);
      expect(deliveries.numbers).toEqual(expected);
      await deliveries.subscription.unsubscribe();
    });

    it('a consumer has no more in flight than it asked for', async () => {
      await client.appendToStream('in-flight', numbered(20));
      await client.createPersistentSubscriptionToStream('in-flight', 'g', streamSettings({ startFrom: 'start' }));
      const deliveries = new Deliveries(
        client.subscribeToPersistentSubscriptionToStream('in-flight', 'g', { bufferSize: 4 }),
      );
      const [first] = await deliveries.until(4);
      const info = await client.getPersistentSubscriptionToStreamInfo('in-flight', 'g');
      expect(info.connections).toMatchObject([{ inFlightMessages: 4, availableSlots: 0, username: 'admin' }]);
      expect(info.stats).toMatchObject({ outstandingMessagesCount: 4, totalInFlightMessages: 4 });
      if (first !== undefined) await deliveries.subscription.ack(first);
      await deliveries.until(5);
      expect(deliveries.events).toHaveLength(5);
      await deliveries.subscription.unsubscribe();
    });

    it.each([
      ['retry', [0, 0, 1], [0, 1, 0], 0n],
      ['park', [0, 1], [0, 0], 1n],
      ['skip', [0, 1], [0, 0], 0n],
      ['stop', [0, 1], [0, 0], 0n],
    ] as const)('nack %s', async (action, numbers, retryCounts, parked) => {
      const stream = `nack-${action}`;
      await client.appendToStream(stream, numbered(2));
      await client.createPersistentSubscriptionToStream(stream, 'g', streamSettings({ startFrom: 'start' }));
      const deliveries = new Deliveries(
        client.subscribeToPersistentSubscriptionToStream(stream, 'g', { bufferSize: 1 }),
        async (received, subscription) =>
          numberOf(received) === 0 && received.retryCount === 0
            ? subscription.nack(action, 'not now', received)
            : subscription.ack(received),
      );
      await deliveries.until(numbers.length);
      expect(deliveries.numbers).toEqual(numbers);
      expect(deliveries.events.map(({ retryCount }) => retryCount)).toEqual(retryCounts);
      await eventually(async () => (await parkedCount(stream)) === parked);
      await deliveries.subscription.unsubscribe();
    });

    it('a message is parked when its retry count is reached, and replayed with retry count 0', async () => {
      await client.appendToStream('parking', numbered(2));
      const settings = streamSettings({ startFrom: 'start', maxRetryCount: 2 });
      await client.createPersistentSubscriptionToStream('parking', 'g', settings);
      let isBroken = true;
      const deliveries = new Deliveries(
        client.subscribeToPersistentSubscriptionToStream('parking', 'g', { bufferSize: 1 }),
        async (received, subscription) =>
          isBroken ? subscription.nack('retry', 'broken', received) : subscription.ack(received),
      );
      await deliveries.until(6);
      expect(deliveries.events.map(({ retryCount }) => retryCount)).toEqual([0, 1, 2, 0, 1, 2]);
      await eventually(async () => (await parkedCount('parking')) === 2n);

      isBroken = false;
      await client.replayParkedMessagesToStream('parking', 'g', { stopAt: 1 });
      await deliveries.until(7);
      await eventually(async () => (await parkedCount('parking')) === 1n);
      await client.replayParkedMessagesToStream('parking', 'g');
      await deliveries.until(8);
      await eventually(async () => (await parkedCount('parking')) === 0n);
      expect(deliveries.numbers.slice(6)).toEqual([0, 1]);
      expect(deliveries.events.slice(6).map(({ retryCount }) => retryCount)).toEqual([0, 0]);
      expect(deliveries.events[6]?.link?.type).toBe('$>');
      await deliveries.subscription.unsubscribe();
    });

    it('a message without an answer comes again after its timeout', async () => {
      await client.appendToStream('timeouts', numbered(1));
      const settings = streamSettings({ startFrom: 'start', messageTimeout: 100 });
      await client.createPersistentSubscriptionToStream('timeouts', 'g', settings);
      const deliveries = new Deliveries(client.subscribeToPersistentSubscriptionToStream('timeouts', 'g'));
      await deliveries.until(2);
      expect(deliveries.events.map(({ retryCount }) => retryCount)).toEqual([0, 1]);
      await deliveries.subscription.unsubscribe();
    });

    it('what a consumer held when it left goes to another', async () => {
      await client.appendToStream('leaving', numbered(3));
      await client.createPersistentSubscriptionToStream('leaving', 'g', streamSettings({ startFrom: 'start' }));
      const leaving = new Deliveries(client.subscribeToPersistentSubscriptionToStream('leaving', 'g'));
      await leaving.until(3);
      await leaving.subscription.unsubscribe();
      const staying = new Deliveries(client.subscribeToPersistentSubscriptionToStream('leaving', 'g'), acknowledging);
      await staying.until(3);
      expect(staying.numbers).toEqual([0, 1, 2]);
      expect(staying.events.map(({ retryCount }) => retryCount)).toEqual([1, 1, 1]);
      await staying.subscription.unsubscribe();
    });

    it('links are resolved when the group says so, and answers name the link', async () => {
      await client.appendToStream('targets', numbered(2));
      const links = [0, 1].map((number) => ({
        ...numbered(1)[0],
        id: crypto.randomUUID(),
        type: '$>',
        contentType: 'application/octet-stream' as const,
        data: Buffer.from(`${number}@targets`),
        metadata: Buffer.from('{}'),
      }));
      await client.appendToStream('links', links);
      const settings = streamSettings({
        startFrom: 'start',
        resolveLinkTos: true,
        checkPointUpperBound: 1,
        checkPointLowerBound: 1,
      });
      await client.createPersistentSubscriptionToStream('links', 'g', settings);
      const deliveries = new Deliveries(client.subscribeToPersistentSubscriptionToStream('links', 'g'), acknowledging);
      await deliveries.until(2);
      expect(deliveries.numbers).toEqual([0, 1]);
      expect(deliveries.events.map(({ link }) => link?.streamId)).toEqual(['links', 'links']);
      await eventually(async () => {
        const { stats } = await client.getPersistentSubscriptionToStreamInfo('links', 'g');
        return stats.lastCheckpointedEventRevision === 1n;
      });
      await deliveries.subscription.unsubscribe();
    });

    it.each(['RoundRobin', 'DispatchToSingle', 'Pinned'] as const)('strategy %s', async (consumerStrategyName) => {
      const stream = `strategy-${consumerStrategyName}`;
      const settings = streamSettings({ startFrom: 'start', consumerStrategyName });
      await client.createPersistentSubscriptionToStream(stream, 'g', settings);
      const consumers = [1, 2].map(
        () => new Deliveries(client.subscribeToPersistentSubscriptionToStream(stream, 'g', { bufferSize: 6 })),
      );
      await eventually(async () => {
        const { connections } = await client.getPersistentSubscriptionToStreamInfo(stream, 'g');
        return connections.length === 2;
      });
      await client.appendToStream(stream, numbered(6));
      await eventually(() => consumers.reduce((sum, { events }) => sum + events.length, 0) === 6);
      const shares = consumers.map(({ events }) => events.length).sort();
      expect(shares).toEqual(consumerStrategyName === 'RoundRobin' ? [3, 3] : [0, 6]);
      for (const { subscription } of consumers) await subscription.unsubscribe();
    });

    it('a group on $all takes what its filter wants, from a position on', async () => {
      const before = await client.appendToStream('noise', numbered(1));
      await client.appendToStream('wanted', numbered(3, 0, 'Wanted'));
      await client.createPersistentSubscriptionToAll(
        'filtered',
        allSettings({ startFrom: before.position ?? 'start', checkPointUpperBound: 1, checkPointLowerBound: 1 }),
        { filter: { filterOn: 'eventType', prefixes: ['Wanted'], maxSearchWindow: 32, checkpointInterval: 1 } },
      );
      const deliveries = new Deliveries(client.subscribeToPersistentSubscriptionToAll('filtered'), acknowledging);
      await deliveries.until(3);
      await client.appendToStream('wanted', numbered(1, 3, 'Wanted'));
      await deliveries.until(4);
      expect(deliveries.numbers).toEqual([0, 1, 2, 3]);
      const last = deliveries.events[3]?.event?.position;
      await eventually(async () => {
        const { stats } = await client.getPersistentSubscriptionToAllInfo('filtered');
        return (stats.lastCheckpointedEventPosition?.commit ?? 0n) >= (last?.commit ?? 0n);
      });
      await deliveries.subscription.unsubscribe();
    });
  });
};
