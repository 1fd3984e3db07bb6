import type { Exact } from './exact';
import { parseExact } from './exact';
import { Unmapped } from './unmapped';

/** Columns of the file (Chen, Sain and Guo 2012). */
export const onlineRetailColumns = [
  'InvoiceNo',
  'StockCode',
  'Description',
  'Quantity',
  'InvoiceDate',
  'UnitPrice',
  'CustomerID',
  'Country',
] as const;
export type OnlineRetailColumn = (typeof onlineRetailColumns)[number];

/** Why a line became no fact. */
export const unmappedMeanings = {
  unreadable: 'lines that are no invoice line: a field is missing or no number, date or code',
  anonymousCancellation: 'cancellations without a customer: nothing says which order they undo',
  cancellationWithoutOrder:
    'cancellations of a customer with no order in the data that has enough left to take them from',
  badDebt: 'adjustments of bad debt (invoices A…): bookkeeping, not an order',
  negativePrice: 'lines with a negative price: no order line may have one',
  stockCorrection: 'stock corrections (negative quantity outside a cancellation)',
  stockMovement: 'invoices without a customer on which nothing has a price: stock put in, nothing sold',
  zeroQuantity: 'lines of no quantity',
  cancellationOfNothing: 'lines of a cancellation with a quantity that is not negative',
  lateLine: 'lines of an invoice that had long been followed by others',
  tooManyLines: 'lines beyond the 2 000 that one order may have',
} as const;
export type UnmappedCode = keyof typeof unmappedMeanings;

export type OnlineRetailUnmapped = Unmapped<UnmappedCode>;
export const newUnmapped = (): OnlineRetailUnmapped => new Unmapped(unmappedMeanings);

export interface InvoiceLine {
  readonly line: number;
  readonly invoiceNo: string;
  readonly stockCode: string;
  readonly quantity: number;
  readonly unitPrice: Exact;
  /** quantity × unitPrice. */
  readonly amount: Exact;
  /** Invoice date as an instant with milliseconds. */
  readonly at: string;
  /** '' when the line names none. */
  readonly customerId: string;
  /** For the listing of examples. */
  readonly text: string;
}

const INTEGER = /^-?\d{1,9}$/;
const INVOICE = /^[A-Za-z0-9_-]{1,40}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** Decodes one row that fits the header; null when it is no invoice line. */
export const readInvoiceLine = (
  line: number,
  fields: ReadonlyArray<string>,
  field: (fields: ReadonlyArray<string>, column: OnlineRetailColumn) => string,
): InvoiceLine | null => {
  const invoiceNo = field(fields, 'InvoiceNo');
  const stockCode = field(fields, 'StockCode').trim();
  const quantity = field(fields, 'Quantity');
  const unitPrice = parseExact(field(fields, 'UnitPrice'));
  const date = field(fields, 'InvoiceDate');
  const isReadable =
    INVOICE.test(invoiceNo) &&
    stockCode !== '' &&
    INTEGER.test(quantity) &&
    INSTANT.test(date) &&
    !Number.isNaN(Date.parse(date));
  if (!isReadable || unitPrice === null) return null;
  const amount = Number(quantity) * unitPrice;
  return {
    line,
    invoiceNo,
    stockCode,
    quantity: Number(quantity),
    unitPrice,
    // −0 would be printed.
    amount: amount === 0 ? 0 : amount,
    at: `${date.slice(0, 19)}.000Z`,
    customerId: field(fields, 'CustomerID'),
    text: `${invoiceNo} ${stockCode} ${quantity} × ${field(fields, 'UnitPrice')}`,
  };
};

export const isCancellation = (invoiceNo: string): boolean => invoiceNo.startsWith('C');

/** What a line is: part of an order, part of a cancellation, or the reason why it is neither. */
export const kindOf = ({
  invoiceNo,
  quantity,
  unitPrice,
  customerId,
}: InvoiceLine): 'sale' | 'cancellation' | UnmappedCode => {
  if (quantity === 0) return 'zeroQuantity';
  if (invoiceNo.startsWith('A')) return 'badDebt';
  if (unitPrice < 0) return 'negativePrice';
  if (isCancellation(invoiceNo)) {
    if (quantity > 0) return 'cancellationOfNothing';
    return customerId === '' ? 'anonymousCancellation' : 'cancellation';
  }
  return quantity < 0 ? 'stockCorrection' : 'sale';
};

/**
 * Articles have codes of five digits, sometimes with letters behind; the first two digits are their
 * family. What has no such code (postage, bank charges, manual entries, fees) is a service, except
 * gifts and the shop's own dotcom goods, which keep their name.
 */
export const productLineOf = (stockCode: string): string => {
  if (/^\d{5}/.test(stockCode)) return `family-${stockCode.slice(0, 2)}`;
  if (/^gift_/i.test(stockCode)) return 'gift-voucher';
  return /^DCGS/i.test(stockCode) ? 'dotcom-goods' : 'service';
};
