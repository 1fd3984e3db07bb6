import fc from 'fast-check';
import { medianOf, quantileOf, sizeOf, together } from './distribution';

const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 });

describe('a distribution', () => {
  it('has the size and the percentiles of the values counted in it', () => {
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
        const sorted = all.toSorted((one, other) => one - other);
        const distribution = together(all.map((value) => [[value, 1]]));
        expect(sizeOf(distribution)).toBe(all.length);
        expect(quantileOf(distribution, share)).toBe(sorted[Math.ceil(share * all.length) - 1]);
      }),
      { numRuns: 60 },
    );
  });

  it('has as its median the middle value, or the mean of the two in the middle', () => {
    expect(medianOf([[2, 1]])).toBe(2);
    expect(
      medianOf(
        together([
          [
            [10, 1],
            [2, 1],
          ],
        ]),
      ),
    ).toBe(6);
    expect(
      medianOf([
        [1, 2],
        [4, 2],
        [9, 1],
      ]),
    ).toBe(4);
    expect(
      medianOf([
        [1, 2],
        [4, 2],
      ]),
    ).toBe(2.5);
  });

  it('of nothing has neither', () => {
    expect(quantileOf([], 0.5)).toBeNull();
    expect(medianOf([])).toBeNull();
  });
});
