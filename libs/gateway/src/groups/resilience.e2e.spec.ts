import { EventStoreDBClient } from '@eventstore/db-client';
import { startProcess } from '../testing/gateway-process';
import {
  acknowledging,
  Deliveries,
  eventually,
  numbered,
  numberOf,
  streamSettings,
  type OfficialClient,
} from './testing/official-clients';
import { randomFrom } from './testing/long-run/random';
import { serve, temporaryFolder } from './testing/served-store';

const EVENTS = 10_000;
const BATCH = 500;
const COMPETITORS = 4;

const append = async (client: OfficialClient, stream: string, count: number): Promise<void> => {
  for (let from = 0; from < count; from += BATCH)
    await client.appendToStream(stream, numbered(Math.min(BATCH, count - from), from));
};

/** Consumers that are killed at random moments and replaced, until every event has been handled. */
class Competitors {
  readonly handled = new Set<number>();
  kills = 0;
  private readonly running = new Set<{ readonly client: OfficialClient; readonly deliveries: Deliveries }>();

  constructor(
    private readonly connect: () => OfficialClient,
    private readonly stream: string,
    private readonly random: () => number,
  ) {}

  start(): void {
    while (this.running.size < COMPETITORS) this.add();
  }

  /** Kills one without a word: what it holds and what it acknowledges at this moment is lost with it. */
  async killOne(): Promise<void> {
    const [victim] = [...this.running].sort(() => this.random() - 0.5);
    if (victim === undefined) return;
    this.running.delete(victim);
    this.kills += 1;
    await victim.deliveries.subscription.unsubscribe();
    await victim.client.dispose();
  }

  async stop(): Promise<void> {
    while (this.running.size > 0) await this.killOne();
  }

  private add(): void {
    const client = this.connect();
    const subscription = client.subscribeToPersistentSubscriptionToStream(this.stream, 'g', { bufferSize: 20 });
    const deliveries = new Deliveries(subscription, async (received) => {
      const action = this.random();
      // One in twenty is refused first, one in fifty is forgotten and comes again after its timeout.
      if (received.retryCount === 0 && action < 0.05) return subscription.nack('retry', 'later', received);
      if (received.retryCount === 0 && action < 0.07) return undefined;
      this.handled.add(numberOf(received));
      return subscription.ack(received);
    });
    this.running.add({ client, deliveries });
  }
}

describe('four competing consumers killed and restarted at random', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);

  it(`handle each of ${EVENTS} events at least once and lose none`, async () => {
    const served = await serve(folder.file, 100);
    const connect = (): OfficialClient => EventStoreDBClient.connectionString(`esdb://${served.authority}`);
    const client = connect();
    const random = randomFrom(20_240_611);
    const settings = streamSettings({ startFrom: 'start', messageTimeout: 500, maxRetryCount: 100 });
    await client.createPersistentSubscriptionToStream('orders', 'g', settings);
    const competitors = new Competitors(connect, 'orders', random);
    competitors.start();
    const appended = append(client, 'orders', EVENTS);
    while (competitors.handled.size < EVENTS) {
      await new Promise((resolve) => setTimeout(resolve, 20 + 100 * random()));
      await competitors.killOne();
      competitors.start();
    }
    await appended;
    expect(competitors.kills).toBeGreaterThan(5);
    await eventually(async () => {
      const { stats } = await client.getPersistentSubscriptionToStreamInfo('orders', 'g');
      return stats.outstandingMessagesCount === 0 && stats.parkedMessageCount === 0n;
    });
    await competitors.stop();
    await client.dispose();
    await served.stop();
  });
});

describe('a gateway that is killed', () => {
  const folder = temporaryFolder();
  afterAll(folder.remove);

  it('comes back with its groups, checkpoints and parked messages, and loses no event', async () => {
    const first = await startProcess(folder.file);
    const connect = (): OfficialClient =>
      EventStoreDBClient.connectionString(`esdb://127.0.0.1:${first.port}?tls=false`);
    const before = connect();
    const settings = streamSettings({ startFrom: 'end', checkPointUpperBound: 50, maxRetryCount: 100 });
    await before.createPersistentSubscriptionToStream('orders', 'g', settings);
    await append(before, 'orders', 1_000);
    const handled = new Set<number>();
    const parked = new Set<number>();
    const consumer = new Deliveries(
      before.subscribeToPersistentSubscriptionToStream('orders', 'g'),
      async (received, subscription) => {
        if (handled.size + parked.size >= 400) return undefined;
        if (numberOf(received) % 100 === 7) {
          parked.add(numberOf(received));
          return subscription.nack('park', 'broken', received);
        }
        handled.add(numberOf(received));
        return subscription.ack(received);
      },
    );
    await eventually(async () => {
      const { stats } = await before.getPersistentSubscriptionToStreamInfo('orders', 'g');
      const isSettled = stats.parkedMessageCount === BigInt(parked.size) && handled.size + parked.size === 400;
      return isSettled && (stats.lastCheckpointedEventRevision ?? 0n) >= 300n;
    });
    await first.kill();
    await consumer.untilError();
    await before.dispose();

    const second = await startProcess(folder.file, first.port);
    const after = connect();
    const info = await after.getPersistentSubscriptionToStreamInfo('orders', 'g');
    expect(info.settings).toEqual(settings);
    expect(info.stats.parkedMessageCount).toBe(BigInt(parked.size));
    const resumedAfter = Number(info.stats.lastCheckpointedEventRevision);
    expect(resumedAfter).toBeGreaterThanOrEqual(300);

    const successor = new Deliveries(
      after.subscribeToPersistentSubscriptionToStream('orders', 'g', { bufferSize: 100 }),
      async (received, subscription) => {
        handled.add(numberOf(received));
        return acknowledging(received, subscription);
      },
    );
    await successor.until(1_000 - resumedAfter - 1);
    await after.replayParkedMessagesToStream('orders', 'g');
    await eventually(() => handled.size === 1_000);
    expect(successor.events.length).toBeLessThanOrEqual(1_000 - resumedAfter - 1 + parked.size);
    await successor.subscription.unsubscribe();
    await after.dispose();
    await second.kill();
  });
});
