import fc from 'fast-check';
import { type Sample, welch } from './welch';

const sampleOf = (values: ReadonlyArray<number>): Sample => ({
  count: values.length,
  sum: values.reduce((sum, value) => sum + BigInt(value), 0n),
  squares: values.reduce((sum, value) => sum + BigInt(value) ** 2n, 0n),
});

describe("Welch's interval", () => {
  // coverage: 51
  test('of the published sleep data is the one that R prints: −3.3654832 to 0.2054832', () => {
    // Hours of additional sleep under two drugs (Student 1908), in tenths.
    const first = [7, -16, -2, -12, -1, 34, 37, 8, 0, 20];
    const second = [19, 8, 11, 1, -1, 44, 55, 16, 46, 34];
    const compared = welch(sampleOf(first), sampleOf(second));
    expect(compared?.meanOne).toBeCloseTo(7.5, 12);
    expect(compared?.meanOther).toBeCloseTo(23.3, 12);
    expect(compared?.interval?.low).toBeCloseTo(-33.654832, 5);
    expect(compared?.interval?.high).toBeCloseTo(2.054832, 5);
  });

  test('of two samples whose variances differ has the figures that were computed independently', () => {
    // In tenths; the degrees of freedom behind it are 27.8873, between those of the smaller sample and of both.
    const first = [275, 210, 190, 236, 170, 179, 169, 201, 219, 226, 231, 196, 190, 217, 214];
    const second = [271, 220, 208, 234, 234, 235, 258, 220, 248, 202, 219, 221, 229, 305, 244];
    const compared = welch(sampleOf(first), sampleOf(second));
    expect(compared?.difference).toBeCloseTo(-28.333333333, 8);
    expect(compared?.interval?.low).toBeCloseTo(-48.680227418, 7);
    expect(compared?.interval?.high).toBeCloseTo(-7.986439249, 7);
  });

  test('is about the normal one when samples are large', () => {
    const many = sampleOf(Array.from({ length: 2_000 }, (_, index) => index % 2));
    expect(welch(many, many)?.interval?.high).toBeCloseTo(1.96 * Math.sqrt((2 * 0.25) / 2_000), 4);
  });

  test('is not known from a single value, and there is no difference without a value', () => {
    expect(welch(sampleOf([5]), sampleOf([1, 2]))).toEqual({
      meanOne: 5,
      meanOther: 1.5,
      difference: 3.5,
      interval: null,
    });
    expect(welch(sampleOf([]), sampleOf([1, 2]))).toBeNull();
  });

  test('has no width where nothing varies', () => {
    expect(welch(sampleOf([3, 3]), sampleOf([1, 1, 1]))?.interval).toEqual({ low: 2, high: 2 });
  });

  test('holds the difference, and changing sides changes its sign', () => {
    const values = fc.array(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(values, values, (one, other) => {
        const there = welch(sampleOf(one), sampleOf(other));
        const back = welch(sampleOf(other), sampleOf(one));
        const interval = there?.interval;
        expect(there?.difference).toBe(-(back?.difference ?? Number.NaN) + 0);
        expect(interval?.low).toBeLessThanOrEqual(there?.difference ?? Number.NaN);
        expect(interval?.high).toBeGreaterThanOrEqual(there?.difference ?? Number.NaN);
        expect(interval?.low).toBeCloseTo(-(back?.interval?.high ?? Number.NaN), 3);
      }),
      { numRuns: 40 },
    );
  });
});
