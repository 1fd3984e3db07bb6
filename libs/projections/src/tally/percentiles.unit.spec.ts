import fc from 'fast-check';
import { countValue, percentilesOf, percentilesOfAll } from './percentiles';
import { tallyInMemory } from './tally-in-memory';

describe('percentiles over customers', () => {
  it('are those of the single values, whatever bins they were counted in', async () => {
    const value = fc.oneof(fc.nat(70), fc.nat(5_000), fc.nat(100_000_000));
    const counted = fc.array(fc.tuple(value, fc.integer({ min: 106, max: 110 })), { minLength: 1, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(counted, fc.double({ min: 0, max: 1, noNaN: true }), async (values, share) => {
        const tally = tallyInMemory();
        for (const [one, month] of values) countValue(tally.count, month, one, 'report', 'of', 'x');
        countValue(tally.count, 108, 1, 'report', 'of', 'another');
        const inside = values.flatMap(([one, month]) => (month >= 107 && month <= 109 ? [one] : []));
        const sorted = inside.toSorted((one, other) => one - other);
        const told = await percentilesOf(tally, { from: 107, to: 109 }, [share, 0.5, 1], 'report', 'of', 'x');
        expect(told.values).toBe(inside.length);
        const at = (of: number) => sorted[Math.max(1, Math.ceil(of * sorted.length)) - 1] ?? null;
        expect(told.at).toEqual([at(share), at(0.5), at(1)]);
      }),
      { numRuns: 100 },
    );
  });

  it('of several groups are those of all their values together', async () => {
    const counted = fc.array(fc.tuple(fc.nat(5_000), fc.constantFrom('x', 'y')), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(counted, async (values) => {
        const tally = tallyInMemory();
        for (const [one, group] of values) {
          countValue(tally.count, 108, one, 'report', 'of', group);
          countValue(tally.count, 108, one, 'report', 'all');
        }
        countValue(tally.count, 108, 1, 'report', 'of', 'another');
        const groups = [
          ['of', 'x'],
          ['of', 'y'],
        ];
        const months = { from: 108, to: 108 };
        expect(await percentilesOfAll(tally, months, [0.5, 0.9], 'report', groups)).toEqual(
          await percentilesOf(tally, months, [0.5, 0.9], 'report', 'all'),
        );
      }),
      { numRuns: 50 },
    );
  });
});
