import { EXACT_PER_MINOR, type Exact, showExact } from './exact';
import { countFigure, moneyFigure } from './figures';
import {
  type InvoiceLine,
  isCancellation,
  onlineRetailColumns,
  type OnlineRetailUnmapped,
} from './online-retail-lines';
import { roundingOf, type TakenBack } from './purchase-book';
import type { ImportReport } from './source';
import type { FactTally } from './tally';

/**
 * The file's own figures, summed line by line before any mapping, and those of the facts. Both sides
 * are counted on their own, so that their agreement says something.
 */
export class OnlineRetailTotals {
  /** All of them until there is a header. */
  missingColumns: ReadonlyArray<string> = onlineRetailColumns;
  lines = 0;
  repeatedLines = 0;
  mappedLines = 0;
  cancellationInvoices = 0;
  factGross: Exact = 0;
  factReversed: Exact = 0;
  /** Σ of what was not mapped of lines with a customer. */
  customerUnmapped: Exact = 0;
  readonly #customers = new Set<string>();
  readonly #invoices = new Set<string>();
  readonly #cancellations = new Set<string>();
  readonly #withoutFact = { invoices: 0, cancellations: 0 };
  readonly #takenBack = { goods: 0, money: 0, goodsAmount: 0, moneyAmount: 0 };
  #positive: Exact = 0;
  #negative: Exact = 0;
  #roundingOfOrders: Exact = 0;
  #roundingOfReversals: Exact = 0;
  #roundingOfAnonymous: Exact = 0;
  #anonymousOrders = 0;
  #anonymousGross: Exact = 0;
  #customerAmount: Exact = 0;

  read({ invoiceNo, customerId, amount }: InvoiceLine): void {
    this.lines += 1;
    this.#invoices.add(invoiceNo);
    if (isCancellation(invoiceNo)) this.#cancellations.add(invoiceNo);
    if (customerId !== '') {
      this.#customers.add(customerId);
      this.#customerAmount += amount;
    }
    if (amount > 0) this.#positive += amount;
    else this.#negative += amount;
  }

  ordered(sales: ReadonlyArray<InvoiceLine>, totalNetMinor: number, isAnonymous: boolean): void {
    this.mappedLines += sales.length;
    let exact = 0;
    for (const { amount } of sales) exact += amount;
    const rounding = roundingOf(exact, totalNetMinor);
    this.#roundingOfOrders += rounding;
    if (!isAnonymous) return;
    this.#roundingOfAnonymous += rounding;
    this.#anonymousOrders += 1;
    this.#anonymousGross += totalNetMinor * EXACT_PER_MINOR;
  }

  takenBack({ kind, amount }: TakenBack, rounding: Exact): void {
    this.#roundingOfReversals -= rounding;
    this.#takenBack[kind] += 1;
    this.#takenBack[kind === 'goods' ? 'goodsAmount' : 'moneyAmount'] += amount;
  }

  invoiceWithoutFact(cancellation: boolean): void {
    this.#withoutFact.invoices += 1;
    if (cancellation) this.#withoutFact.cancellations += 1;
  }

  report(tally: FactTally, unmapped: OnlineRetailUnmapped, registered: number): ImportReport {
    const orders = tally.count('OrderPlaced');
    const { factGross, factReversed } = this;
    const rounding = this.#roundingOfOrders + this.#roundingOfReversals;
    const classes = unmapped.classes();
    const figures = [
      countFigure('lines', this.lines, this.mappedLines, unmapped.lines),
      countFigure('customers', this.#customers.size, registered),
      countFigure('invoices', this.#invoices.size, orders + this.cancellationInvoices, this.#withoutFact.invoices),
      countFigure(
        'cancellations',
        this.#cancellations.size,
        this.cancellationInvoices,
        this.#withoutFact.cancellations,
      ),
      moneyFigure('gross revenue', this.#positive, factGross, unmapped.positive, this.#roundingOfOrders),
      moneyFigure('taken back', this.#negative, -factReversed, unmapped.negative, this.#roundingOfReversals),
      moneyFigure('net revenue', this.#positive + this.#negative, factGross - factReversed, unmapped.amount, rounding),
      moneyFigure(
        'net revenue of customers',
        this.#customerAmount,
        factGross - this.#anonymousGross - factReversed,
        this.customerUnmapped,
        rounding - this.#roundingOfAnonymous,
      ),
    ];
    return {
      format: 'online-retail',
      lines: this.lines,
      facts: tally.facts,
      factsByType: tally.byType(),
      endsAt: tally.endsAt,
      figures,
      unmapped: classes,
      remarks: this.#remarks(tally),
      missingColumns: this.missingColumns,
      agrees: this.missingColumns.length === 0 && figures.every(({ agrees }) => agrees),
    };
  }

  #remarks(tally: FactTally): ReadonlyArray<string> {
    const { goods, money, goodsAmount, moneyAmount } = this.#takenBack;
    return [
      `${this.repeatedLines} lines repeat another line of their invoice exactly; they are kept, the revenue of the file counts them`,
      `${this.#anonymousOrders} orders have no customer; each is a fresh anonymous party's (${showExact(this.#anonymousGross)})`,
      `${tally.count('OrderReversed')} reversals: ${goods} parts found the goods that they undo (${showExact(goodsAmount)}), ${money} were taken as money from the customer's newest order with more than that left (${showExact(moneyAmount)})`,
    ];
  }
}
