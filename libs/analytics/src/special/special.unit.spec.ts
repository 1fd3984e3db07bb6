import fc from 'fast-check';
import { hypergeometric } from './hypergeometric';
import { logBeta, logGamma } from './log-gamma';
import { atOnce, inTurns, minimise } from './minimise';
import { incompleteBeta, studentBound } from './student';

describe('ln Γ', () => {
  it.each([
    [1, 0],
    [2, 0],
    [0.5, 0.572_364_942_924_700_1],
    [0.243, 1.318_043_584_699_669_8],
    [5, Math.log(24)],
    [10.5, 13.940_625_219_403_763],
    [171, 706.573_062_245_787_4],
    [1e-6, 13.815_509_980_749_431],
    [1e6, 12_815_504.569_147_611],
  ])('of %d is %d', (z, expected) => {
    expect(Math.abs(logGamma(z) - expected)).toBeLessThanOrEqual(1e-14 * Math.max(10, Math.abs(expected)));
  });

  it('grows by ln z from z to z + 1, and is even in ln B', () => {
    const positive = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (z, other) => {
        const scale = Math.max(1, Math.abs(logGamma(z + 1)));
        expect(Math.abs(logGamma(z + 1) - logGamma(z) - Math.log(z)) / scale).toBeLessThan(1e-13);
        expect(logBeta(z, other)).toBe(logBeta(other, z));
      }),
      { numRuns: 50 },
    );
  });
});

describe('₂F₁', () => {
  it.each([
    // ₂F₁(1,1;2;z) = −ln(1−z)/z; ₂F₁(a,b;b;z) = (1−z)^−a; ₂F₁(½,½;3/2;z²) = asin(z)/z.
    [1, 1, 2, 0.5, 2 * Math.LN2],
    [1, 1, 2, 0.97, -Math.log1p(-0.97) / 0.97],
    [2.5, 1.3, 1.3, 0.9, 0.1 ** -2.5],
    [0.5, 0.5, 1.5, 0.25, Math.asin(0.5) / 0.5],
    [3, 4, 5, 0, 1],
  ])('(%d, %d; %d; %d) is %d', (a, b, c, z, expected) => {
    expect((hypergeometric(a, b, c, z) ?? NaN) / expected).toBeCloseTo(1, 11);
  });

  it('that 100 000 terms do not settle is not answered', () => {
    expect(hypergeometric(1, 1, 2, 1)).toBeNull();
  });
});

describe('Student’s bounds', () => {
  it.each([
    [0.95, 1, 12.706_204_736],
    [0.95, 2, 4.302_652_73],
    [0.95, 10, 2.228_138_852],
    [0.95, 30, 2.042_272_456],
    [0.95, 1_000, 1.962_339_081],
    [0.99, 4.5, 4.272_823_99],
    [0.95, 1e6, 1.959_966_3],
    [0.9, 2, 2.919_985_58],
  ])('%d with %d degrees of freedom lie at %d', (confidence, degrees, bound) => {
    expect(studentBound(confidence, degrees)).toBeCloseTo(bound, 6);
  });

  it('come from an incomplete beta function that is symmetric', () => {
    const shape = fc.double({ min: 0.1, max: 50, noNaN: true });
    // Thousands, of which 1 − x is exact.
    const share = fc.nat(1_024).map((parts) => parts / 1_024);
    fc.assert(
      fc.property(shape, shape, share, (a, b, x) => {
        expect(incompleteBeta(a, b, x) + incompleteBeta(b, a, 1 - x)).toBeCloseTo(1, 10);
      }),
      { numRuns: 50 },
    );
    expect(incompleteBeta(1, 1, 0.3)).toBeCloseTo(0.3, 14);
    expect(incompleteBeta(2, 3, 0.5)).toBeCloseTo(0.6875, 14);
  });
});

describe('a minimum', () => {
  const rosenbrock = ([x = 0, y = 0]: ReadonlyArray<number>) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;

  it('is found at the end of a bent valley', () => {
    const { at, converged } = atOnce(minimise(rosenbrock, [-1.2, 1]));
    expect(converged).toBe(true);
    expect(at[0]).toBeCloseTo(1, 4);
    expect(at[1]).toBeCloseTo(1, 4);
  });

  it('is looked for around the places where the function says nothing', () => {
    const { at } = atOnce(minimise(([x = 0]) => (x < 0.1 ? NaN : x + 1 / x), [3]));
    expect(at[0]).toBeCloseTo(1, 4);
  });

  it('that is not there is said not to be found', () => {
    expect(atOnce(minimise(([x = 0]) => -Math.exp(x / 1e3), [0])).converged).toBe(false);
  });

  it('is the same when others have their turn meanwhile', async () => {
    let turns = 0;
    const slow = (at: ReadonlyArray<number>): number => {
      const until = performance.now() + 1;
      while (performance.now() < until);
      return rosenbrock(at);
    };
    const few = { value: 1e-2, coordinate: 1e-1 };
    const waited = await inTurns(minimise(slow, [-1.2, 1], few), async () => {
      turns += 1;
      return Promise.resolve();
    });
    expect(waited).toEqual(atOnce(minimise(rosenbrock, [-1.2, 1], few)));
    expect(turns).toBeGreaterThan(1);
  });
});
