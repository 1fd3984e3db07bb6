/**
 * Whether an order was given back whole was asked in the reporting currency. The rate of the day of the return is
 * another one than that of the order, so that a whole return at a lower rate, or in parts that each round down, left
 * the order standing: the customer was still one who buys. A part of it at a higher rate ended the order. The command
 * asked in the order's own currency, in which the answer is exact.
 */
import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { orderDaysAt } from '../relationship/order-days';
import { evolve } from './evolve';
import { onDay, orderPlaced, orderReversed } from './fact-builder';
import { emptyEvidence, type MutableEvidence } from './mutable-evidence';

/** 100.00 EUR that were worth 90.00 GBP, and what came back. */
const given = (...back: ReadonlyArray<Fact>): MutableEvidence => {
  const evidence = emptyEvidence('p1', ['p1'], defaultConfiguration);
  const lines = [{ costMinor: 5_000 }];
  evolve(evidence, orderPlaced(1, 'o1', { lines, currency: 'EUR', reportingAmountMinor: 9_000 }));
  for (const one of back) evolve(evidence, one);
  return evidence;
};

const leftOf = ({ placedOrders, reversals }: MutableEvidence) => {
  const back = (of: 'amountMinor' | 'costMinor') => reversals.reduce((sum, reversal) => sum + reversal[of], 0);
  return placedOrders.map(({ netMinor, costMinor }) => [netMinor - back('amountMinor'), costMinor - back('costMinor')]);
};

describe('an order in another currency', () => {
  test.each<[string, ReadonlyArray<Fact>]>([
    ['at a lower rate', [orderReversed(8, 'o1', 10_000, { reportingAmountMinor: 8_500 })]],
    ['at a higher rate', [orderReversed(8, 'o1', 10_000, { reportingAmountMinor: 9_500 })]],
    [
      'in parts that round down',
      [2_333, 2_333, 5_334].map((part, at) =>
        orderReversed(6 + at, 'o1', part, { reportingAmountMinor: Math.floor(part * 0.9) }),
      ),
    ],
  ])('given back whole %s leaves nothing, from the last return on', (_, back) => {
    const evidence = given(...back);
    expect(evidence.orders.get('o1')).toMatchObject({ fullyReversed: true, fullyReversedAt: onDay(8) });
    expect(evidence.orderDays).toEqual([]);
    expect(leftOf(evidence)).toEqual([[0, 0]]);
    expect([orderDaysAt(evidence, onDay(7.9)), orderDaysAt(evidence, onDay(8))]).toMatchObject([[{}], []]);
  });

  test('given back in part stands, whatever that part is worth on the day', () => {
    const evidence = given(orderReversed(8, 'o1', 9_500, { reportingAmountMinor: 9_900 }));
    evolve(evidence, orderPlaced(9, 'o2'));
    expect(evidence.orders.get('o1')).toMatchObject({ fullyReversed: false, fullyReversedAt: null });
    expect(evidence.orderDays).toHaveLength(2);
    expect(orderDaysAt(evidence, onDay(8.5))).toHaveLength(1);
  });

  // What was worth the whole of the order took more than there was of the line that it named, and left the other one.
  test('given back in part that is worth the whole leaves nothing of any line', () => {
    const evidence = emptyEvidence('p1', ['p1'], defaultConfiguration);
    const lines = [
      { productLine: 'tea', netMinor: 5_000 },
      { productLine: 'cups', netMinor: 5_000 },
    ];
    evolve(evidence, orderPlaced(1, 'o1', { lines, currency: 'EUR', reportingAmountMinor: 9_000 }));
    const tea = [{ sku: 'a', productLine: 'tea', qty: 1, netMinor: 9_500 }];
    evolve(evidence, orderReversed(8, 'o1', 9_500, { reportingAmountMinor: 9_900, lines: tea }));
    expect(evidence.reversals.map(({ netByProductLine }) => [...netByProductLine])).toEqual([
      [
        ['tea', 4_500],
        ['cups', 4_500],
      ],
    ]);
  });

  /*
   * Histories are told with the first configuration, which is in force from then on. Of the days before it the currency
   * of the default document was taken for the tenant's: an order in pounds that said what it was worth in euros was
   * added up at its pounds.
   */
  test('that is also the one of the default document counts with what it states, before the first configuration', () => {
    const of = (version: number) => {
      const evidence = emptyEvidence('p1', ['p1'], { ...defaultConfiguration, version });
      evolve(evidence, orderPlaced(1, 'o1', { currency: 'GBP', reportingAmountMinor: 12_000 }));
      evolve(evidence, orderReversed(2, 'o1', 5_000, { reportingAmountMinor: 6_100 }));
      return [evidence.placedOrders[0]?.netMinor, evidence.reversals[0]?.amountMinor];
    };
    expect(of(0)).toEqual([12_000, 6_100]);
    // Who reports in pounds has said so.
    expect(of(1)).toEqual([10_000, 5_000]);
  });
});
