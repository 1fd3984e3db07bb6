/**
 * Found by a history of a million facts: a small share of a small order is less than half a penny, and
 * was a reversal of nothing, which is no fact and went to quarantine.
 */
import { Random } from '../simulator/random';
import { Calendar } from './calendar';
import { ordersOf } from './orders';
import { onlineRetailShape, type Shape } from './shape';

const ordersWorth = (totalMinor: number) => {
  const shape: Shape = {
    ...onlineRetailShape,
    totalMinor: onlineRetailShape.totalMinor.map(() => totalMinor),
    reversedShare: 1,
    reversedAfterDays: onlineRetailShape.reversedAfterDays.map(() => 0),
  };
  const calendar = new Calendar(Date.parse('2011-12-09T12:50:00Z'), shape);
  return Array.from({ length: 50 }, (_, index) => `syn-${index}`).flatMap((partyId) =>
    ordersOf(partyId, new Random(1, partyId), calendar, shape),
  );
};
const reversedOf = (totalMinor: number): ReadonlyArray<number> =>
  ordersWorth(totalMinor).flatMap((fact) => (fact.type === 'OrderReversed' ? [fact.data.amountMinor] : []));

describe('what is taken back of an order', () => {
  it('is at least a penny and at most the order', () => {
    expect(new Set(reversedOf(1))).toEqual(new Set([1]));
    const ofTen = reversedOf(10);
    expect(Math.min(...ofTen)).toBe(1);
    expect(Math.max(...ofTen)).toBe(10);
  });

  it('is nothing where the order was for nothing: then nothing is told', () => {
    expect(reversedOf(0)).toEqual([]);
    expect(ordersWorth(0).length).toBeGreaterThan(50);
  });
});
