import type { Filter } from '@eventstore/db-client';
import {
  acknowledging,
  allSettings,
  Deliveries,
  eventually,
  failureOf,
  numbered,
  streamSettings,
  type ClientUnderTest,
  type OfficialClient,
} from './official-clients';
import { serve, temporaryFolder, type Served } from './served-store';

/** Creating, changing and looking at groups, whichever official client does it. */
export const managingSpecification = ({ name, connect }: ClientUnderTest): void => {
  describe(`managing groups with ${name}`, () => {
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

    it('a group shows the settings that it was created with, to a stream', async () => {
      const settings = streamSettings({
        startFrom: 7n,
        resolveLinkTos: true,
        extraStatistics: true,
        messageTimeout: 1_234,
        maxRetryCount: 3,
        checkPointAfter: 4_321,
        checkPointLowerBound: 5,
        checkPointUpperBound: 6,
        maxSubscriberCount: 8,
        liveBufferSize: 90,
        readBatchSize: 11,
        historyBufferSize: 12,
        consumerStrategyName: 'Pinned',
      });
      await client.createPersistentSubscriptionToStream('shown', 'g', settings);
      const info = await client.getPersistentSubscriptionToStreamInfo('shown', 'g');
      expect(info.settings).toEqual(settings);
      expect(info).toMatchObject({ eventSource: 'shown', groupName: 'g', connections: [] });
      expect(info.stats).toMatchObject({ parkedMessageCount: 0n, totalItems: 0n });
    });

    it.each(['start', 'end'] as const)('a group to $all shows that it starts from %s', async (startFrom) => {
      await client.createPersistentSubscriptionToAll(`all-${startFrom}`, allSettings({ startFrom }));
      const info = await client.getPersistentSubscriptionToAllInfo(`all-${startFrom}`);
      expect(info.settings).toEqual(allSettings({ startFrom }));
      await eventually(
        async () => (await client.getPersistentSubscriptionToAllInfo(`all-${startFrom}`)).status === 'Live',
      );
    });

    it('extra statistics show how long each consumer takes', async () => {
      const settings = streamSettings({ startFrom: 'start', extraStatistics: true });
      await client.createPersistentSubscriptionToStream('measured', 'g', settings);
      await client.appendToStream('measured', numbered(3));
      const deliveries = new Deliveries(
        client.subscribeToPersistentSubscriptionToStream('measured', 'g'),
        acknowledging,
      );
      await deliveries.until(3);
      await eventually(async () => {
        const { stats } = await client.getPersistentSubscriptionToStreamInfo('measured', 'g');
        return stats.outstandingMessagesCount === 0;
      });
      const { connections, stats } = await client.getPersistentSubscriptionToStreamInfo('measured', 'g');
      expect(stats).toMatchObject({ totalItems: 3n, lastKnownEventRevision: 2n });
      const [connection] = connections;
      expect(connection).toMatchObject({ totalItems: 3n });
      expect([...(connection?.extraStatistics?.keys() ?? [])].sort()).toEqual(
        ['mean', 'median', 'fastest', 'highest', '90%', '95%', '99%', '99.5%', '99.9%']
          .concat([1, 2, 3, 4, 5].map((quintile) => `quintile ${quintile}`))
          .sort(),
      );
      await deliveries.subscription.unsubscribe();
    });

    it('lists the groups of a stream, of $all, and all there are', async () => {
      await client.createPersistentSubscriptionToStream('listed', 'one', streamSettings());
      await client.createPersistentSubscriptionToStream('listed', 'two', streamSettings());
      await client.createPersistentSubscriptionToAll('listed-all', allSettings());
      const ofStream = await client.listPersistentSubscriptionsToStream('listed');
      expect(ofStream.map(({ groupName }) => groupName)).toEqual(['one', 'two']);
      const ofAll = await client.listPersistentSubscriptionsToAll();
      expect(ofAll.map(({ groupName }) => groupName)).toContain('listed-all');
      const all = await client.listAllPersistentSubscriptions();
      expect(all.map(({ groupName }) => groupName)).toEqual(expect.arrayContaining(['one', 'two', 'listed-all']));
    });

    it('an update drops the consumers, keeps the checkpoint and the filter', async () => {
      await client.appendToStream('updated', numbered(2, 0, 'Updated'));
      const filter: Filter = {
        filterOn: 'eventType',
        prefixes: ['Updated'],
        maxSearchWindow: 32,
        checkpointInterval: 1,
      } as const;
      await client.createPersistentSubscriptionToAll('updated', allSettings({ startFrom: 'start' }), { filter });
      const before = new Deliveries(client.subscribeToPersistentSubscriptionToAll('updated'), acknowledging);
      await before.until(2);
      await eventually(async () => {
        const { stats } = await client.getPersistentSubscriptionToAllInfo('updated');
        return stats.outstandingMessagesCount === 0;
      });
      await client.updatePersistentSubscriptionToAll('updated', allSettings({ startFrom: 'start', maxRetryCount: 77 }));
      expect(await before.untilError()).toMatchObject({ type: 'persistent-subscription-dropped' });

      await client.appendToStream('updated', numbered(1, 2, 'Ignored'));
      await client.appendToStream('updated', numbered(1, 3, 'Updated'));
      const after = new Deliveries(client.subscribeToPersistentSubscriptionToAll('updated'), acknowledging);
      await after.until(1);
      expect(after.numbers).toEqual([3]);
      expect((await client.getPersistentSubscriptionToAllInfo('updated')).settings.maxRetryCount).toBe(77);
      await after.subscription.unsubscribe();
    });

    it('a deleted group drops its consumers, and its successor begins anew', async () => {
      await client.appendToStream('deleted', numbered(2));
      const settings = streamSettings({ startFrom: 'start', checkPointUpperBound: 1, checkPointLowerBound: 1 });
      await client.createPersistentSubscriptionToStream('deleted', 'g', settings);
      const before = new Deliveries(
        client.subscribeToPersistentSubscriptionToStream('deleted', 'g'),
        async (received, subscription) => subscription.nack('park', 'broken', received),
      );
      await before.until(2);
      await eventually(async () => {
        const { stats } = await client.getPersistentSubscriptionToStreamInfo('deleted', 'g');
        return stats.parkedMessageCount === 2n && stats.lastCheckpointedEventRevision === 1n;
      });
      await client.deletePersistentSubscriptionToStream('deleted', 'g');
      expect(await before.untilError()).toMatchObject({ type: 'persistent-subscription-dropped' });
      for (const kind of ['checkpoint', 'parked']) {
        expect(served.log.status(`$persistentsubscription-deleted::g-${kind}`).deleted).toBe('soft');
      }

      await client.createPersistentSubscriptionToStream('deleted', 'g', settings);
      const after = new Deliveries(client.subscribeToPersistentSubscriptionToStream('deleted', 'g'), acknowledging);
      await after.until(2);
      const { stats } = await client.getPersistentSubscriptionToStreamInfo('deleted', 'g');
      expect(stats.parkedMessageCount).toBe(0n);
      await after.subscription.unsubscribe();
    });

    it('a restart of the subsystem drops the consumers and keeps the groups', async () => {
      await client.createPersistentSubscriptionToStream('restarted', 'g', streamSettings({ startFrom: 'start' }));
      const before = new Deliveries(client.subscribeToPersistentSubscriptionToStream('restarted', 'g'));
      await client.appendToStream('restarted', numbered(1));
      await before.until(1);
      await client.restartPersistentSubscriptionSubsystem();
      expect(await before.untilError()).toMatchObject({ type: 'persistent-subscription-dropped' });
      const after = new Deliveries(client.subscribeToPersistentSubscriptionToStream('restarted', 'g'), acknowledging);
      await after.until(1);
      await after.subscription.unsubscribe();
    });

    it.each<[string, string, (client: OfficialClient) => Promise<unknown>]>([
      [
        'creating a group twice',
        'persistent-subscription-exists',
        async (of) => {
          await of.createPersistentSubscriptionToStream('twice', 'g', streamSettings());
          await of.createPersistentSubscriptionToStream('twice', 'g', streamSettings());
        },
      ],
      [
        'a read batch as large as the buffer',
        'persistent-subscription-failed',
        (of) =>
          of.createPersistentSubscriptionToStream(
            'batch',
            'g',
            streamSettings({ readBatchSize: 20, historyBufferSize: 20 }),
          ),
      ],
      [
        'the stream form on $all',
        'persistent-subscription-failed',
        (of) => of.createPersistentSubscriptionToStream('$all', 'g', streamSettings()),
      ],
      [
        'a start beyond the last position',
        'persistent-subscription-failed',
        (of) =>
          of.createPersistentSubscriptionToAll(
            'beyond',
            allSettings({ startFrom: { commit: 1_000_000n, prepare: 1_000_000n } }),
          ),
      ],
      [
        'a start with prepare above commit',
        'persistent-subscription-failed',
        (of) => of.createPersistentSubscriptionToAll('above', allSettings({ startFrom: { commit: 1n, prepare: 2n } })),
      ],
      [
        'updating an unknown group',
        'persistent-subscription-does-not-exist',
        (of) => of.updatePersistentSubscriptionToStream('unknown', 'g', streamSettings()),
      ],
      [
        'deleting an unknown group',
        'persistent-subscription-does-not-exist',
        (of) => of.deletePersistentSubscriptionToAll('unknown'),
      ],
      [
        'information on an unknown group',
        'persistent-subscription-does-not-exist',
        (of) => of.getPersistentSubscriptionToStreamInfo('unknown', 'g'),
      ],
      [
        'the groups of a stream without any',
        'persistent-subscription-does-not-exist',
        (of) => of.listPersistentSubscriptionsToStream('unknown'),
      ],
      [
        'replaying an unknown group',
        'persistent-subscription-does-not-exist',
        (of) => of.replayParkedMessagesToAll('unknown'),
      ],
      [
        'a negative stop',
        'persistent-subscription-failed',
        async (of) => {
          await of.createPersistentSubscriptionToStream('stop', 'g', streamSettings());
          await of.replayParkedMessagesToStream('stop', 'g', { stopAt: -1 });
        },
      ],
      [
        'consuming from an unknown group',
        'persistent-subscription-does-not-exist',
        async (of) => {
          throw await new Deliveries(of.subscribeToPersistentSubscriptionToStream('unknown', 'g')).untilError();
        },
      ],
      [
        'one consumer too many',
        'maximum-subscribers-reached',
        async (of) => {
          await of.createPersistentSubscriptionToStream('crowded', 'g', streamSettings({ maxSubscriberCount: 1 }));
          const first = of.subscribeToPersistentSubscriptionToStream('crowded', 'g');
          await new Promise((resolve) => first.once('confirmation', () => resolve(null)));
          // The stream must flow for its end to be seen.
          first.resume();
          const second = await new Deliveries(
            of.subscribeToPersistentSubscriptionToStream('crowded', 'g'),
          ).untilError();
          await first.unsubscribe();
          throw second;
        },
      ],
    ])('%s fails with %s', async (_, type, call) => {
      expect(await failureOf(call(client))).toMatchObject({ type });
    });

    it('an error names the stream and the group', async () => {
      expect(await failureOf(client.deletePersistentSubscriptionToStream('nobody', 'knows'))).toMatchObject({
        streamName: 'nobody',
        groupName: 'knows',
      });
    });
  });
};
