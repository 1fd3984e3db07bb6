import { type Exact, parseExact } from './exact';

/** The columns that are read. */
export const superstoreColumns = [
  'Order ID',
  'Order Date',
  'Ship Date',
  'Ship Mode',
  'Customer ID',
  'Customer Name',
  'Product ID',
  'Sub-Category',
  'Sales',
  'Quantity',
  'Discount',
  'Profit',
] as const;
export type SuperstoreColumn = (typeof superstoreColumns)[number];

/**
 * Days after the order within which each ship mode promises to ship. The data does not say what was
 * promised; these are what the names mean, and what nearly every order of the mode kept.
 */
const promisedDays: Readonly<Record<string, number>> = {
  'Same Day': 0,
  'First Class': 3,
  'Second Class': 5,
  'Standard Class': 7,
};

export interface SuperstoreLine {
  readonly line: number;
  readonly orderId: string;
  readonly orderDate: string;
  readonly shipDate: string;
  readonly promisedDays: number;
  readonly customerId: string;
  readonly customerName: string;
  readonly productId: string;
  readonly subCategory: string;
  readonly sales: Exact;
  readonly quantity: number;
  /** Fraction of the list price, 0 ≤ d < 1. */
  readonly discount: number;
  /** Negative when the line was sold below cost. */
  readonly profit: Exact;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const QUANTITY = /^[1-9]\d{0,6}$/;
const DISCOUNT = /^0(\.\d{1,4})?$/;

const isDay = (text: string): boolean => DAY.test(text) && !Number.isNaN(Date.parse(text));

/** Decodes one row; null when it is no order line. */
export const readSuperstoreLine = (
  line: number,
  fields: ReadonlyArray<string>,
  field: (fields: ReadonlyArray<string>, column: SuperstoreColumn) => string,
): SuperstoreLine | null => {
  const text = (column: SuperstoreColumn): string => field(fields, column);
  const sales = parseExact(text('Sales'));
  const profit = parseExact(text('Profit'));
  const days = promisedDays[text('Ship Mode')];
  const isReadable =
    ID.test(text('Order ID')) &&
    isDay(text('Order Date')) &&
    isDay(text('Ship Date')) &&
    text('Ship Date') >= text('Order Date') &&
    [text('Customer ID'), text('Customer Name'), text('Product ID'), text('Sub-Category')].every((one) => one !== '') &&
    QUANTITY.test(text('Quantity')) &&
    DISCOUNT.test(text('Discount'));
  if (!isReadable || sales === null || sales < 0 || profit === null || days === undefined) return null;
  return {
    line,
    orderId: text('Order ID'),
    orderDate: text('Order Date'),
    shipDate: text('Ship Date'),
    promisedDays: days,
    customerId: text('Customer ID'),
    customerName: text('Customer Name'),
    productId: text('Product ID'),
    subCategory: text('Sub-Category'),
    sales,
    quantity: Number(text('Quantity')),
    discount: Number(text('Discount')),
    profit,
  };
};
