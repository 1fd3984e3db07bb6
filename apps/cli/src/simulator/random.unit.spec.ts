import fc from 'fast-check';
import { Random } from './random';

describe('random numbers', () => {
  it('repeat for the same seed and subject', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string(), (seed, subject) => {
        const [one, other] = [new Random(seed, subject), new Random(seed, subject)];
        for (let draw = 0; draw < 20; draw += 1) expect(one.next()).toBe(other.next());
      }),
    );
  });

  it('lie in their bounds', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: -50, max: 50 }), fc.nat(50), (seed, from, width) => {
        const drawn = new Random(seed, 'bounds').whole(from, from + width);
        expect(drawn).toBeGreaterThanOrEqual(from);
        expect(drawn).toBeLessThanOrEqual(from + width);
      }),
    );
  });

  it('are spread evenly', () => {
    const random = new Random(42, 'spread');
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let draw = 0; draw < 10_000; draw += 1) {
      const tenth = Math.floor(random.next() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});
