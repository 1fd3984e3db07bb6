import fc from 'fast-check';
import { overlap, type Period, withPeriod } from './periods';

const told = (...statements: ReadonlyArray<readonly [number, number | null]>): ReadonlyArray<Period> =>
  statements.reduce<ReadonlyArray<Period>>(
    (periods, [validFrom, validTo]) => withPeriod(periods, { validFrom, validTo }, () => true),
    [],
  );

describe('the periods of one role or bond', () => {
  it.each<[string, ReadonlyArray<readonly [number, number | null]>, ReadonlyArray<readonly [number, number | null]>]>([
    [
      'end as said last',
      [
        [10, null],
        [10, 20],
      ],
      [[10, 20]],
    ],
    [
      'go on when the end is taken back',
      [
        [10, 20],
        [10, null],
      ],
      [[10, null]],
    ],
    [
      'end also under a later start',
      [
        [10, null],
        [15, 20],
      ],
      [[10, 20]],
    ],
    [
      'begin and end as an earlier one that reaches into them says',
      [
        [10, null],
        [5, 20],
      ],
      [[5, 20]],
    ],
    [
      'are kept beside an earlier one that is told later',
      [
        [10, null],
        [1, 5],
      ],
      [
        [10, null],
        [1, 5],
      ],
    ],
    [
      'are kept beside one that they follow at once',
      [
        [10, null],
        [1, 10],
      ],
      [
        [10, null],
        [1, 10],
      ],
    ],
    [
      'are kept beside a later one',
      [
        [1, 5],
        [10, null],
      ],
      [
        [1, 5],
        [10, null],
      ],
    ],
    [
      'are one when they are told twice',
      [
        [10, null],
        [12, null],
      ],
      [[10, null]],
    ],
    [
      'are joined by one that reaches over both',
      [
        [1, 5],
        [10, 15],
        [4, 12],
      ],
      [[1, 12]],
    ],
  ])('%s', (_, statements, periods) => {
    expect(told(...statements).map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual(periods);
  });

  it('never overlap, and hold what was said last, whatever is told in which order', () => {
    const statement = fc
      .tuple(fc.nat(20), fc.option(fc.integer({ min: 1, max: 8 })))
      .map(([from, length]): [number, number | null] => [from, length === null ? null : from + length]);
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 12 }), statement, (statements, [from, to]) => {
        const periods = told(...statements, [from, to]);
        for (const [index, one] of periods.entries())
          for (const other of periods.slice(index + 1)) expect(overlap(one, other)).toBe(false);
        expect(periods.filter(({ validFrom, validTo }) => validFrom <= from && validTo === to)).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});
