import * as E from 'fp-ts/Either';
import { atOnce } from '../special/minimise';
import { simulatedSpendings } from '../testing/simulate';
import { correlation } from './correlation';
import { fitGammaGamma } from './fit';
import { expectedSpend, populationMean, spendingLogLikelihood } from './gamma-gamma';

/** CDNOW as published, rounded (`domain.md §13.2`). */
const rounded = { p: 6.25, q: 3.74, v: 15.44 };

describe('expected spend of CDNOW (domain.md §13.2)', () => {
  // coverage: 31
  it.each([
    [2, 22.35, 24.6637, 24.65],
    [1, 11.77, 18.9169, 18.91],
    [0, 0, 35.219, 35.17],
    [7, 73.74, 71.4697, 71.46],
    [2, 25.55, 27.2884, 27.28],
  ])('x=%d, mean %d is %d, published as %d', (repeats, mean, expected, published) => {
    const spend = expectedSpend(rounded, { repeats, mean }) ?? NaN;
    expect(Math.abs(spend - expected)).toBeLessThanOrEqual(5.1e-5);
    expect(Math.abs(spend - published)).toBeLessThanOrEqual(0.06);
  });

  it('of a customer without a repeat order is that of all', () => {
    expect(expectedSpend(rounded, null)).toBe(populationMean(rounded));
    expect(populationMean(rounded)).toBeCloseTo(35.219, 4);
  });

  it('does not exist when q is not above 1', () => {
    expect(expectedSpend({ ...rounded, q: 1 }, { repeats: 3, mean: 10 })).toBeNull();
  });
});

describe('the fit of Gamma-Gamma (domain.md §13.2)', () => {
  const spendings = simulatedSpendings(rounded, 5_000, 20_260_103);
  const fitted = atOnce(fitGammaGamma(spendings));

  it('recovers the parameters of simulated customers, and is no less likely than the truth', () => {
    if (E.isLeft(fitted)) throw new Error(fitted.left.message);
    const { n, LL, ...model } = fitted.right.model;
    for (const [name, value] of Object.entries(model) as ReadonlyArray<[keyof typeof rounded, number]>)
      expect([name, Math.abs(value / rounded[name] - 1) <= 0.25]).toEqual([name, true]);
    expect(n).toBe(5_000);
    expect(LL).toBeGreaterThanOrEqual(spendingLogLikelihood(spendings, rounded));
    expect(Math.abs(fitted.right.correlation ?? 1)).toBeLessThan(0.1);
    expect(fitted.right.correlated).toBe(false);
  });

  it('does not depend on the currency', () => {
    const few = spendings.slice(0, 500);
    const inPounds = atOnce(fitGammaGamma(few));
    const inYen = atOnce(fitGammaGamma(few.map(({ repeats, mean }) => ({ repeats, mean: mean * 1e6 }))));
    if (E.isLeft(inPounds) || E.isLeft(inYen)) throw new Error('no fit');
    expect(inYen.right.model.p).toBeCloseTo(inPounds.right.model.p, 3);
    expect(inYen.right.model.v / inPounds.right.model.v / 1e6).toBeCloseTo(1, 4);
  });

  it('warns when those who buy more often also spend more each time', () => {
    const dependent = spendings.slice(0, 500).map(({ repeats, mean }) => ({ repeats, mean: mean * repeats }));
    expect(atOnce(fitGammaGamma(dependent))).toMatchObject(E.right({ correlated: true }));
  });

  it('is unavailable with fewer than 100 customers, and when all spend alike', () => {
    expect(atOnce(fitGammaGamma(spendings.slice(0, 99)))).toMatchObject(E.left({ code: 'TooFewRepeatBuyers' }));
    const alike = Array.from({ length: 150 }, () => ({ repeats: 2, mean: 10 }));
    expect(atOnce(fitGammaGamma(alike))).toMatchObject(E.left({ code: 'OutOfBounds' }));
  });
});

describe('a correlation', () => {
  it.each([
    [[1, 2, 3], [2, 4, 6], 1],
    [[1, 2, 3], [3, 2, 1], -1],
    [[1, 2, 3, 4], [1, -1, -1, 1], 0],
    [[1, 2, 3], [5, 5, 5], null],
    [[], [], null],
  ])('of %j and %j is %s', (xs, ys, expected) => {
    const found = correlation(xs, ys);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toBeCloseTo(expected, 12);
  });
});
