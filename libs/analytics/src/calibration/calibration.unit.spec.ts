import { DAY_MS, type Instant, type Zone } from '@afecto/domain';
import { atOnce } from '../special/minimise';
import { evidenceOn, onDay } from '../testing/customer';
import { seeded, simulatedOrders } from '../testing/simulate';
import { clusteredRate, wilsonInterval } from './clustered-rate';
import { forecastBackTest } from './forecast-back-test';
import { zoneAt, zoneBackTest } from './zone-back-test';

describe('an interval of Wilson', () => {
  it.each([
    [0.5, 10, 0.2366, 0.7634],
    [0, 10, 0, 0.2775],
    [1, 10, 0.7225, 1],
    [0.2, 1_000, 0.1764, 0.2259],
  ])('for %d of %d', (rate, n, low, high) => {
    const interval = wilsonInterval(rate, n);
    expect(interval.low).toBeCloseTo(low, 3);
    expect(interval.high).toBeCloseTo(high, 3);
  });
});

describe('a rate over customers who are seen several times', () => {
  const rateOf = (customers: ReadonlyArray<readonly [observations: number, hits: number]>) => {
    const rate = clusteredRate();
    for (const [observations, hits] of customers) rate.add({ observations, hits });
    return rate.rate();
  };

  it('is as sure as its customers are many when each is always the same', () => {
    const found = rateOf(Array.from({ length: 100 }, (_, index) => [8, index % 2 === 0 ? 8 : 0]));
    expect(found).toMatchObject({ customers: 100, observations: 800, hits: 400, rate: 0.5 });
    const alone = wilsonInterval(0.5, 99);
    expect(found?.interval.low).toBeCloseTo(alone.low, 10);
    expect(found?.interval.high).toBeCloseTo(alone.high, 10);
  });

  it('is never surer than as many independent observations would be', () => {
    const found = rateOf(Array.from({ length: 100 }, (_, index) => [8, 4 + (index % 2)]));
    expect(found?.interval).toEqual(wilsonInterval(found?.rate ?? NaN, 800));
  });

  it('counts customers when nothing ever varies, and says nothing of nobody', () => {
    expect(
      rateOf([
        [5, 5],
        [5, 5],
        [0, 0],
      ])?.interval,
    ).toEqual(wilsonInterval(1, 2));
    expect(rateOf([])).toBeNull();
  });
});

const period = (zone: Zone, from: number, to: number | null) => ({
  zone,
  from: onDay(from),
  to: to === null ? null : onDay(to),
  score: null,
  rules: [],
  causedBy: [],
  configVersion: 0,
});
const orderOn = (day: number) => ({ lastAt: onDay(day) });

describe('the back-test of the zones', () => {
  const history = [period('indifference', 0, 100), period('defection', 100, 160), period('indifference', 160, null)];

  it('knows the zone at every instant', () => {
    expect([-1, 0, 99, 100, 160, 1_000].map((day) => zoneAt(history, onDay(day)))).toEqual([
      null,
      'indifference',
      'indifference',
      'defection',
      'indifference',
      'indifference',
    ]);
  });

  it('asks at each instant of the grid whether an order followed in time', () => {
    const test = zoneBackTest({ end: onDay(200), withinDays: 50, everyDays: 50 });
    // Instants 150, 100, 50 and 0: orders at 160 and 200 follow 150 and 100 not, 20 follows 0.
    test.add(history, [0, 20, 151].map(orderOn));
    const { zones, strata, all, from, to, instants } = test.result();
    expect({ from, to, instants }).toEqual({
      from: new Date(onDay(0)).toISOString(),
      to: new Date(onDay(150)).toISOString(),
      instants: 4,
    });
    expect(all).toMatchObject({ customers: 1, observations: 4, hits: 2 });
    const ofZone = new Map(zones.map(({ zone, repurchase }) => [zone, repurchase]));
    expect(ofZone.get('defection')).toMatchObject({ observations: 2, hits: 1 });
    expect(ofZone.get('indifference')).toMatchObject({ observations: 2, hits: 1 });
    expect(ofZone.get('affection')).toBeNull();
    expect(
      strata.map(({ fromOrderDays, toOrderDays, zones: rows }) => [
        fromOrderDays,
        toOrderDays,
        rows.reduce((sum, { repurchase }) => sum + (repurchase?.observations ?? 0), 0),
      ]),
    ).toEqual([
      [1, 1, 1],
      [2, 3, 3],
      [4, 6, 0],
      [7, null, 0],
    ]);
  });

  it('takes the edge of the window in, the instant itself out', () => {
    const hitsOf = (days: ReadonlyArray<number>): number | undefined => {
      const test = zoneBackTest({ end: onDay(200), withinDays: 50, everyDays: 1_000 });
      test.add([period('indifference', 0, null)], days.map(orderOn));
      return test.result().all?.hits;
    };
    expect([[0, 150], [0, 151], [0, 200], [0, 201], [150]].map(hitsOf)).toEqual([0, 1, 1, 0, 0]);
  });

  it('has nothing to look back on when all began too late', () => {
    const test = zoneBackTest({ end: onDay(200), withinDays: 50, everyDays: 30 });
    test.add(history, [160].map(orderOn));
    test.add([], []);
    expect(test.result()).toMatchObject({ from: null, instants: 0, all: null });
  });
});

describe('the back-test of the model of buying', () => {
  const model = { r: 1.2, alpha: 6, a: 0.8, b: 2.5 };
  const END = 70 * 7;

  it('forecasts what comes to customers who buy as the model says', () => {
    const next = seeded(7);
    const test = forecastBackTest(onDay(END), 180);
    for (let index = 0; index < 400; index++) {
      const start = Math.floor(next() * 150);
      const days = new Set([0, ...simulatedOrders(model, 60, next).map((week) => Math.ceil(week * 7))]);
      const orders = [...days].flatMap((day) => (start + day < END ? [{ day: start + day + 0.5 }] : []));
      test.add(evidenceOn({ partyId: `p${index}`, orders }, END));
    }
    const found = atOnce(test.result());
    if ('unavailable' in found.buying) throw new Error(found.buying.unavailable.message);
    expect(found.customers).toBe(400);
    expect(Math.abs(found.buying.expected / found.actual - 1)).toBeLessThan(0.2);
    // One in four leaves after an order: who does not reckon with it expects far too much.
    expect((found.withoutLeaving?.expected ?? NaN) / found.actual).toBeGreaterThan(1.3);
    // Four standard errors of a count whose variance is four times its mean.
    for (const { customers, actual, expected } of found.rows)
      expect(Math.abs(actual - (expected ?? NaN))).toBeLessThan(4 * Math.sqrt((4 * (expected ?? NaN)) / customers));
    expect(found.rows.reduce((sum, { customers }) => sum + customers, 0)).toBe(400);
  });

  it('takes only what was known at the cut, and says why there is no model', () => {
    const test = forecastBackTest(onDay(200), 100);
    test.add(evidenceOn({ orders: [{ day: 10 }, { day: 150 }] }, 200));
    test.add(evidenceOn({ orders: [{ day: 120 }] }, 200));
    test.add(evidenceOn({ registeredOn: null, orders: [{ day: 10 }, { day: 150 }] }, 200));
    const cut: Instant = onDay(200) - 100 * DAY_MS;
    expect(atOnce(test.result())).toEqual({
      cut: new Date(cut).toISOString(),
      withinDays: 100,
      customers: 1,
      actual: 1,
      withoutLeaving: null,
      rows: [],
      buying: { unavailable: { code: 'TooFewRepeatBuyers', message: '0 customers bought again; the model needs 100' } },
    });
  });
});
