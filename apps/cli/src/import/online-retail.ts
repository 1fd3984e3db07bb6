import * as E from 'fp-ts/Either';
import { pipe } from 'fp-ts/function';
import type { Readable } from 'node:stream';
import type { CloudEvent } from './cloud-event';
import { type Columns, locateColumns, readCsv } from './csv';
import { reportingAmount } from './exact';
import { openInput } from './input';
import { CURRENCY } from './online-retail-facts';
import { type OnlineRetailColumn, onlineRetailColumns, readInvoiceLine } from './online-retail-lines';
import { OnlineRetailMapping } from './online-retail-mapping';
import type { CurrencyOptions, Input, Opened } from './source';

/**
 * Reads the Online Retail file (Chen, Sain and Guo 2012) in one pass: an invoice is an order, a
 * cancellation is the reversal of the orders it undoes. Facts come in the order of their time. Memory
 * holds a few open invoices and, in numeric columns, what each customer bought.
 */
export const openOnlineRetail = (input: Input, currency: CurrencyOptions): Opened<CloudEvent> =>
  pipe(
    reportingAmount(CURRENCY, currency),
    E.map((reporting) => {
      const mapping = new OnlineRetailMapping(reporting);
      const { bytes, progress } = openInput(input);
      return { facts: factsOf(bytes, mapping), progress, report: () => mapping.report() };
    }),
  );

async function* factsOf(bytes: Readable, mapping: OnlineRetailMapping): AsyncGenerator<CloudEvent> {
  let columns: Columns<OnlineRetailColumn> | undefined;
  for await (const { line, fields } of readCsv(bytes, (at, reason) => mapping.unreadable(at, reason))) {
    if (columns === undefined) {
      columns = locateColumns(fields, onlineRetailColumns);
      mapping.header(columns.missing);
      continue;
    }
    const read = columns.fit(fields) ? readInvoiceLine(line, fields, columns.field) : null;
    if (read === null) mapping.unreadable(line, fields.join(',').slice(0, 80));
    else if (mapping.read(read, fields)) yield* mapping.takeFacts();
  }
  mapping.finish();
  yield* mapping.takeFacts();
}
