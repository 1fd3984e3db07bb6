import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import {
  EventStoreDBClient,
  persistentSubscriptionToAllSettingsFromDefaults,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { type GatewayProcess, startProcess } from '../testing/gateway-process';
import { GROUP, STREAM_PREFIX } from './testing/long-run/events';
import { GrowingFile } from './testing/long-run/growing-file';
import { Killable } from './testing/long-run/killable';
import { randomFrom } from './testing/long-run/random';
import { Writer } from './testing/long-run/writer';
import { temporaryFolder } from './testing/served-store';

/** `AFECTO_LONG_RUN=1000000` for a longer run; a multiple of the number of streams. */
const EVENTS = Number(process.env['AFECTO_LONG_RUN'] ?? 100_000);
const STREAMS = 4;
const CONSUMERS = 4;
/** Shares of the events that are written when the gateway is killed. */
const GATEWAY_KILLS = [0.25, 0.5, 0.75];
/** Events that are handled between two kills of consumers or the subscriber: twenty in 100 000, however fast the machine is. */
const BETWEEN_KILLS = { least: 2_000, most: 8_000 };
const EVENTS_A_STREAM = EVENTS / STREAMS;

const streamOf = (index: number): string => `${STREAM_PREFIX}${index}`;
const streams = Array.from({ length: STREAMS }, (_, index) => streamOf(index));

/** How often each event of each stream has been handled. */
class Handled {
  readonly #counts = new Map(streams.map((stream) => [stream, new Uint32Array(EVENTS_A_STREAM)]));
  distinct = 0;
  total = 0;

  take(line: string): void {
    const [stream = '', revision] = line.split(' ');
    const counts = this.#counts.get(stream);
    const before = counts?.[Number(revision)];
    if (counts === undefined || before === undefined) throw new Error(`Nobody has written "${line}".`);
    counts[Number(revision)] = before + 1;
    this.total += 1;
    if (before === 0) this.distinct += 1;
  }
}

/** What a subscriber saw: every event once, in the order of the log and of each stream. */
class Seen {
  readonly #next = new Map(streams.map((stream) => [stream, 0]));
  #position = 0n;
  total = 0;

  take(line: string): void {
    const [position = '', stream = '', revision] = line.split(' ');
    if (BigInt(position) <= this.#position || Number(revision) !== this.#next.get(stream))
      throw new Error(`After ${this.#position} and ${this.#next.get(stream)} came "${line}".`);
    this.#position = BigInt(position);
    this.#next.set(stream, Number(revision) + 1);
    this.total += 1;
  }
}

const connectTo = (port: number): EventStoreDBClient =>
  EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);

const total = (numbers: ReadonlyArray<number>): number => numbers.reduce((sum, number) => sum + number, 0);

describe(`${EVENTS} events, four competing consumers, a subscriber and the gateway, all killed with -9`, () => {
  const folder = temporaryFolder();
  const fileOf = (name: string): string => join(folder.file, '..', name);
  const running: { readonly kill: () => Promise<void> }[] = [];
  afterAll(async () => {
    for (const process of running) await process.kill();
    folder.remove();
  });

  const started = (script: 'consumer' | 'subscriber', parameters: ReadonlyArray<string>, written: string) => {
    const process = new Killable(script, [...parameters, fileOf(written)]);
    running.push(process);
    return { process, lines: new GrowingFile(fileOf(written)) };
  };

  it('every event is handled at least once and none is lost; the subscriber sees each exactly once, in order', async () => {
    const startGateway = async (port = 0): Promise<GatewayProcess> => {
      const started = await startProcess(folder.file, port);
      running.push(started);
      return started;
    };
    let gateway = await startGateway();
    const { port } = gateway;
    const managing = connectTo(port);
    const changes = { startFrom: START, maxRetryCount: 1_000, messageTimeout: 5_000 } as const;
    await managing.createPersistentSubscriptionToAll(
      GROUP,
      persistentSubscriptionToAllSettingsFromDefaults({ ...changes, readBatchSize: 200, historyBufferSize: 1_000 }),
      { filter: streamNameFilter({ prefixes: [STREAM_PREFIX] }) },
    );
    await managing.dispose();

    const consumers = Array.from({ length: CONSUMERS }, (_, index) =>
      started('consumer', [`${port}`, GROUP], `handled-${index}`),
    );
    const subscriber = started('subscriber', [`${port}`, STREAM_PREFIX], 'seen');
    const writers = streams.map((stream) => new Writer(port, stream));
    const written = (): number => total(writers.map((writer) => writer.written));
    const writing = Promise.all(writers.map((writer) => writer.write(EVENTS_A_STREAM)));

    const handled = new Handled();
    const seen = new Seen();
    const look = (): void => {
      for (const { lines } of consumers) for (const line of lines.added()) handled.take(line);
      for (const line of subscriber.lines.added()) seen.take(line);
    };
    const random = randomFrom(20_261_122);
    const everybody = [...consumers, subscriber].map(({ process }) => process);
    let spared: Killable[] = [];
    /** One after another in an order of chance, so that nobody gets away. */
    const victim = (): Killable | undefined => {
      if (spared.length === 0) spared = [...everybody];
      return spared.splice(Math.floor(random() * spared.length), 1)[0];
    };
    const gatewayKills = [...GATEWAY_KILLS];
    const untilNextKill = (): number => BETWEEN_KILLS.least + (BETWEEN_KILLS.most - BETWEEN_KILLS.least) * random();
    let nextKill = untilNextKill();
    while (handled.distinct < EVENTS || seen.total < EVENTS) {
      // A writer that fails ends the run.
      await Promise.race([after(50), writing.then(() => after(50))]);
      look();
      if (written() >= (gatewayKills[0] ?? Infinity) * EVENTS) {
        gatewayKills.shift();
        await gateway.kill();
        gateway = await startGateway(port);
      }
      if (handled.distinct < nextKill) continue;
      await victim()?.killAndRestart();
      nextKill += untilNextKill();
    }
    await writing;
    expect([handled.distinct, seen.total]).toEqual([EVENTS, EVENTS]);
    expect(gatewayKills).toEqual([]);
    expect(Math.min(...everybody.map(({ kills }) => kills))).toBeGreaterThan(0);

    const asking = connectTo(port);
    const { stats } = await asking.getPersistentSubscriptionToAllInfo(GROUP);
    expect(stats.parkedMessageCount).toBe(0n);
    await asking.dispose();
  });
});
