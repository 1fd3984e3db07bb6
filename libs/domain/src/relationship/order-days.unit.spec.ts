import { type Drafts, evidenceOf, onDay } from './evidence-builder';
import { orderDaysAt } from './order-days';

// A review describes an instant that may lie before facts already folded: what was known then must come out again.
describe('the order days as they stood at an instant', () => {
  const drafts: Drafts = {
    orders: [{ day: 0.2 }, { day: 0.6 }, { day: 5 }, { day: 7 }, { day: 10 }],
    reversals: [
      { day: 8, order: 2, amountMinor: 100 },
      { day: 9, order: 3, amountMinor: 60 },
    ],
  };
  const whole = evidenceOf(drafts);

  it.each([0.1, 0.2, 0.5, 0.6, 4.9, 5, 7, 7.9, 8, 9, 9.9, 10, 11])('day %d', (day) => {
    expect(orderDaysAt(whole, onDay(day))).toEqual(evidenceOf(drafts, day).orderDays);
  });

  it('begin with the first order of a day and end with its last', () => {
    expect(orderDaysAt(whole, onDay(0.6))).toMatchObject([
      { day: onDay(0), firstAt: onDay(0.2), lastAt: onDay(0.6), lastOrderId: 'order-1', lastEventId: 'placed-1' },
    ]);
  });
});
