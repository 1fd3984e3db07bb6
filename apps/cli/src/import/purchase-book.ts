import type { Exact } from './exact';
import { EXACT_PER_MINOR, toMinor } from './exact';

export interface BoughtLine {
  readonly stockCode: string;
  readonly unitPrice: Exact;
  readonly quantity: number;
}

/** What one cancellation line takes back from one order. */
export interface TakenBack {
  readonly orderId: string;
  /** `goods`: these goods were bought with that order. `money`: only the amount is known to be due. */
  readonly kind: 'goods' | 'money';
  /** 0 for `money`. */
  readonly quantity: number;
  readonly amountMinor: number;
  readonly amount: Exact;
  /** Nothing of the order is left after it. */
  readonly undoesOrder: boolean;
}

/** A column of numbers that grows; far smaller than an array of objects. */
class Column {
  #values = new Float64Array(1024);
  length = 0;

  push(value: number): number {
    if (this.length === this.#values.length) {
      const wider = new Float64Array(this.#values.length * 2);
      wider.set(this.#values);
      this.#values = wider;
    }
    this.#values[this.length] = value;
    return this.length++;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#values[index] = value;
  }
}

const NONE = -1;

/**
 * What each customer bought and what of it has not been taken back, so that a cancellation finds the
 * order that it undoes. Lines and orders of a customer are linked lists through numeric columns, newest
 * first: about 40 bytes a line.
 */
export class PurchaseBook {
  readonly #stockCodes = new Map<string, number>();
  readonly #lastLine = new Map<string, number>();
  readonly #lastOrder = new Map<string, number>();
  readonly #orderIds: string[] = [];
  readonly #orderLeftMinor = new Column();
  readonly #previousOrder = new Column();
  readonly #lineStock = new Column();
  readonly #linePrice = new Column();
  readonly #lineLeft = new Column();
  readonly #lineOrder = new Column();
  readonly #previousLine = new Column();

  add(customerId: string, orderId: string, totalMinor: number, lines: ReadonlyArray<BoughtLine>): void {
    const order = this.#orderIds.push(orderId) - 1;
    this.#orderLeftMinor.push(totalMinor);
    this.#previousOrder.push(this.#lastOrder.get(customerId) ?? NONE);
    this.#lastOrder.set(customerId, order);
    let previous = this.#lastLine.get(customerId) ?? NONE;
    for (const { stockCode, unitPrice, quantity } of lines) {
      this.#lineStock.push(this.#stock(stockCode));
      this.#linePrice.push(unitPrice);
      this.#lineLeft.push(quantity);
      this.#lineOrder.push(order);
      previous = this.#previousLine.push(previous);
    }
    this.#lastLine.set(customerId, previous);
  }

  /**
   * Takes goods back, newest purchase first, over as many orders as it needs: first the same article at
   * the same price, then the same article at another price. What no purchase explains is taken as money
   * from the newest order with more than that left, so that a refund never undoes a whole order.
   * Nothing is ever taken beyond what is left of an order. The rest is what could not be placed.
   */
  takeBack(
    customerId: string,
    { stockCode, unitPrice, quantity }: BoughtLine,
  ): { readonly taken: ReadonlyArray<TakenBack>; readonly restQuantity: number } {
    const taken: TakenBack[] = [];
    let rest = this.#takeGoods(customerId, stockCode, unitPrice, quantity, true, taken);
    if (rest > 0) rest = this.#takeGoods(customerId, stockCode, unitPrice, rest, false, taken);
    if (rest > 0 && this.#takeMoney(customerId, rest * unitPrice, taken)) rest = 0;
    return { taken, restQuantity: rest };
  }

  #stock(stockCode: string): number {
    const key = stockCode.toUpperCase();
    const known = this.#stockCodes.get(key);
    if (known !== undefined) return known;
    this.#stockCodes.set(key, this.#stockCodes.size);
    return this.#stockCodes.size - 1;
  }

  #takeGoods(
    customerId: string,
    stockCode: string,
    unitPrice: Exact,
    wanted: number,
    samePrice: boolean,
    taken: TakenBack[],
  ): number {
    const stock = this.#stockCodes.get(stockCode.toUpperCase());
    if (stock === undefined) return wanted;
    let rest = wanted;
    for (
      let line = this.#lastLine.get(customerId) ?? NONE;
      line !== NONE && rest > 0;
      line = this.#previousLine.at(line)
    ) {
      const left = this.#lineLeft.at(line);
      if (left <= 0 || this.#lineStock.at(line) !== stock) continue;
      if (samePrice && this.#linePrice.at(line) !== unitPrice) continue;
      const order = this.#lineOrder.at(line);
      const quantity = Math.min(rest, left);
      const amount = quantity * unitPrice;
      const amountMinor = toMinor(amount);
      if (amountMinor <= 0 || amountMinor > this.#orderLeftMinor.at(order)) continue;
      this.#lineLeft.set(line, left - quantity);
      rest -= quantity;
      taken.push(this.#take(order, 'goods', quantity, amount, amountMinor));
    }
    return rest;
  }

  #takeMoney(customerId: string, amount: Exact, taken: TakenBack[]): boolean {
    const amountMinor = toMinor(amount);
    if (amountMinor <= 0) return false;
    for (let order = this.#lastOrder.get(customerId) ?? NONE; order !== NONE; order = this.#previousOrder.at(order)) {
      if (this.#orderLeftMinor.at(order) <= amountMinor) continue;
      taken.push(this.#take(order, 'money', 0, amount, amountMinor));
      return true;
    }
    return false;
  }

  #take(order: number, kind: TakenBack['kind'], quantity: number, amount: Exact, amountMinor: number): TakenBack {
    const left = this.#orderLeftMinor.at(order) - amountMinor;
    this.#orderLeftMinor.set(order, left);
    return { orderId: this.#orderIds[order] ?? '', kind, quantity, amountMinor, amount, undoesOrder: left === 0 };
  }
}

/** Rounding of one amount: exact less what its minor units say. */
export const roundingOf = (amount: Exact, amountMinor: number): Exact => amount - amountMinor * EXACT_PER_MINOR;
