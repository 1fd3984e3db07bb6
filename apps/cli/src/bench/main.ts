import { join } from 'node:path';
import { measureEventStore } from '@afecto/event-store';
import { measureGateway } from '@afecto/gateway';
import { measureServer } from '@afecto/server';
import { table } from '../terminal/table';
import { gatewayTable, shown } from './gateway-table';
import { measureRebuild } from './measure-rebuild';

/**
 * Measures the hot paths and prints tables: each figure beside the raw limit measured in the same
 * run. Medians of several runs. `--json` for machines.
 */
interface Line {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** At least so much, or at most for latencies. */
  readonly wanted?: number;
  readonly wantedRatio?: number;
  readonly lower?: boolean;
  readonly raw?: number;
  readonly ratio?: number;
}

/** One by one, 64 at once, scan: in the order in which the event store measures them. */
const STORE_WANTED = [{ wantedRatio: 0.7 }, { wanted: 20_000, wantedRatio: 0.5 }, { wantedRatio: 0.6 }] as const;

const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return ((sorted[Math.floor((sorted.length - 1) / 2)] ?? 0) + (sorted[Math.ceil((sorted.length - 1) / 2)] ?? 0)) / 2;
};

const measure = async (say: (text: string) => void): Promise<ReadonlyArray<Line>> => {
  const lines: Line[] = [];
  say('event store …');
  for (const [index, { name, value, raw, ratio }] of (await measureEventStore({})).entries())
    lines.push({ name, value, unit: 'events/s', raw, ratio, ...STORE_WANTED[index] });
  say('rebuild …');
  const { facts, parties, rates, rawRates } = await measureRebuild(8, 3);
  const [value, raw] = [median(rates), median(rawRates)];
  lines.push({
    name: `rebuild of all projections (${facts} facts, ${parties} customers)`,
    value,
    unit: 'facts/s',
    raw,
    ratio: value / raw,
    wanted: 60_000,
  });
  say('server …');
  const entry = join(__dirname, '..', '..', '..', 'server', 'src', 'main.js');
  for (const figure of await measureServer(entry))
    lines.push({ ...figure, wanted: figure.floor, lower: figure.unit === 'ms' });
  return lines;
};

const main = async (): Promise<void> => {
  const asJson = process.argv.includes('--json');
  const say = (text: string): void => {
    process.stderr.write(`${text}\n`);
  };
  const lines = await measure(say);
  say('gateway …');
  const gateway = await measureGateway();
  if (asJson) {
    process.stdout.write(`${JSON.stringify([...lines, ...gateway], null, 2)}\n`);
    return;
  }
  const rows = lines.map(({ name, value, unit, raw, ratio, wanted, wantedRatio, lower }) => [
    name,
    shown(value),
    unit,
    shown(raw),
    shown(ratio),
    [
      ...(wanted === undefined ? [] : [`${lower === true ? '≤' : '≥'} ${shown(wanted)}`]),
      ...(wantedRatio === undefined ? [] : [`ratio ≥ ${wantedRatio}`]),
    ].join(', '),
  ]);
  process.stdout.write(`${table([['', 'ours', 'unit', 'raw', 'ratio', 'wanted'], ...rows], [1, 3, 4, 5])}\n\n`);
  process.stdout.write(`${gatewayTable(gateway)}\n`);
};

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
