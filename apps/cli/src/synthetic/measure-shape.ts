import * as E from 'fp-ts/Either';
import { DAY_MS } from '@afecto/domain';
import { openOnlineRetail } from '../import';
import { type Quantiles, quantilesOf, shareTable } from './quantiles';
import { BANDS } from './shape';

/**
 * Measures the shape of the Online Retail file (Chen, Sain and Guo 2012) and prints it as the constants of
 * `shape.ts`: `measure-shape.js PATH`. Only customers whom the file names count; an order without a
 * customer tells nothing about repetition.
 */
interface Order {
  readonly partyId: string;
  readonly at: number;
  readonly lines: number;
  readonly totalMinor: number;
  reversedMinor: number;
  reversedAt: number;
}

const read = async (path: string): Promise<ReadonlyMap<string, Order>> => {
  const source = openOnlineRetail({ path }, { reportingCurrency: 'GBP' });
  if (E.isLeft(source)) throw new Error(source.left.message);
  const orders = new Map<string, Order>();
  for await (const fact of source.right.facts) {
    if (fact.type === 'OrderPlaced' && !fact.data.partyId.startsWith('anon-')) {
      const { orderId, partyId, lines, totalNetMinor } = fact.data;
      orders.set(orderId, {
        partyId,
        at: Date.parse(fact.time),
        lines: lines.length,
        totalMinor: totalNetMinor,
        reversedMinor: 0,
        reversedAt: 0,
      });
    }
    if (fact.type !== 'OrderReversed') continue;
    const order = orders.get(fact.data.orderId);
    if (order === undefined) continue;
    order.reversedMinor += fact.data.amountMinor;
    order.reversedAt ||= Date.parse(fact.time);
  }
  return orders;
};

const gapsByBand = (byParty: Iterable<ReadonlyArray<Order>>): ReadonlyArray<ReadonlyArray<number>> => {
  const gaps: number[][] = BANDS.map(() => []);
  for (const orders of byParty) {
    const band = BANDS.findLastIndex((atLeast) => orders.length >= atLeast);
    const times = orders.map(({ at }) => at).toSorted((a, b) => a - b);
    for (const [index, at] of times.entries()) {
      const before = times[index - 1];
      if (before !== undefined) gaps[band]?.push((at - before) / DAY_MS);
    }
  }
  return gaps;
};

const shown = (quantiles: Quantiles, digits: number): string =>
  `[${quantiles.map((value) => Number(value.toFixed(digits))).join(', ')}]`;

const main = async (path: string): Promise<void> => {
  const orders = [...(await read(path)).values()];
  const byParty = Map.groupBy(orders, ({ partyId }) => partyId);
  const reversed = orders.filter(({ reversedMinor }) => reversedMinor > 0);
  const dates = orders.map(({ at }) => new Date(at));
  const first = Math.min(...orders.map(({ at }) => at));
  const last = Math.max(...orders.map(({ at }) => at));
  const days = Math.ceil((last - first) / DAY_MS);
  const months = new Map<number, number>();
  for (let day = 0; day < days; day += 1) {
    const month = new Date(first + day * DAY_MS).getUTCMonth();
    months.set(month, (months.get(month) ?? 0) + 1);
  }
  const monthly = shareTable(
    dates.map((date) => date.getUTCMonth()),
    12,
  );
  const tables: ReadonlyArray<readonly [string, string]> = [
    ['customers', String(byParty.size)],
    ['orders', String(orders.length)],
    ['days', String(days)],
    ['ordersOfCustomer', shown(quantilesOf([...byParty.values()].map(({ length }) => length)), 0)],
    [
      'gapDays',
      `[\n${gapsByBand(byParty.values())
        .map((gaps) => `    ${gaps.length === 0 ? '[]' : shown(quantilesOf(gaps), 3)},`)
        .join('\n')}\n  ]`,
    ],
    ['linesOfOrder', shown(quantilesOf(orders.map(({ lines }) => lines)), 0)],
    ['totalMinor', shown(quantilesOf(orders.map(({ totalMinor }) => totalMinor)), 0)],
    ['reversedShare', (reversed.length / orders.length).toFixed(4)],
    [
      'reversedAmountShare',
      shown(quantilesOf(reversed.map((order) => order.reversedMinor / Math.max(1, order.totalMinor))), 4),
    ],
    ['reversedAfterDays', shown(quantilesOf(reversed.map((order) => (order.reversedAt - order.at) / DAY_MS)), 3)],
    // Per day, because the file has nine days more of December than of the other months.
    [
      'months',
      shown(
        monthly.map((share, month) => (share * days) / (months.get(month) ?? 1)),
        3,
      ),
    ],
    [
      'weekdays',
      shown(
        shareTable(
          dates.map((date) => date.getUTCDay()),
          7,
        ),
        4,
      ),
    ],
    [
      'hours',
      shown(
        shareTable(
          dates.map((date) => date.getUTCHours()),
          24,
        ),
        4,
      ),
    ],
  ];
  for (const [name, value] of tables) process.stdout.write(`  ${name}: ${value},\n`);
};

main(process.argv[2] ?? 'online-retail.csv.gz').catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
