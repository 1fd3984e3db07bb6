import fc from 'fast-check';
import { tallyInMemory } from './tally-in-memory';
import { countOn, sumsIn } from './window';

describe('counts by day and month', () => {
  it('add up in any window as day by day', async () => {
    const day = fc.integer({ min: 19_900, max: 20_100 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(day, fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 5 })), { maxLength: 40 }),
        day,
        fc.nat(150),
        async (counted, from, length) => {
          const { count, tallySums } = tallyInMemory();
          for (const [on, what, by] of counted) countOn(count, on, by, 'report', 'part', what, 'x');
          const to = from + length;
          const told = await sumsIn({ tallySums }, { from, to }, 'report', 'part');
          const expected = ['a', 'b'].flatMap((name) => {
            const sum = counted.reduce(
              (all, [on, what, by]) => (what === name && on >= from && on <= to ? all + by : all),
              0,
            );
            return sum === 0 ? [] : [[[name, 'x'], sum]];
          });
          expect(told.toSorted(([[one = '']], [[other = '']]) => (one < other ? -1 : 1))).toEqual(expected);
        },
      ),
      { numRuns: 100 },
    );
  });
});
