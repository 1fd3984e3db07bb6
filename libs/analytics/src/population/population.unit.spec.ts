import { defaultConfiguration } from '@afecto/domain';
import { atOnce } from '../special/minimise';
import { evidenceOn, onDay } from '../testing/customer';
import { seeded, simulatedOrders } from '../testing/simulate';
import { buyerOf } from './buyer';
import { portfolioAnalysis } from './portfolio-analysis';

const buyerOn = (day: number, draft: Parameters<typeof evidenceOn>[0]) => buyerOf(evidenceOn(draft, day), onDay(day));

describe('a buyer (domain.md §13.1, §13.2)', () => {
  it('counts weeks from the first order day, orders of one day as one with their values together', () => {
    const buyer = buyerOn(70.25, {
      orders: [
        { day: 0.5, netMinor: 99_900 },
        { day: 7.1, netMinor: 1_000 },
        { day: 7.9, netMinor: 3_000 },
        { day: 35.2, netMinor: 8_000, reversed: { day: 36, minor: 2_000 } },
      ],
    });
    expect(buyer?.history).toEqual({ repeats: 2, lastRepeatWeeks: 5, observedWeeks: 70.25 / 7 });
    expect(buyer?.spending).toEqual({ repeats: 2, mean: 5_000 });
  });

  it('does not count orders that were taken back whole, nor of orders without value a mean', () => {
    const buyer = buyerOn(50, { orders: [{ day: 0 }, { day: 10, reversed: { day: 11 } }, { day: 20, netMinor: 0 }] });
    expect(buyer).toMatchObject({ history: { repeats: 1 }, spending: null });
  });

  it('could be recognised when it comes again: a party seen once without a name could not', () => {
    const once = { orders: [{ day: 5 }] };
    expect(buyerOn(50, { ...once, registeredOn: null })).toBeNull();
    expect(buyerOn(50, once)).not.toBeNull();
    expect(buyerOn(50, { registeredOn: null, orders: [{ day: 5 }, { day: 9 }] })).not.toBeNull();
    expect(buyerOn(50, { registeredOn: 1, orders: [] })).toBeNull();
  });
});

const analysis = () =>
  portfolioAnalysis({
    asOf: onDay(400),
    configuration: defaultConfiguration,
    review: null,
    shown: 3,
    horizonWeeks: 26,
    annualDiscount: 0.15,
    marginRate: 0.3,
  });

describe('the analysis of a portfolio', () => {
  it('fits both models and ranks those of whom most is expected', () => {
    const next = seeded(11);
    const given = analysis();
    for (let index = 0; index < 250; index++) {
      const start = Math.floor(next() * 100);
      const weeks = simulatedOrders({ r: 1, alpha: 6, a: 0.8, b: 2.5 }, 40, next);
      const days = [...new Set([0, ...weeks.map((week) => Math.ceil(week * 7))])];
      const worth = 2_000 + 8_000 * next();
      const orders = days.map((day) => ({ day: start + day, netMinor: Math.round(worth * (0.5 + next())) }));
      given.add(evidenceOn({ partyId: `p${index}`, orders }, 400), false);
    }
    const found = atOnce(given.report());
    if ('unavailable' in found.buying || 'unavailable' in found.spending) throw new Error('no models');
    expect(found.customers).toBe(250);
    expect(found.buying.histogram.reduce((sum, { observed }) => sum + observed, 0)).toBe(250);
    expect(found.spending.model.n).toBe(found.repeatBuyers);
    expect(found.top).toHaveLength(3);
    expect(found.top.map(({ expectedOrders }) => expectedOrders)).toEqual(
      found.top.map(({ expectedOrders }) => expectedOrders).toSorted((one, other) => other - one),
    );
    for (const { expectedOrders, expectedSpendMinor, lifetimeValueMinor } of found.top) {
      // Discounting takes a little of margin × orders × value.
      const undiscounted = 0.3 * expectedOrders * (expectedSpendMinor ?? NaN);
      expect(lifetimeValueMinor).toBeLessThan(undiscounted);
      expect(lifetimeValueMinor).toBeGreaterThan(0.9 * undiscounted);
    }
  });

  it('counts whom it leaves out and why, and shows patterns without any model', () => {
    const given = analysis();
    given.add(evidenceOn({ partyId: 'a', orders: [{ day: 0, lines: ['tea', 'cups'] }, { day: 31 }] }, 400), false);
    given.add(evidenceOn({ partyId: 'b', registeredOn: null, orders: [{ day: 31 }] }, 400), false);
    given.add(evidenceOn({ partyId: 'c', registeredOn: 3, orders: [] }, 400), false);
    given.add(evidenceOn({ partyId: 'd', orders: [{ day: 1 }, { day: 2 }] }, 400), true);
    expect(atOnce(given.report())).toMatchObject({
      customers: 1,
      repeatBuyers: 1,
      repeatRate: 1,
      leftOut: { excluded: 1, withoutOrder: 1, unrecognisable: 1 },
      buying: { unavailable: { code: 'TooFewRepeatBuyers' } },
      spending: { unavailable: { code: 'TooFewRepeatBuyers' } },
      top: [],
      cohorts: [{ month: '2024-01', customers: 1, active: [1, 1] }],
      orders: 3,
      affinity: [],
      season: {
        course: [
          { month: '2024-01', orders: 1 },
          { month: '2024-02', orders: 2 },
        ],
      },
    });
  });
});
