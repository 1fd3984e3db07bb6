import { discountedOrders, lifetimeValue, weeklyDiscount } from './lifetime-value';

const models = {
  buying: { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
  spending: { p: 6.25, q: 3.74, v: 15.44 },
};
const year = { horizonWeeks: 52, annualDiscount: 0.15, marginRate: 1 };

describe('CLV of CDNOW over 52 weeks (domain.md §13.3)', () => {
  // coverage: 31, 36
  it.each([
    ['1', 2, 30.43, 22.35, 36.0079, 38.4438],
    ['2', 1, 1.71, 11.77, 4.6006, 4.915],
    ['3', 0, 0, null, 8.3006, 8.8778],
    ['8', 7, 29.43, 73.74, null, 300.0908],
    ['9', 2, 35.71, 25.55, 43.0316, 45.9428],
  ])('customer %s', (_name, repeats, lastRepeatWeeks, mean, discounted, undiscounted) => {
    const history = { repeats, lastRepeatWeeks, observedWeeks: 38.86 };
    const customer = { history, spending: mean === null ? null : { repeats, mean } };
    if (discounted !== null) expect(lifetimeValue(models, customer, year)).toBeCloseTo(discounted, 4);
    expect(lifetimeValue(models, customer, { ...year, annualDiscount: 0 })).toBeCloseTo(undiscounted, 4);
  });

  it('is a share of the margin, and does not exist where the mean order does not', () => {
    const customer = { history: { repeats: 2, lastRepeatWeeks: 30.43, observedWeeks: 38.86 }, spending: null };
    const whole = lifetimeValue(models, customer, year) ?? NaN;
    expect(lifetimeValue(models, customer, { ...year, marginRate: 0.3 })).toBeCloseTo(0.3 * whole, 10);
    expect(lifetimeValue({ ...models, spending: { p: 6, q: 1, v: 15 } }, customer, year)).toBeNull();
    expect(discountedOrders(models.buying, customer.history, { ...year, horizonWeeks: 0 })).toBe(0);
    expect(
      discountedOrders({ ...models.buying, alpha: 1e-6 }, { ...customer.history, observedWeeks: 0 }, year),
    ).toBeNull();
  });

  it('is discounted by the week', () => {
    expect((1 + weeklyDiscount(0.15)) ** 52).toBeCloseTo(1.15, 12);
  });
});
