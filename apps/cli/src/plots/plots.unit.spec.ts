import { cohortPlot, repeatPlot, zonePlot } from './plots';

const heightsOf = (svg: string, colour: string): ReadonlyArray<number> =>
  [...svg.matchAll(new RegExp(`height="([\\d.]+)" fill="${colour}"`, 'g'))].map(([, height]) => Number(height));

describe('plots', () => {
  it('of repeat orders draw bars as high as their counts', () => {
    const model = { r: 1, alpha: 1, a: 1, b: 1, n: 3, LL: -1 };
    const histogram = [
      { repeats: 0, orMore: false, observed: 40, expected: 20 },
      { repeats: 1, orMore: true, observed: 10, expected: 30 },
    ];
    const svg =
      repeatPlot({
        buying: { model, withoutLeaving: { r: 1, alpha: 1, LL: -1 }, leavingEvident: true, histogram, chiSquare: 1 },
      }) ?? '';
    const [first = NaN, second = NaN] = heightsOf(svg, '#3b6ea5');
    expect(first / second).toBeCloseTo(4, 1);
    expect(svg).toContain('>1+<');
    expect(repeatPlot({ buying: { unavailable: { code: 'OutOfBounds', message: '' } } })).toBeNull();
  });

  it('of zones draw one bar for each zone that was seen, with its interval and its number', () => {
    const repurchase = { customers: 5, observations: 17, hits: 8, rate: 0.5, interval: { low: 0.25, high: 0.75 } };
    const zones = [
      { zone: 'indifference' as const, repurchase },
      { zone: 'defection' as const, repurchase: null },
    ];
    const strata = [{ fromOrderDays: 2, toOrderDays: 3, zones }];
    const test = { withinDays: 180, everyDays: 30, from: null, to: '', instants: 1, zones, strata, all: repurchase };
    const svg = zonePlot(test);
    expect(heightsOf(svg, '#d0a020')).toEqual([130, 10]);
    expect(svg).toContain('y1="245" x2="357.6" y2="115"');
    expect(svg).toContain('>n 17<');
    expect(svg).not.toContain('#c04040');
  });

  it('of cohorts leave out the small ones and the month that may not be over', () => {
    const svg = cohortPlot({
      cohorts: [
        { month: '2024-01', customers: 100, active: [100, 20, 50, 9] },
        { month: '2024-02', customers: 99, active: [99, 1, 1] },
      ],
    });
    expect(svg.match(/<polyline points="[\d.]+,[\d.]+ [\d.]+,[\d.]+"/g)).toHaveLength(1);
    expect(svg).not.toContain('2024-02');
  });
});
