import fc from 'fast-check';
import { type Sample, studentT, welch } from './welch';

const sampleOf = (values: ReadonlyArray<number>): Sample => ({
  count: values.length,
  sum: values.reduce((sum, value) => sum + BigInt(value), 0n),
  squares: values.reduce((sum, value) => sum + BigInt(value) ** 2n, 0n),
});

describe("Student's t", () => {
  test.each([
    [1, 12.706204736],
    [2, 4.30265273],
    [10, 2.228138852],
    [30, 2.042272456],
    [1_000, 1.962339081],
  ])('is exceeded on both sides in 5 %% of cases with %d degrees of freedom at %d', (freedom, expected) => {
    expect(studentT(0.05, freedom)).toBeCloseTo(expected, 7);
  });
});

describe("Welch's interval", () => {
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
