import { probabilityAlive } from '@afecto/domain';
import fc from 'fast-check';
import { probabilityOfRepeats } from './distribution';
import { expectedFuture, expectedRepeats } from './expectation';
import { purchaseLogLikelihood } from './likelihood';

/** CDNOW as published, rounded, and refitted (`domain.md §13.1`). */
const rounded = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };
const full = { r: 0.242593, alpha: 4.413531, a: 0.792886, b: 2.425754 };

const close = (actual: number | null, expected: number, by: number): void =>
  expect(Math.abs((actual ?? NaN) - expected)).toBeLessThanOrEqual(by);

describe('customers of CDNOW (domain.md §13.1)', () => {
  // coverage: 26, 31
  it.each([
    [0, 0, 38.86, 1, { 1: 0.005596, 13: 0.069927, 39: 0.195098, 52: 0.252073 }, -0.55471328],
    [1, 1.71, 38.86, 0.212101, { 1: 0.006063, 13: 0.074676, 39: 0.203187, 52: 0.259823 }, -4.46909328],
    [2, 30.43, 38.86, 0.726579, { 1: 0.037448, 13: 0.45721, 39: 1.226028, 52: 1.558721 }, -9.45860631],
    [26, 30.86, 31, 0.968916, { 1: 0.710621, 13: 8.277487, 39: 20.749726, 52: 25.758196 }, -37.72657947],
    [10, 10, 38.86, 0.000185, { 1: 0.000044, 13: 0.00052, 39: 0.001349, 52: 0.001694 }, null],
    [10, 35, 38.86, 0.846941, { 1: 0.198928, 13: 2.37671, 39: 6.163638, 52: 7.738892 }, null],
    [4, 4, 30, 0.017067, { 1: 0.002087, 13: 0.024803, 39: 0.063934, 52: 0.080131 }, null],
    [132, 200, 200, 0.9940917456, { 52: 30.5428321519 }, null],
    [3, 10, 12, 0.7855066445, { 520: 16.9466668992 }, null],
  ])('x=%d, t_x=%d, T=%d', (repeats, lastRepeatWeeks, observedWeeks, alive, future, logLikelihood) => {
    const history = { repeats, lastRepeatWeeks, observedWeeks };
    close(probabilityAlive(history, rounded), alive, 6e-7);
    for (const [weeks, orders] of Object.entries(future))
      close(expectedFuture(rounded, history, Number(weeks)), orders, 6e-7);
    if (logLikelihood !== null) close(purchaseLogLikelihood(history, rounded), logLikelihood, 6e-9);
  });

  it.each([
    [0.1429, 0.007828],
    [1, 0.053268],
    [2, 0.10339],
    [3, 0.150865],
    [4, 0.196068],
    [10, 0.432413],
    [31.8571, 1.041996],
    [32, 1.045243],
    [39, 1.196723],
    [52, 1.446051],
    [78, 1.860519],
  ])('E[X(%d)] is %d', (weeks, orders) => close(expectedRepeats(rounded, weeks), orders, 6e-7));

  it.each([
    [0.1429, 0.007816, 0.0078],
    [1, 0.053185, 0.0532],
    [3, 0.150632, 0.1506],
    [31.8571, 1.040495, 1.0405],
    [32, 1.043738, 1.0437],
    [78, 1.857973, 1.8576],
  ])('with the full parameters E[X(%d)] is %d, published as %d', (weeks, orders, published) => {
    close(expectedRepeats(full, weeks), orders, 5e-6);
    close(expectedRepeats(full, weeks), published, 5e-4);
  });

  it.each([
    [39, 0, [0.5737864, 0.1993953, 0.0854298, 0.0458604, 0.0276714, 0.0179655, 0.012269, 0.0086954], 5.1e-8],
    [2, 10, [1.0786896e-7], 5.1e-15],
    [
      30,
      11,
      [
        0.0019995214, 0.0015170236, 0.001163315, 0.0009003148, 0.0007023638, 0.0005517902, 0.0004361913, 0.0003467171,
        0.0002769613, 0.000222226,
      ],
      5.1e-11,
    ],
  ])('P(X(%d) = %d, …)', (weeks, from, probabilities, by) => {
    for (const [index, probability] of probabilities.entries())
      close(probabilityOfRepeats(rounded, weeks, from + index), probability, by);
  });
});

const parameter = fc.double({ min: 0.05, max: 8, noNaN: true });
const anyModel = fc.record({ r: parameter, alpha: parameter, a: parameter, b: parameter });
const anyHistory = fc
  .record({
    repeats: fc.nat(40),
    last: fc.double({ min: 0.01, max: 1, noNaN: true }),
    observedWeeks: fc.double({ min: 1, max: 200, noNaN: true }),
  })
  .map(({ repeats, last, observedWeeks }) => ({
    repeats,
    lastRepeatWeeks: repeats === 0 ? 0 : last * observedWeeks,
    observedWeeks,
  }));

describe('BG/NBD (domain.md §13.1)', () => {
  it('holds a repeat buyer less alive the longer nothing comes', () => {
    fc.assert(
      fc.property(
        anyModel,
        anyHistory.filter(({ repeats }) => repeats > 0),
        fc.double({ min: 0.1, max: 100, noNaN: true }),
        (model, history, weeks) => {
          const later = { ...history, observedWeeks: history.observedWeeks + weeks };
          const [before, after] = [probabilityAlive(history, model), probabilityAlive(later, model)];
          expect(after).toBeLessThanOrEqual(before);
          if (before < 1 - 1e-9 && before > 1e-9) expect(after).toBeLessThan(before);
        },
      ),
    );
  });

  it('expects no less than nothing, and more of a longer time', () => {
    const span = fc.double({ min: 0.1, max: 100, noNaN: true });
    fc.assert(
      fc.property(anyModel, anyHistory, span, span, (model, history, weeks, more) => {
        const shorter = expectedFuture(model, history, weeks) ?? NaN;
        const longer = expectedFuture(model, history, weeks + more) ?? NaN;
        expect(shorter).toBeGreaterThanOrEqual(0);
        expect(longer).toBeGreaterThanOrEqual(shorter * (1 - 1e-9));
        if (probabilityAlive(history, model) > 1e-6) expect(longer).toBeGreaterThan(shorter);
      }),
      { numRuns: 60 },
    );
    expect(expectedFuture(rounded, { repeats: 2, lastRepeatWeeks: 3, observedWeeks: 9 }, 0)).toBe(0);
    expect(expectedRepeats(rounded, 0)).toBe(0);
  });

  it('counts every customer once: the probabilities of all counts add up to 1, their mean is E[X(t)]', () => {
    const milder = fc.double({ min: 0.5, max: 4, noNaN: true });
    fc.assert(
      fc.property(
        fc.record({ r: milder, alpha: fc.double({ min: 4, max: 12, noNaN: true }), a: milder, b: milder }),
        fc.double({ min: 0.5, max: 8, noNaN: true }),
        (model, weeks) => {
          const counts = Array.from({ length: 200 }, (_, n) => probabilityOfRepeats(model, weeks, n));
          for (const probability of counts) expect(probability).toBeGreaterThanOrEqual(0);
          close(
            counts.reduce((sum, probability) => sum + probability, 0),
            1,
            1e-9,
          );
          const mean = counts.reduce((sum, probability, n) => sum + n * probability, 0);
          close(expectedRepeats(model, weeks), mean, 1e-5 * Math.max(1, mean));
        },
      ),
      { numRuns: 20 },
    );
  });

  it.each([
    { singular: 'a = 1', model: { r: 0.5, alpha: 6, a: 1, b: 2 } },
    { singular: 'a + b = 1', model: { r: 0.5, alpha: 6, a: 0.4, b: 0.6 } },
  ])('has no gap at $singular, where its formula divides by nothing', ({ model }) => {
    const besides = [model.a - 1e-4, model.a + 1e-4].map((a) => ({ ...model, a }));
    for (const history of [
      { repeats: 0, lastRepeatWeeks: 0, observedWeeks: 20 },
      { repeats: 3, lastRepeatWeeks: 9, observedWeeks: 20 },
    ]) {
      const [below, above] = besides.map((beside) => expectedFuture(beside, history, 30) ?? NaN);
      close(expectedFuture(model, history, 30), ((below ?? NaN) + (above ?? NaN)) / 2, 1e-5);
    }
    const [below, above] = besides.map((beside) => expectedRepeats(beside, 30) ?? NaN);
    close(expectedRepeats(model, 30), ((below ?? NaN) + (above ?? NaN)) / 2, 1e-5);
  });

  it('holds every one-time buyer alive, an artefact by which nobody is judged', () => {
    expect(probabilityAlive({ repeats: 0, lastRepeatWeeks: 0, observedWeeks: 5_000 }, rounded)).toBe(1);
  });

  it('does not answer for times at which its series does not settle', () => {
    const quick = { ...rounded, alpha: 1e-6 };
    expect(expectedRepeats(quick, 1e5)).toBeNull();
    expect(expectedFuture(quick, { repeats: 0, lastRepeatWeeks: 0, observedWeeks: 0 }, 1e5)).toBeNull();
  });
});
