import * as E from 'fp-ts/Either';
import { atOnce } from '../special/minimise';
import { simulatedHistories } from '../testing/simulate';
import { fitBgNbd, isInBounds } from './fit';
import { chiSquare, repeatHistogram } from './histogram';
import { expectedFuture } from './expectation';
import { expectedWithoutLeaving, fitWithoutLeaving, isLeavingEvident } from './leaving';
import { purchaseLogLikelihood, sampleLogLikelihood } from './likelihood';
import { inUnitsOf, purchaseSample } from './sample';

const truth = { r: 0.6, alpha: 4, a: 0.9, b: 2.5 };
const histories = simulatedHistories(truth, 5_000, 104, 20_260_101);
const sample = purchaseSample(histories);
const fitted = atOnce(fitBgNbd(sample));

describe('the fit of BG/NBD (domain.md §13.1)', () => {
  it('recovers the parameters of simulated customers, and is no less likely than the truth', () => {
    if (E.isLeft(fitted)) throw new Error(fitted.left.message);
    const { n, LL, ...model } = fitted.right;
    for (const [name, value] of Object.entries(model) as ReadonlyArray<[keyof typeof truth, number]>)
      expect([name, Math.abs(value / truth[name] - 1) <= 0.25]).toEqual([name, true]);
    expect(n).toBe(5_000);
    expect(LL).toBe(sampleLogLikelihood(sample, model));
    expect(LL).toBeGreaterThanOrEqual(sampleLogLikelihood(sample, truth));
  });

  it('stands on a summit: a step in any parameter is less likely', () => {
    if (E.isLeft(fitted)) throw new Error(fitted.left.message);
    const { n: _, LL, ...model } = fitted.right;
    for (const name of ['r', 'alpha', 'a', 'b'] as const)
      for (const factor of [0.99, 1.01])
        expect(sampleLogLikelihood(sample, { ...model, [name]: model[name] * factor })).toBeLessThan(LL);
  });

  it('expects the counts that are observed', () => {
    if (E.isLeft(fitted)) throw new Error(fitted.left.message);
    const histogram = repeatHistogram(sample, fitted.right);
    for (const column of ['observed', 'expected'] as const)
      expect(histogram.reduce((sum, row) => sum + row[column], 0)).toBeCloseTo(5_000, 6);
    // 8 rows less 4 parameters less 1: at the level of one in a thousand the bound is 16.3.
    expect(chiSquare(histogram)).toBeLessThan(16.3);
    expect(chiSquare(repeatHistogram(sample, { ...truth, r: 2 }))).toBeGreaterThan(100);
  });

  it('shows that customers leave where they do, and that nothing shows it where they do not', () => {
    if (E.isLeft(fitted)) throw new Error(fitted.left.message);
    const without = atOnce(fitWithoutLeaving(sample));
    expect(without.LL).toBeLessThan(fitted.right.LL - 100);
    expect(isLeavingEvident(fitted.right, without)).toBe(true);
    const loyal = { r: 0.6, alpha: 4, a: 1e-4, b: 100 };
    const ofLoyal = purchaseSample(simulatedHistories(loyal, 500, 104, 5));
    const found = atOnce(fitWithoutLeaving(ofLoyal));
    expect(isLeavingEvident({ LL: sampleLogLikelihood(ofLoyal, loyal) }, found)).toBe(false);
    const history = { repeats: 3, lastRepeatWeeks: 20, observedWeeks: 30 };
    const limit = expectedFuture({ ...loyal, a: 1e-9 }, history, 10) ?? NaN;
    expect(expectedWithoutLeaving(loyal, history, 10)).toBeCloseTo(limit, 6);
  });

  it('is unavailable with fewer than 100 repeat buyers', () => {
    const repeatBuyers = histories.filter(({ repeats }) => repeats > 0);
    const once = histories.filter(({ repeats }) => repeats === 0);
    const too = atOnce(fitBgNbd(purchaseSample([...once, ...repeatBuyers.slice(0, 99)])));
    expect(too).toMatchObject(E.left({ code: 'TooFewRepeatBuyers' }));
    expect(E.isRight(atOnce(fitBgNbd(purchaseSample([...once.slice(0, 150), ...repeatBuyers.slice(0, 100)]))))).toBe(
      true,
    );
  });

  it.each([
    [[1e-6, 1e4, 1, 1], true],
    [[0.999e-6, 1, 1, 1], false],
    [[1, 1, 1, 1.0001e4], false],
    [[1, NaN, 1, 1], false],
  ])('is unavailable when a parameter of %j leaves 1e−6 … 1e4', (parameters, inside) => {
    expect(isInBounds(parameters)).toBe(inside);
  });

  it('is unavailable when the data let a parameter run away', () => {
    // Everybody buys every week and nobody ever leaves: no a and b say so.
    const clockwork = Array.from({ length: 200 }, () => ({ repeats: 50, lastRepeatWeeks: 50, observedWeeks: 50 }));
    expect(atOnce(fitBgNbd(purchaseSample(clockwork)))).toMatchObject(E.left({ code: 'OutOfBounds' }));
  });
});

describe('the likelihood of a population (domain.md §13.1)', () => {
  it('is the sum of that of its customers, one-time buyers counted by T', () => {
    const few = histories.slice(0, 60);
    const sum = few.reduce((total, history) => total + purchaseLogLikelihood(history, truth), 0);
    expect(sampleLogLikelihood(purchaseSample([...few, ...few]), truth)).toBeCloseTo(2 * sum, 9);
  });

  it('changes by a constant with the unit of time', () => {
    const scaled = sampleLogLikelihood(inUnitsOf(sample, 52), { ...truth, alpha: truth.alpha / 52 });
    expect(scaled).toBeCloseTo(sampleLogLikelihood(sample, truth) + sample.repeats * Math.log(52), 6);
  });
});
