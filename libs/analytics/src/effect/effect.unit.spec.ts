import { campaignEffect } from './effect';
import { welchDifference } from './welch';

/** Two samples whose figures were computed independently, to ten places. */
const first = [27.5, 21.0, 19.0, 23.6, 17.0, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19.0, 21.7, 21.4];
const second = [27.1, 22.0, 20.8, 23.4, 23.4, 23.5, 25.8, 22.0, 24.8, 20.2, 21.9, 22.1, 22.9, 30.5, 24.4];

describe('Welch (domain.md §13.6)', () => {
  it('takes the degrees of freedom from both variances', () => {
    const found = welchDifference(first, second);
    expect(found?.difference).toBeCloseTo(-2.8333333333, 8);
    expect(found?.degrees).toBeCloseTo(27.8873039884, 8);
    expect(found?.interval.low).toBeCloseTo(-4.8680227418, 8);
    expect(found?.interval.high).toBeCloseTo(-0.7986439249, 8);
  });

  it('is about the normal interval when samples are large', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => index % 2);
    const found = welchDifference(many, many);
    expect(found?.difference).toBe(0);
    expect(found?.interval.high).toBeCloseTo(1.96 * Math.sqrt((2 * 0.25) / 2_000), 4);
  });

  it('needs two values on each side, and leaves no width when nothing varies', () => {
    expect(welchDifference([1], [1, 2])).toBeNull();
    expect(welchDifference([3, 3], [1, 1])).toEqual({ difference: 2, interval: { low: 2, high: 2 }, degrees: null });
  });
});

describe('effect of a campaign (domain.md §13.6)', () => {
  it('lift is the difference of the means, ROI what it brought over what it cost', () => {
    const effect = campaignEffect({ testMinor: [300, 500, 400], controlMinor: [100, 300], costMinor: 300 });
    expect(effect).toMatchObject({ test: 3, control: 2, lift: 200, roi: 1 });
    expect(effect.interval?.low).toBeLessThan(200);
    expect(effect.interval?.high).toBeGreaterThan(200);
  });

  it('without a control arm the lift is unknown, never imputed', () => {
    expect(campaignEffect({ testMinor: [300, 500], controlMinor: [], costMinor: 300 })).toEqual({
      test: 2,
      control: 0,
      lift: 'unknown',
      interval: null,
      roi: null,
    });
  });

  it('that cost nothing has no ROI, and a lone control no interval', () => {
    const effect = campaignEffect({ testMinor: [300, 500], controlMinor: [100], costMinor: 0 });
    expect(effect).toMatchObject({ lift: 300, interval: null, roi: null });
  });
});
