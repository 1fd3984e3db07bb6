import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { type Amounts, connect, EVENTS_A_BATCH, fill, type Load, loads, type Run } from './loads';
import { RawLog } from './raw-log';
import { type ServedProcess, startServed } from './served-process';

/** One figure of the gateway beside what limits it. */
export interface GatewayFigure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'events/s' | 'reads/s' | 'ms';
  /** What a prototype with nothing durable behind it reached (`eventstoredb-protocol` 5); null: not known. */
  readonly ceiling: number | null;
  /** The same load on a bare gRPC server, in this run. */
  readonly bare: number;
  /** Durable rows a second by plain `node:sqlite` in this run, as many a commit; null: nothing is written. */
  readonly commits: number | null;
  /**
   * What `bare` and `commits` allow together: the sum of their times where a step waits for both, else the
   * slower of the two; null: not computed.
   */
  readonly limit: number | null;
  /** Microseconds of the gateway's processor time an event or a read. */
  readonly processorTime: number;
}

export interface MeasureGatewayOptions extends Partial<Amounts> {
  /** Runs of each figure, the gateway and the bare server by turns; default 3. */
  readonly rounds?: number;
  /** Path of the compiled `serve.js`; default: beside this file. */
  readonly entry?: string;
  /** Variables for the servers' processes. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One figure that a load gives. */
interface Asked {
  readonly name: string;
  readonly unit: GatewayFigure['unit'];
  readonly ceiling: number | null;
  readonly of: (run: Run) => number;
  /** Of the bare server's figure and the raw commits' rows a second. */
  readonly limit: (bare: number, commits: number) => number | null;
}

interface Measured {
  readonly load: Load;
  /** Rows a commit of the raw limit; null: the load writes nothing. */
  readonly rows: number | null;
  readonly figures: ReadonlyArray<Asked>;
}

const percentile =
  (share: number) =>
  (values: ReadonlyArray<number>): number => {
    const sorted = values.toSorted((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  };
const median = percentile(0.5);
const rate = ({ events, milliseconds }: Run): number => (events * 1_000) / milliseconds;
const p50 = ({ steps }: Run): number => median(steps);
const p99 = ({ steps }: Run): number => percentile(0.99)(steps);

const inSeries = (bare: number, commits: number): number => 1 / (1 / bare + 1 / commits);
const theSlower = (bare: number, commits: number): number => Math.min(bare, commits);
const oneCommitMore = (bare: number, commits: number): number => bare + 1_000 / commits;
const unknown = (): null => null;

const MEASURED: ReadonlyArray<Measured> = [
  {
    load: loads.oneByOne,
    rows: 1,
    figures: [
      { name: 'appends one by one', unit: 'events/s', ceiling: 3_600, of: rate, limit: inSeries },
      { name: 'appends one by one, p50', unit: 'ms', ceiling: 0.17, of: p50, limit: oneCommitMore },
    ],
  },
  {
    load: loads.inCompany,
    rows: 64,
    figures: [{ name: 'appends, 64 in flight', unit: 'events/s', ceiling: 12_500, of: rate, limit: theSlower }],
  },
  {
    load: loads.inBatches,
    rows: EVENTS_A_BATCH,
    figures: [{ name: 'appends of 100 events', unit: 'events/s', ceiling: 30_000, of: rate, limit: inSeries }],
  },
  {
    load: loads.singleReads,
    rows: null,
    figures: [{ name: 'reads of one event of a stream', unit: 'reads/s', ceiling: 1_300, of: rate, limit: theSlower }],
  },
  {
    load: loads.readAll,
    rows: null,
    figures: [{ name: 'reading $all', unit: 'events/s', ceiling: 52_500, of: rate, limit: theSlower }],
  },
  {
    load: loads.catchUp,
    rows: null,
    figures: [{ name: 'catching up with $all', unit: 'events/s', ceiling: 52_500, of: rate, limit: theSlower }],
  },
  {
    load: loads.liveDelivery,
    rows: 1,
    figures: [
      { name: 'live delivery, p50', unit: 'ms', ceiling: 0.19, of: p50, limit: oneCommitMore },
      { name: 'live delivery, p99', unit: 'ms', ceiling: null, of: p99, limit: unknown },
    ],
  },
];

interface Side {
  readonly served: ServedProcess;
  readonly client: EventStoreDBClient;
}

interface Round {
  readonly gateway: Run;
  readonly bare: Run;
  readonly processorTime: number;
  /** Infinity: nothing is written. */
  readonly commits: number;
}

const figuresOf = ({ figures }: Measured, rounds: ReadonlyArray<Round>): ReadonlyArray<GatewayFigure> =>
  figures.map(({ name, unit, ceiling, of, limit }) => {
    const bare = median(rounds.map((round) => of(round.bare)));
    const commits = median(rounds.map((round) => round.commits));
    return {
      name,
      unit,
      ceiling,
      value: median(rounds.map(({ gateway }) => of(gateway))),
      bare,
      commits: commits === Infinity ? null : commits,
      limit: limit(bare, commits),
      processorTime: median(rounds.map(({ processorTime }) => processorTime)),
    };
  });

/**
 * Measures a gateway over a store file in a process of its own, through the official client in this
 * one, with the events of section 5 of `eventstoredb-protocol`. Each figure is the median of its runs, which lie
 * between runs of the same load on a bare server, so that a slow moment of a shared machine meets both.
 */
export const measureGateway = async ({
  rounds = 3,
  runMs = 700,
  read = 20_000,
  delivered = 500,
  entry = join(__dirname, 'serve.js'),
  environment = {},
}: MeasureGatewayOptions = {}): Promise<ReadonlyArray<GatewayFigure>> => {
  const amounts: Amounts = { runMs, read, delivered };
  const folder = mkdtempSync(join(tmpdir(), 'afecto-bench-'));
  const sides: Side[] = [];
  const start = async (file: string | null): Promise<Side> => {
    const served = await startServed(entry, file, environment);
    const side: Side = { served, client: connect(served.port) };
    sides.push(side);
    await fill(side.client, amounts);
    return side;
  };
  const raw = new RawLog(join(folder, 'raw.db'), read);
  const once = async ({ load, rows }: Measured, gateway: Side, bare: Side): Promise<Round> => {
    const before = await gateway.served.processorTime();
    const ours = await load(gateway.client, amounts);
    const processorTime = ((await gateway.served.processorTime()) - before) / ours.events;
    const commits = rows === null ? Infinity : raw.rate(rows, runMs / 3);
    return { gateway: ours, bare: await load(bare.client, amounts), processorTime, commits };
  };
  try {
    const gateway = await start(join(folder, 'log.db'));
    const bare = await start(null);
    const figures: GatewayFigure[] = [];
    for (const measured of MEASURED) {
      // The first run warms both sides up.
      await once(measured, gateway, bare);
      const measuredRounds: Round[] = [];
      for (let round = 0; round < rounds; round += 1) measuredRounds.push(await once(measured, gateway, bare));
      figures.push(...figuresOf(measured, measuredRounds));
    }
    return figures;
  } finally {
    for (const { client, served } of sides) {
      await client.dispose();
      await served.stop();
    }
    raw.close();
    rmSync(folder, { recursive: true, force: true });
  }
};
