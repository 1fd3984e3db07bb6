import type { CloudEventOf } from './cloud-event';
import { type Exact, type ReportingAmount, toMinor } from './exact';
import { type InvoiceLine, productLineOf } from './online-retail-lines';
import { opaqueId } from './opaque-id';
import type { TakenBack } from './purchase-book';

export const SOURCE = 'online-retail';
export const CURRENCY = 'GBP';

export const customerPartyId = (customerId: string): string => opaqueId('or', customerId);
/** An order without a customer is a fresh anonymous party's (`domain.md §8.2`). */
export const anonymousPartyId = (invoiceNo: string): string => `anon-${invoiceNo}`;

export const registration = (customerId: string, at: string): CloudEventOf<'PartyRegistered'> => {
  const partyId = customerPartyId(customerId);
  return {
    specversion: '1.0',
    id: `customer-${partyId}`,
    source: SOURCE,
    type: 'PartyRegistered',
    time: at,
    subject: partyId,
    data: { partyId, kind: 'person', displayName: `Customer ${customerId}`, source: SOURCE },
  };
};

/** One invoice with its lines as they stand, each rounded half up to a penny; the file knows no list price and no cost. */
export const order = (
  invoiceNo: string,
  partyId: string,
  at: string,
  lines: ReadonlyArray<InvoiceLine>,
  reporting: ReportingAmount,
): CloudEventOf<'OrderPlaced'> => {
  let totalNetMinor = 0;
  const orderLines = lines.map(({ stockCode, quantity, amount }) => {
    const netMinor = toMinor(amount);
    totalNetMinor += netMinor;
    return { sku: stockCode, productLine: productLineOf(stockCode), qty: quantity, listMinor: netMinor, netMinor };
  });
  return {
    specversion: '1.0',
    id: `order-${invoiceNo}`,
    source: SOURCE,
    type: 'OrderPlaced',
    time: at,
    subject: partyId,
    channel: 'web',
    data: {
      orderId: invoiceNo,
      partyId,
      channel: 'web',
      lines: orderLines,
      totalNetMinor,
      currency: CURRENCY,
      ...reporting(totalNetMinor),
      appliedPreferenceIds: [],
    },
  };
};

/** What one cancellation invoice takes back from one order. */
export class ReversalDraft {
  readonly #lines: { sku: string; productLine: string; qty: number; netMinor: number }[] = [];
  amountMinor = 0;
  amount: Exact = 0;
  #undoesOrder = false;
  #hasMoney = false;

  constructor(readonly orderId: string) {}

  add(stockCode: string, { kind, quantity, amountMinor, amount, undoesOrder }: TakenBack): void {
    this.amountMinor += amountMinor;
    this.amount += amount;
    this.#undoesOrder ||= undoesOrder;
    if (kind === 'money') this.#hasMoney = true;
    else
      this.#lines.push({ sku: stockCode, productLine: productLineOf(stockCode), qty: quantity, netMinor: amountMinor });
  }

  /**
   * `cancelled`: nothing of the order is left; `returned`: goods came back; `refunded`: money went back
   * and no goods say why. Lines are named only when they explain the whole amount.
   */
  toFact(
    cancellationNo: string,
    partyId: string,
    at: string,
    reporting: ReportingAmount,
  ): CloudEventOf<'OrderReversed'> {
    const onlyGoods = !this.#hasMoney && this.#lines.length > 0;
    return {
      specversion: '1.0',
      id: `reversal-${cancellationNo}-${this.orderId}`,
      source: SOURCE,
      type: 'OrderReversed',
      time: at,
      subject: partyId,
      channel: 'web',
      correlationid: cancellationNo,
      data: {
        orderId: this.orderId,
        kind: this.#undoesOrder ? 'cancelled' : onlyGoods ? 'returned' : 'refunded',
        amountMinor: this.amountMinor,
        ...reporting(this.amountMinor),
        ...(onlyGoods ? { lines: this.#lines } : {}),
        reason: this.#hasMoney ? 'cancellation-without-matching-goods' : 'cancellation-of-goods',
      },
    };
  }
}
