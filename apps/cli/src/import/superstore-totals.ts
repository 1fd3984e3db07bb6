import type { CloudEvent } from './cloud-event';
import { EXACT_PER_MINOR, type Exact } from './exact';
import { countFigure, moneyFigure } from './figures';
import type { ImportReport } from './source';
import { costOf } from './superstore-facts';
import { superstoreColumns, type SuperstoreLine } from './superstore-lines';
import { FactTally } from './tally';
import { Unmapped } from './unmapped';

const meanings = {
  unreadable: 'lines that are no order line: a field is missing or no number, date or code',
  contradiction: 'lines of an order that an earlier line gives to another customer or day',
} as const;

/** The file's own figures, counted while reading, and those of the facts handed out. */
export class SuperstoreTotals {
  /** All of them until there is a header. */
  missingColumns: ReadonlyArray<string> = superstoreColumns;
  readonly #customers = new Set<string>();
  readonly #orders = new Set<string>();
  readonly #unmapped = new Unmapped(meanings);
  readonly #tally = new FactTally();
  #lines = 0;
  #sales: Exact = 0;
  #mappedLines = 0;
  #factSales: Exact = 0;
  #rounding: Exact = 0;
  #withoutCost = 0;
  #late = 0;
  readonly #promisedAt = new Map<string, string>();

  unreadable(line: number, text: string): void {
    this.#lines += 1;
    this.#unmapped.add('unreadable', line, 0, text);
  }

  read({ customerId, orderId, sales }: SuperstoreLine): void {
    this.#lines += 1;
    this.#customers.add(customerId);
    this.#orders.add(orderId);
    this.#sales += sales;
  }

  contradiction({ line, sales, orderId }: SuperstoreLine): void {
    this.#unmapped.add('contradiction', line, sales, orderId);
  }

  ordered(lines: ReadonlyArray<SuperstoreLine>, totalNetMinor: number): void {
    this.#mappedLines += lines.length;
    let exact = 0;
    for (const line of lines) {
      exact += line.sales;
      if (costOf(line) === null) this.#withoutCost += 1;
    }
    this.#rounding += exact - totalNetMinor * EXACT_PER_MINOR;
  }

  handed(fact: CloudEvent): void {
    this.#tally.add(fact);
    if (fact.type === 'OrderPlaced') {
      this.#factSales += fact.data.totalNetMinor * EXACT_PER_MINOR;
      if (fact.data.promisedAt !== undefined) this.#promisedAt.set(fact.data.orderId, fact.data.promisedAt);
    } else if (fact.type === 'OrderFulfilled') {
      const promisedAt = this.#promisedAt.get(fact.data.orderId);
      if (promisedAt !== undefined && fact.data.deliveredAt > promisedAt) this.#late += 1;
    }
  }

  report(): ImportReport {
    const tally = this.#tally;
    const figures = [
      countFigure('lines', this.#lines, this.#mappedLines, this.#unmapped.lines),
      countFigure('customers', this.#customers.size, tally.count('PartyRegistered')),
      countFigure('orders', this.#orders.size, tally.count('OrderPlaced')),
      moneyFigure('sales', this.#sales, this.#factSales, this.#unmapped.amount, this.#rounding),
    ];
    return {
      format: 'superstore',
      lines: this.#lines,
      facts: tally.facts,
      factsByType: tally.byType(),
      endsAt: tally.endsAt,
      figures,
      unmapped: this.#unmapped.classes(),
      remarks: [
        `${this.#late} orders were shipped after the day that their ship mode promises`,
        `${this.#withoutCost} lines state a profit above their sales and carry no cost`,
        'Sales have up to four places; each line is rounded half up to a cent',
      ],
      missingColumns: this.missingColumns,
      agrees: this.missingColumns.length === 0 && figures.every(({ agrees }) => agrees),
    };
  }
}
