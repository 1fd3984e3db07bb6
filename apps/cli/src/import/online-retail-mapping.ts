import type { CloudEvent } from './cloud-event';
import { EXACT_PER_MINOR, type Exact, type ReportingAmount } from './exact';
import { anonymousPartyId, customerPartyId, order, registration, ReversalDraft } from './online-retail-facts';
import { type InvoiceLine, isCancellation, kindOf, newUnmapped, type UnmappedCode } from './online-retail-lines';
import { OnlineRetailTotals } from './online-retail-totals';
import { PurchaseBook, roundingOf } from './purchase-book';
import type { ImportReport } from './source';
import { FactTally } from './tally';

interface OpenInvoice {
  readonly invoiceNo: string;
  readonly at: string;
  readonly customerId: string;
  readonly sales: InvoiceLine[];
  readonly cancellations: InvoiceLine[];
  /** Rows seen, to count exact repetitions. */
  readonly rows: Set<string>;
}

/** An invoice is complete once this many others have begun: two are interleaved in the file. */
const OPEN_INVOICES = 8;
/** `domain.md §14.1`, OrderPlaced. */
const MAX_LINES = 2_000;

/** Turns invoice lines into facts; what is not turned into one is counted (`OnlineRetailTotals`). */
export class OnlineRetailMapping {
  readonly #reporting: ReportingAmount;
  readonly #open = new Map<string, OpenInvoice>();
  readonly #closed = new Set<string>();
  readonly #registered = new Set<string>();
  readonly #purchases = new PurchaseBook();
  readonly #unmapped = newUnmapped();
  readonly #totals = new OnlineRetailTotals();
  readonly #tally = new FactTally();
  #ready: CloudEvent[] = [];

  constructor(reporting: ReportingAmount) {
    this.#reporting = reporting;
  }

  header(missing: ReadonlyArray<string>): void {
    this.#totals.missingColumns = missing;
  }

  unreadable(line: number, text: string): void {
    this.#totals.lines += 1;
    this.#unmapped.add('unreadable', line, 0, text);
  }

  /** Takes the next line; true when facts are ready to be taken. */
  read(line: InvoiceLine, fields: ReadonlyArray<string>): boolean {
    this.#totals.read(line);
    const invoice = this.#invoiceOf(line);
    if (invoice === null) {
      this.#leave('lateLine', line);
      return false;
    }
    const row = fields.join(',');
    if (invoice.rows.has(row)) this.#totals.repeatedLines += 1;
    else invoice.rows.add(row);
    const kind = kindOf(line);
    if (kind === 'sale') {
      if (invoice.sales.length < MAX_LINES) invoice.sales.push(line);
      else this.#leave('tooManyLines', line);
    } else if (kind === 'cancellation') invoice.cancellations.push(line);
    else this.#leave(kind, line);
    return this.#ready.length > 0;
  }

  finish(): void {
    for (const invoice of this.#open.values()) this.#close(invoice);
    this.#open.clear();
  }

  *takeFacts(): Generator<CloudEvent> {
    const ready = this.#ready;
    this.#ready = [];
    yield* ready;
  }

  report(): ImportReport {
    return this.#totals.report(this.#tally, this.#unmapped, this.#registered.size);
  }

  #invoiceOf({ invoiceNo, at, customerId }: InvoiceLine): OpenInvoice | null {
    const known = this.#open.get(invoiceNo);
    if (known) return known;
    if (this.#closed.has(invoiceNo)) return null;
    if (this.#open.size >= OPEN_INVOICES) {
      for (const oldest of this.#open.values()) {
        this.#close(oldest);
        this.#open.delete(oldest.invoiceNo);
        break;
      }
    }
    const opened = { invoiceNo, at, customerId, sales: [], cancellations: [], rows: new Set<string>() };
    this.#open.set(invoiceNo, opened);
    return opened;
  }

  #close(invoice: OpenInvoice): void {
    const { invoiceNo, at, customerId, sales, cancellations } = invoice;
    this.#closed.add(invoiceNo);
    if (customerId !== '' && !this.#registered.has(customerId)) {
      this.#registered.add(customerId);
      this.#hand(registration(customerId, at));
    }
    const isOrder = this.#placeOrder(invoiceNo, at, customerId, sales);
    const isReversal = this.#takeBack(invoiceNo, at, customerId, cancellations);
    if (!isOrder && !isReversal) this.#totals.invoiceWithoutFact(isCancellation(invoiceNo));
    else if (isReversal) this.#totals.cancellationInvoices += 1;
  }

  #placeOrder(invoiceNo: string, at: string, customerId: string, sales: ReadonlyArray<InvoiceLine>): boolean {
    if (sales.length === 0) return false;
    const isAnonymous = customerId === '';
    if (isAnonymous && sales.every(({ amount }) => amount === 0)) {
      for (const line of sales) this.#leave('stockMovement', line);
      return false;
    }
    const partyId = isAnonymous ? anonymousPartyId(invoiceNo) : customerPartyId(customerId);
    const fact = order(invoiceNo, partyId, at, sales, this.#reporting);
    const { totalNetMinor } = fact.data;
    this.#totals.ordered(sales, totalNetMinor, isAnonymous);
    if (!isAnonymous) this.#purchases.add(customerId, invoiceNo, totalNetMinor, sales);
    this.#hand(fact);
    return true;
  }

  #takeBack(invoiceNo: string, at: string, customerId: string, lines: ReadonlyArray<InvoiceLine>): boolean {
    const drafts = new Map<string, ReversalDraft>();
    for (const line of lines) {
      const { stockCode, quantity, unitPrice } = line;
      const { taken, restQuantity } = this.#purchases.takeBack(customerId, {
        stockCode,
        unitPrice,
        quantity: -quantity,
      });
      for (const part of taken) {
        const draft = drafts.get(part.orderId) ?? new ReversalDraft(part.orderId);
        drafts.set(part.orderId, draft);
        draft.add(stockCode, part);
        this.#totals.takenBack(part, roundingOf(part.amount, part.amountMinor));
      }
      const rest: Exact = restQuantity === 0 ? 0 : -restQuantity * unitPrice;
      if (taken.length === 0) this.#leave('cancellationWithoutOrder', line);
      else {
        this.#totals.mappedLines += 1;
        if (rest !== 0) this.#leavePart('cancellationWithoutOrder', line, rest);
      }
    }
    for (const draft of drafts.values()) {
      this.#hand(draft.toFact(invoiceNo, customerPartyId(customerId), at, this.#reporting));
    }
    return drafts.size > 0;
  }

  #leave(code: UnmappedCode, { line, amount, text, customerId }: InvoiceLine): void {
    this.#unmapped.add(code, line, amount, text);
    if (customerId !== '') this.#totals.customerUnmapped += amount;
  }

  #leavePart(code: UnmappedCode, { line, text, customerId }: InvoiceLine, rest: Exact): void {
    this.#unmapped.addPart(code, line, rest, text);
    if (customerId !== '') this.#totals.customerUnmapped += rest;
  }

  #hand(fact: CloudEvent): void {
    this.#tally.add(fact);
    if (fact.type === 'OrderPlaced') this.#totals.factGross += fact.data.totalNetMinor * EXACT_PER_MINOR;
    if (fact.type === 'OrderReversed') this.#totals.factReversed += fact.data.amountMinor * EXACT_PER_MINOR;
    this.#ready.push(fact);
  }
}
