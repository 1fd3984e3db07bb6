import { DAY_MS } from '@afecto/domain';
import fc from 'fast-check';
import { affinityTable } from './affinity';
import { cadenceOf } from './cadence';
import { seasonTable } from './seasonality';

describe('affinity (domain.md §13.5)', () => {
  const baskets = (count: number, ...products: ReadonlyArray<string>) => Array.from({ length: count }, () => products);

  // coverage: 20, 97, 111
  it('is P(A∧B)/(P(A)·P(B)) with its counts', () => {
    const table = affinityTable();
    for (const basket of [...baskets(20, 'tea', 'cups', 'tea'), ...baskets(20, 'tea'), ...baskets(60, 'soap')])
      table.add(basket);
    expect(table.orders()).toBe(100);
    // P(tea) = .4, P(cups) = .2, P(both) = .2: 0.2/0.08.
    expect(table.rows()).toEqual([{ products: ['cups', 'tea'], orders: [20, 40], support: 20, lift: 2.5 }]);
  });

  it('needs 20 orders with both', () => {
    const table = affinityTable();
    for (const basket of baskets(19, 'tea', 'cups')) table.add(basket);
    expect(table.rows()).toEqual([]);
    table.add(['cups', 'tea']);
    expect(table.rows()).toHaveLength(1);
  });

  it('is 1 for products that have nothing to do with each other, and the highest comes first', () => {
    const table = affinityTable();
    for (const basket of [...baskets(25, 'a', 'b'), ...baskets(25, 'a'), ...baskets(25, 'b'), ...baskets(25, 'c', 'd')])
      table.add(basket);
    expect(table.rows().map(({ products, lift }) => [products.join(), lift])).toEqual([
      ['c,d', 4],
      ['a,b', 1],
    ]);
  });

  it('does not depend on the order of the products nor of the orders', () => {
    const basket = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 4 });
    fc.assert(
      fc.property(fc.array(basket, { maxLength: 20 }), (orders) => {
        const [one, other] = [affinityTable(), affinityTable()];
        for (const order of orders) one.add(order);
        for (const order of orders.toReversed()) other.add(order.toReversed());
        expect(other.rows(1)).toEqual(one.rows(1));
      }),
      { numRuns: 30 },
    );
  });
});

describe('season (domain.md §13.5)', () => {
  const dayOf = (date: string): number => Date.parse(date) / DAY_MS;

  // coverage: 20
  it('is the share of each month, with the years that it rests on', () => {
    const table = seasonTable();
    for (const date of ['2023-11-30', '2023-12-01', '2024-01-15', '2024-12-31']) table.add(dayOf(date));
    const { months, course } = table.season();
    expect(months[11]).toEqual({ month: 12, orders: 2, share: 0.5, years: 2 });
    expect(months[0]).toEqual({ month: 1, orders: 1, share: 0.25, years: 1 });
    expect(months[9]).toEqual({ month: 10, orders: 0, share: 0, years: 1 });
    expect(course).toHaveLength(14);
    expect(course[0]).toEqual({ month: '2023-11', orders: 1 });
    expect(months.reduce((sum, { share }) => sum + share, 0)).toBe(1);
  });

  it('of no orders is empty', () => {
    const { months, course } = seasonTable().season();
    expect([course, months.every(({ orders, share, years }) => orders + share + years === 0)]).toEqual([[], true]);
  });
});

describe('cadence (domain.md §13.5)', () => {
  const rhythm = (keptGapsDays: ReadonlyArray<number>, ipiDays: number) => ({
    orderDays: keptGapsDays.length + 1,
    keptGapsDays,
    ipiDays,
    lastAt: 100 * DAY_MS,
    firstAt: 0,
  });

  // coverage: 26
  it('names the day on which the next order is due: the last one and the interval', () => {
    expect(cadenceOf(rhythm([30, 30], 30))).toEqual({
      ipiDays: 30,
      gaps: 2,
      regularity: 0,
      nextDueAt: 130 * DAY_MS,
    });
    expect(cadenceOf({ ...rhythm([], 90), lastAt: null }).nextDueAt).toBeNull();
  });

  it('is regular by the spread of its gaps, which takes two', () => {
    expect(cadenceOf(rhythm([10, 30], 20)).regularity).toBeCloseTo(0.5, 12);
    expect(cadenceOf(rhythm([10], 50)).regularity).toBeNull();
  });
});
