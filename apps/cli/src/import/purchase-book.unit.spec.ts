import fc from 'fast-check';
import { showExact, parseExact, toMinor } from './exact';
import { PurchaseBook } from './purchase-book';

describe('the purchase book', () => {
  it('never takes more from an order than it was, and takes or returns every piece of a cancellation', () => {
    const line = fc.record({
      stockCode: fc.constantFrom('A', 'B', 'D'),
      unitPrice: fc.constantFrom(100, 250, 10_000),
      quantity: fc.integer({ min: 1, max: 9 }),
    });
    const step = fc.record({
      isOrder: fc.boolean(),
      customerId: fc.constantFrom('x', 'y'),
      lines: fc.array(line, { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const book = new PurchaseBook();
        const left = new Map<string, { customerId: string; minor: number }>();
        steps.forEach(({ isOrder, customerId, lines }, index) => {
          if (isOrder) {
            const minor = lines.reduce((sum, { unitPrice, quantity }) => sum + toMinor(unitPrice * quantity), 0);
            book.add(customerId, String(index), minor, lines);
            left.set(String(index), { customerId, minor });
            return;
          }
          for (const wanted of lines) {
            const { taken, restQuantity } = book.takeBack(customerId, wanted);
            const amount = taken.reduce((sum, part) => sum + part.amount, 0);
            expect(amount + restQuantity * wanted.unitPrice).toBe(wanted.quantity * wanted.unitPrice);
            for (const { orderId, amountMinor, undoesOrder } of taken) {
              const order = left.get(orderId);
              expect(order?.customerId).toBe(customerId);
              if (order === undefined) continue;
              order.minor -= amountMinor;
              expect(order.minor).toBeGreaterThanOrEqual(0);
              expect(undoesOrder).toBe(order.minor === 0);
              expect(amountMinor).toBeGreaterThan(0);
            }
          }
        });
      }),
    );
  });
});

describe('exact money', () => {
  it.each([
    ['2.55', 25_500, 255],
    ['0.001', 10, 0],
    ['0.005', 50, 1],
    ['-11062.06', -110_620_600, -1_106_206],
    ['38970', 389_700_000, 3_897_000],
    ['0.0049', 49, 0],
  ])('%s is %i ten-thousandths and %i minor units', (text, exact, minor) => {
    expect(parseExact(text)).toBe(exact);
    expect(toMinor(exact)).toBe(minor);
  });

  it.each(['', 'x', '1.23456', '1e3', '.5', '1,5', '--1'])('%j is no amount', (text) => {
    expect(parseExact(text)).toBeNull();
  });

  it.each([
    [97_477_479_340, '9,747,747.934'],
    [-50_000, '-5.00'],
    [0, '0.00'],
  ])('%i is shown as %s', (exact, shown) => {
    expect(showExact(exact)).toBe(shown);
  });
});
