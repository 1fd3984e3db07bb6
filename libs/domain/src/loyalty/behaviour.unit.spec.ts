import { defaultConfiguration } from '../policy/configuration';
import { recencySignal } from './behaviour';
import { day, evidenceOf, rhythmic, plainPolicy as policy } from './evidence-builder';
import { trendAt } from './assessment';
import { recencyRatio, rhythmOf } from './index';

const rhythmOn = (...days: ReadonlyArray<number>) =>
  rhythmOf(evidenceOf({ orders: days.map((at) => ({ placedAt: day(at) })) }).orderDays, null, defaultConfiguration);

describe('own rhythm (domain.md §7.3 C)', () => {
  it.each([
    ['without orders the default interval stands', [], [], 90],
    ['one order says nothing about the interval', [0], [], 90],
    ['one gap counts half', [0, 30], [30], 60],
    ['two gaps speak for themselves', [0, 30, 50], [30, 20], 25],
    ['only the last six gaps count', [0, 100, 110, 120, 130, 140, 150, 160], [100, 10, 10, 10, 10, 10, 10], 10],
    ['a lost period does not reset the cadence', [0, 30, 60, 90, 120, 320, 335], [30, 30, 30, 30, 15], 27],
    ['a long gap is kept while fewer than two are', [0, 10, 510], [10, 500], 255],
    ['a gap below 90 days is kept, however short the cadence', [0, 1, 2, 91], [1, 1, 89], 91 / 3],
    ['the interval is at least a day', [0, 1, 2], [1, 1], 1],
  ])('%s', (_, days, keptGapsDays, ipiDays) => {
    const rhythm = rhythmOn(...days);
    expect(rhythm.keptGapsDays).toEqual(keptGapsDays);
    expect(rhythm.ipiDays).toBeCloseTo(ipiDays, 12);
  });

  it('the recency ratio counts from the last order', () => {
    expect(recencyRatio(rhythmOn(0, 30, 60, 90, 120), day(240))).toBe(4);
    expect(recencyRatio(rhythmOn(), day(240))).toBeNull();
  });

  it.each([
    [0, 0.5],
    [1, 0.5],
    [1.25, 0.35],
    [1.5, 0.2],
    [2, -0.2],
    [2.5, -0.45],
    [3, -0.7],
    [4, -1],
    [40, -1],
  ])('a recency ratio of %d gives %d', (ratio, signal) => {
    expect(recencySignal(ratio, defaultConfiguration)).toBeCloseTo(signal, 12);
  });
});

describe('trend against the own baseline (domain.md §7.3 C)', () => {
  const steady = rhythmic(13, 30, 360);

  it('needs four orders and 360 days', () => {
    expect(trendAt(evidenceOf({ orders: steady }), policy, day(360) - 1)).toBeNull();
    expect(trendAt(evidenceOf({ orders: rhythmic(3, 180, 360) }), policy, day(360))).toBeNull();
    expect(trendAt(evidenceOf({ orders: steady }), policy, day(360))).not.toBeNull();
  });

  it('counts from the first order, not from a later one of its day', () => {
    const twice = [
      { placedAt: day(0) },
      { placedAt: day(0.75) },
      ...[60, 120, 300].map((at) => ({ placedAt: day(at) })),
    ];
    expect(trendAt(evidenceOf({ orders: twice }), policy, day(360) - 1)).toBeNull();
    expect(trendAt(evidenceOf({ orders: twice }), policy, day(360))).toMatchObject({ baselineDays: 180 });
  });

  it('compares the last 180 days with the baseline scaled to 180 days', () => {
    const trend = trendAt(evidenceOf({ orders: steady }), policy, day(420));
    expect(trend).toMatchObject({ recentOrders: 4, baselineOrders: 9, recentSpendMinor: 40_000, baselineDays: 240 });
    expect(trend?.frequency).toBeCloseTo(Math.log2(4.5 / (9 * 0.75 + 0.5)), 12);
    expect(trend?.money).toBeCloseTo(Math.log2(4 / (9 * 0.75)), 12);
  });

  it('has no money part without spend in the baseline, and falls by one at most', () => {
    const free = steady.map(({ placedAt }) => ({ placedAt, netMinor: 0 }));
    expect(trendAt(evidenceOf({ orders: free }), policy, day(450))?.money).toBeNull();
    expect(trendAt(evidenceOf({ orders: steady }), policy, day(560))).toMatchObject({ frequency: -1, money: -1 });
  });
});

describe('lost periods and reversals (domain.md §7.3 C)', () => {
  it.each<[string, ReadonlyArray<number>, ReadonlyArray<number>]>([
    ['five intervals are a long gap', [0, 30, 60, 210], [30, 30, 150]],
    ['six are a lost period', [0, 30, 60, 240], [30, 30]],
    ['of 90 days at least', [0, 15, 30, 120], [15, 15]],
    ['of the intervals of late', [0, 300, 310, 320, 330, 340, 350, 360, 460], [300, 10, 10, 10, 10, 10, 10]],
  ])('%s', (_, days, keptGapsDays) => {
    expect(rhythmOn(...days).keptGapsDays).toEqual(keptGapsDays);
  });

  it('the spend of both windows is what was kept of their orders', () => {
    const orders = rhythmic(13, 30, 360).map(({ placedAt }) => ({
      placedAt,
      reversedMinor: placedAt === day(120) || placedAt === day(360) ? 4_000 : 0,
    }));
    expect(trendAt(evidenceOf({ orders }), policy, day(420))).toMatchObject({
      recentSpendMinor: 36_000,
      baselineSpendMinor: 86_000,
    });
  });
});
