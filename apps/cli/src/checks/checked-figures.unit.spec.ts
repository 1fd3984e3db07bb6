import { agreementsOf } from './checked-figures';

const rows = [{ year: '2014', orders: 969, share: 1 / 3 }];

describe('what the system says beside what SQL says', () => {
  it('agrees when every value is the same but for the last bits of a quotient', () => {
    const [agreement] = agreementsOf({ years: rows }, { years: [{ year: '2014', orders: 969, share: 1 / 3 + 1e-16 }] });
    expect(agreement).toEqual({ figure: 'years', values: 3, differences: [] });
  });

  it.each([
    ['a count by one', [{ year: '2014', orders: 970, share: 1 / 3 }], { field: 'orders', system: 969, sql: 970 }],
    ['a quotient in its tenth digit', [{ ...rows[0], share: 1 / 3 + 1e-10 }], { field: 'share' }],
    ['a number against none', [{ ...rows[0], share: null }], { field: 'share', sql: null }],
    ['a text', [{ ...rows[0], year: '2015' }], { field: 'year' }],
  ])('differs by %s', (_what, other, difference) => {
    expect(agreementsOf({ years: rows }, { years: other })).toEqual([
      {
        figure: 'years',
        values: 3,
        differences: [expect.objectContaining({ figure: 'years', row: 0, ...difference })],
      },
    ]);
  });

  it('differs by a row that one side lacks, and by a figure that one side lacks', () => {
    const [more, alone] = agreementsOf({ years: rows }, { years: [...rows, ...rows], months: rows });
    expect(more?.differences.map(({ row, field }) => [row, field])).toEqual([
      [1, 'year'],
      [1, 'orders'],
      [1, 'share'],
    ]);
    expect(alone).toMatchObject({ figure: 'months', values: 3, differences: [{ system: null }, {}, {}] });
  });
});
