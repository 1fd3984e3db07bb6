import fc from 'fast-check';
import { cohortTable } from './cohorts';

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

describe('the cohort table (domain.md §13.4)', () => {
  it('counts a customer in the month of the first order and once in each month with another', () => {
    const table = cohortTable();
    table.add(['2024-01-05', '2024-01-30', '2024-03-01', '2024-03-31'].map(dayOf));
    table.add(['2024-01-31'].map(dayOf));
    table.add(['2024-02-29', '2024-04-01'].map(dayOf));
    table.add([]);
    expect(table.rows()).toEqual([
      { month: '2024-01', customers: 2, active: [2, 0, 1, 0] },
      { month: '2024-02', customers: 1, active: [1, 0, 1] },
    ]);
  });

  it('counts every customer in one cohort, and nobody more often than the cohort is large', () => {
    const days = fc.array(fc.integer({ min: 18_000, max: 20_000 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.array(days, { maxLength: 12 }), (customers) => {
        const table = cohortTable();
        for (const ofCustomer of customers) table.add(ofCustomer.toSorted((one, other) => one - other));
        const rows = table.rows();
        expect(rows.reduce((sum, row) => sum + row.customers, 0)).toBe(customers.length);
        for (const row of rows) {
          expect(row.active[0]).toBe(row.customers);
          for (const active of row.active) expect(active).toBeLessThanOrEqual(row.customers);
        }
      }),
      { numRuns: 30 },
    );
  });
});
