/**
 * A review may come as a fact, with models that nobody fitted: every parameter above 0 is taken. The formulas then
 * gave `NaN` or `Infinity`, which the answers of the server wrote as null and the profile on a screen as they stood.
 */
import { expectedOf } from './forecast';
import { YEAR_AHEAD } from '../lifetime-value/lifetime-value';

const buyer = {
  partyId: 'p1',
  history: { repeats: 5, lastRepeatWeeks: 40, observedWeeks: 41 },
  spending: { repeats: 5, mean: 3_000 },
};
const terms = { ...YEAR_AHEAD, marginRate: 0.25 };
const spending = { p: 2, q: 3, v: 1_000 };
const buying = { r: 0.5, alpha: 10, a: 0.8, b: 2 };

describe('what models of any kind expect of a customer (domain.md §13.1, §13.3)', () => {
  it.each([
    { ...buying, r: 1_000, a: 0.001 },
    { ...buying, r: 1_000, alpha: 1e-300, a: 1e-9, b: 1 },
    { r: 1e300, alpha: 1e300, a: 1e300, b: 1e300 },
  ])('is unknown where %j gives no number', (odd) => {
    expect(expectedOf({ buying: odd, spending }, buyer, terms)).toEqual({
      expectedOrders: null,
      expectedSpendMinor: 2_667,
      lifetimeValueMinor: null,
    });
  });

  it('is unknown where money would be no whole number of minor units', () => {
    const odd = { p: 1e200, q: 1 + 1e-9, v: 1e200 };
    expect(expectedOf({ buying, spending: odd }, { ...buyer, spending: null }, terms)).toEqual({
      expectedOrders: expect.any(Number),
      expectedSpendMinor: null,
      lifetimeValueMinor: null,
    });
  });
});
