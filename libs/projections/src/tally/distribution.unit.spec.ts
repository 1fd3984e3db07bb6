import fc from 'fast-check';
import { medianOf, sizeOf, together } from './distribution';

const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 });

describe('a distribution', () => {
  it('has the size and the median of the values counted in it', () => {
    fc.assert(
      fc.property(values, (all) => {
        const sorted = all.toSorted((one, other) => one - other);
        const distribution = together(all.map((value) => [[value, 1]]));
        const middle = [Math.ceil(all.length / 2) - 1, Math.floor(all.length / 2)].map((rank) => sorted[rank] ?? NaN);
        expect(sizeOf(distribution)).toBe(all.length);
        expect(medianOf(distribution)).toBe(((middle[0] ?? NaN) + (middle[1] ?? NaN)) / 2);
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

  it('of nothing has none', () => {
    expect(medianOf([])).toBeNull();
  });
});
