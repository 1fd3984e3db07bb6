import type { Fact } from '../facts/envelope';
import { defaultConfiguration } from '../policy/configuration';
import { evolve } from './evolve';
import { fact, isoOnDay, onDay, orderPlaced, orderReversed } from './fact-builder';
import { emptyEvidence, type MutableEvidence } from './mutable-evidence';

const given = (facts: ReadonlyArray<Fact>, members: ReadonlyArray<string> = ['p1']): MutableEvidence => {
  const evidence = emptyEvidence('p1', members, defaultConfiguration);
  for (const one of facts) evolve(evidence, one);
  return evidence;
};
const daysOf = ({ orderDays }: MutableEvidence) => orderDays.map(({ day }) => day);

describe('orders', () => {
  test('of one tenant day make one order day, the latest order names it', () => {
    const evidence = given([orderPlaced(1.2, 'o1'), orderPlaced(1.6, 'o2'), orderPlaced(3, 'o3')]);
    expect(daysOf(evidence)).toEqual([onDay(1), onDay(3)]);
    expect(evidence.orderDays[0]).toMatchObject({ firstAt: onDay(1.2), lastAt: onDay(1.6), lastOrderId: 'o2' });
    expect(evidence.placedOrders.map(({ orderId }) => orderId)).toEqual(['o1', 'o2', 'o3']);
  });

  test('fall on the day of the tenant’s own time zone', () => {
    const evidence = emptyEvidence('p1', ['p1'], defaultConfiguration);
    const bogota = { ...defaultConfiguration, tenant: { ...defaultConfiguration.tenant, timeZone: 'America/Bogota' } };
    evolve(evidence, orderPlaced(1.1, 'o1'), bogota);
    expect(daysOf(evidence)).toEqual([onDay(0) + 5 * 3_600_000]);
  });

  test('count once an id: the first placement in fold order wins', () => {
    const evidence = given([
      orderPlaced(1, 'o1'),
      orderPlaced(2, 'o1', { lines: [{ netMinor: 1 }], channel: 'phone' }),
    ]);
    expect(evidence.placedOrders).toHaveLength(1);
    expect(evidence.orders.get('o1')).toMatchObject({ netMinor: 10_000, channel: 'web', placedAt: onDay(1) });
    expect(daysOf(evidence)).toEqual([onDay(1)]);
  });

  // coverage: 68
  test('paid by another are remembered by their beneficiary without money and without a day', () => {
    const evidence = given([orderPlaced(1, 'o1', { partyId: 'p2', beneficiaryId: 'p1' }), orderReversed(2, 'o1', 500)]);
    expect(evidence.orders.get('o1')).toMatchObject({ payer: false, placedAt: onDay(1) });
    expect([evidence.placedOrders, evidence.orderDays, evidence.reversals]).toEqual([[], [], []]);
  });

  test('of strangers in whom the customer has no part are not known', () => {
    expect(given([orderPlaced(1, 'o1', { partyId: 'p9' })]).orders.size).toBe(0);
  });

  test('of every member count for the payer, also when another member is the beneficiary', () => {
    const evidence = given([orderPlaced(1, 'o1', { partyId: 'p2', beneficiaryId: 'p1' })], ['p1', 'p2']);
    expect(evidence.orders.get('o1')?.payer).toBe(true);
  });

  test('split their money over known cost, unknown cost and product lines', () => {
    const lines = [
      { netMinor: 6_000, listMinor: 7_000, costMinor: 2_000, productLine: 'books' },
      { netMinor: 3_000, listMinor: 3_000, productLine: 'toys' },
      { netMinor: 1_000, listMinor: 1_500, productLine: 'books' },
    ];
    const order = given([orderPlaced(1, 'o1', { lines })]).orders.get('o1');
    expect(order).toMatchObject({
      netMinor: 10_000,
      listMinor: 11_500,
      netWithCostMinor: 6_000,
      costMinor: 2_000,
      netWithoutCostMinor: 4_000,
    });
    expect([...(order?.netByProductLine ?? [])]).toEqual([
      ['books', 7_000],
      ['toys', 3_000],
    ]);
  });

  test('in another currency count with the reporting amount, each part at the same rate', () => {
    const lines = [
      { netMinor: 6_000, costMinor: 3_000 },
      { netMinor: 4_000, productLine: 'toys' },
    ];
    const evidence = given([
      orderPlaced(1, 'o1', { lines, currency: 'MXN', reportingAmountMinor: 500 }),
      orderReversed(2, 'o1', 2_000),
    ]);
    expect(evidence.orders.get('o1')).toMatchObject({ netMinor: 500, netWithCostMinor: 300, costMinor: 150 });
    expect(evidence.reversals).toMatchObject([{ amountMinor: 100, netWithCostMinor: 60, costMinor: 30 }]);
  });

  test('with a discount on the total have their lines scaled to what was paid', () => {
    const lines = [{ netMinor: 6_000 }, { netMinor: 3_000, productLine: 'toys' }];
    const order = given([orderPlaced(1, 'o1', { lines, totalNetMinor: 4_500 })]).orders.get('o1');
    expect([...(order?.netByProductLine.values() ?? [])]).toEqual([3_000, 1_500]);
  });

  test('delivered before they were placed keep the delivery; the first report wins', () => {
    const evidence = given([
      fact('OrderFulfilled', 1, { orderId: 'o1', deliveredAt: isoOnDay(0.5), complete: true }),
      orderPlaced(2, 'o1', { promisedAt: isoOnDay(4) }),
      fact('OrderFulfilled', 3, { orderId: 'o1', deliveredAt: isoOnDay(3), complete: false }),
    ]);
    expect(evidence.orders.get('o1')).toMatchObject({
      placedAt: onDay(2),
      deliveredAt: onDay(0.5),
      fulfilledAt: onDay(1),
      complete: true,
      promisedAt: onDay(4),
    });
  });

  test('are never delivered later than it is told', () => {
    const evidence = given([fact('OrderFulfilled', 1, { orderId: 'o1', deliveredAt: isoOnDay(9), complete: true })]);
    expect(evidence.orders.get('o1')?.deliveredAt).toBe(onDay(1));
  });
});

describe('reversals', () => {
  test('are capped by what is left and end the order day when nothing else of that day stands', () => {
    const before = given([orderPlaced(1, 'o1'), orderPlaced(5, 'o2')]);
    const days = before.orderDays;
    evolve(before, orderReversed(6, 'o1', 4_000));
    expect(before.orderDays).toBe(days);
    evolve(before, orderReversed(7, 'o1', 9_000));
    evolve(before, orderReversed(8, 'o1', 1));
    expect(before.reversals.map(({ amountMinor }) => amountMinor)).toEqual([4_000, 6_000, 0]);
    expect(before.orders.get('o1')).toMatchObject({ reversedMinor: 10_000, fullyReversed: true });
    expect(daysOf(before)).toEqual([onDay(5)]);
    expect(days).toHaveLength(2);
  });

  test.each<[string, ReadonlyArray<Fact>]>([
    [
      'a line told, then the rest',
      [
        orderReversed(2, 'o1', 2_500, { lines: [{ sku: 'sku', qty: 1, productLine: 'books', netMinor: 2_500 }] }),
        orderReversed(3, 'o1', 7_500),
      ],
    ],
    ['parts that do not divide evenly', [orderReversed(2, 'o1', 3_333), orderReversed(3, 'o1', 6_667)]],
    [
      'more of a line than it had',
      [
        orderReversed(2, 'o1', 5_000, { lines: [{ sku: 'sku', qty: 1, productLine: 'books', netMinor: 5_000 }] }),
        orderReversed(3, 'o1', 5_000),
      ],
    ],
  ])('of a whole order leave nothing of any product line: %s', (_, reversals) => {
    const lines = ['books', 'music', 'games', 'toys'].map((productLine) => ({ productLine, netMinor: 2_500 }));
    const { reversals: back } = given([orderPlaced(1, 'o1', { lines }), ...reversals]);
    const left = new Map(lines.map(({ productLine, netMinor }) => [productLine, netMinor]));
    for (const { netByProductLine } of back)
      for (const [line, net] of netByProductLine) left.set(line, (left.get(line) ?? 0) - net);
    expect([...left.values()]).toEqual([0, 0, 0, 0]);
    expect(
      back.map(
        ({ netByProductLine, amountMinor }) => [...netByProductLine.values()].reduce((a, b) => a + b) - amountMinor,
      ),
    ).toEqual([0, 0]);
  });

  test('of the last order of a day leave the day to the order before it', () => {
    const evidence = given([orderPlaced(1.1, 'o1'), orderPlaced(1.2, 'o2'), orderReversed(2, 'o2', 10_000)]);
    expect(evidence.orderDays).toMatchObject([{ day: onDay(1), lastAt: onDay(1.1), lastOrderId: 'o1' }]);
  });

  test('before their order wait and take effect when it comes', () => {
    const evidence = given([orderReversed(1, 'o1', 10_000), orderPlaced(2, 'o1')]);
    expect(evidence.reversals).toMatchObject([{ at: onDay(2), amountMinor: 10_000 }]);
    expect(evidence.orders.get('o1')).toMatchObject({ fullyReversed: true });
    expect(evidence.orderDays).toEqual([]);
  });

  test('take back the margin in proportion, and in parts exactly all of it', () => {
    const lines = [{ netMinor: 1_000, costMinor: 333 }, { netMinor: 500 }];
    const evidence = given([
      orderPlaced(1, 'o1', { lines }),
      orderReversed(2, 'o1', 700),
      orderReversed(3, 'o1', 500),
      orderReversed(4, 'o1', 500),
    ]);
    const sum = (of: (reversal: (typeof evidence.reversals)[number]) => number) =>
      evidence.reversals.reduce((total, reversal) => total + of(reversal), 0);
    expect(sum(({ amountMinor }) => amountMinor)).toBe(1_500);
    expect(sum(({ netWithCostMinor }) => netWithCostMinor)).toBe(1_000);
    expect(sum(({ netWithoutCostMinor }) => netWithoutCostMinor)).toBe(500);
    expect(sum(({ costMinor }) => costMinor)).toBe(333);
  });

  test.each([
    ['in proportion when they name no lines', undefined, [600, 400]],
    ['from their lines', [{ sku: 'b', qty: 1, productLine: 'toys', netMinor: 1_000 }], [undefined, 1_000]],
    ['in proportion when a line has no amount', [{ sku: 'b', qty: 1, productLine: 'toys' }], [600, 400]],
  ])('split over product lines %s', (_, lines, [books, toys]) => {
    const placed = orderPlaced(1, 'o1', {
      lines: [{ netMinor: 6_000 }, { netMinor: 4_000, productLine: 'toys' }],
    });
    const evidence = given([placed, orderReversed(2, 'o1', 1_000, lines === undefined ? {} : { lines })]);
    const split = evidence.reversals[0]?.netByProductLine;
    expect([split?.get('books'), split?.get('toys')]).toEqual([books, toys]);
  });

  test('of an order without money end its day', () => {
    const evidence = given([orderPlaced(1, 'o1', { lines: [{ netMinor: 0 }] }), orderReversed(2, 'o1', 1)]);
    expect(evidence.orderDays).toEqual([]);
    expect(evidence.orders.get('o1')?.fullyReversed).toBe(true);
  });

  // Whether an order is in another currency was read off its rate: at a rate of one the amount that was told in the
  // currency of the reports was passed over.
  test('of an order whose currency is worth as much take what is told in the currency of the reports', () => {
    const placed = orderPlaced(1, 'o1', { currency: 'USD', reportingAmountMinor: 10_000 });
    const evidence = given([placed, orderReversed(2, 'o1', 5_000, { reportingAmountMinor: 4_000 })]);
    expect(evidence.orders.get('o1')?.reversedMinor).toBe(4_000);
  });
});
