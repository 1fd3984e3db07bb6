import fc from 'fast-check';
import { quantileOf, sizeOf, together } from './distribution';

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

  it('of nothing has no percentiles', () => {
    expect(quantileOf([], 0.5)).toBeNull();
  });
});
