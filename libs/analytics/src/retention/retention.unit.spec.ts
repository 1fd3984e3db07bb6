import fc from 'fast-check';
import { cohortTable, monthName, monthOfDay } from './cohorts';
import { activityPeriod } from './period';
import * as rates from './rates';

describe('rates (domain.md §13.4)', () => {
  it('CRR is what is left of those at the start, churn the rest', () => {
    const period = { atStart: 200, atEnd: 210, added: 50 };
    expect(rates.retentionRate(period)).toBe(0.8);
    expect(rates.churnRate(period)).toBeCloseTo(0.2, 12);
    expect([rates.retentionRate, rates.churnRate].map((of) => of({ ...period, atStart: 0 }))).toEqual([null, null]);
  });

  it.each([
    'responseRate',
    'repeatRate',
    'crossSellRate',
    'referralRate',
    'winBackRate',
    'conversionRate',
    'costPerContact',
  ] as const)('%s is a part of a whole, and unknown without the whole', (name) => {
    expect([rates[name](3, 12), rates[name](0, 12), rates[name](0, 0)]).toEqual([0.25, 0, null]);
  });

  it('the sales cycle is a median', () => {
    expect([[9, 1, 2], [4, 1, 2, 9], []].map(rates.salesCycleDays)).toEqual([2, 3, null]);
  });
});

describe('who is active at both ends of a period (domain.md §13.4)', () => {
  const onDay = (day: number): number => day * 86_400_000;
  const periodOf = (...customers: ReadonlyArray<ReadonlyArray<number>>) => {
    const activity = activityPeriod({ from: onDay(200), to: onDay(400), activityWindowDays: 180 });
    for (const days of customers) activity.add(days.map(onDay));
    return activity.period();
  };

  it.each([
    { who: 'stays', days: [150, 390], period: [1, 1, 0] },
    { who: 'goes', days: [150, 220], period: [1, 0, 0] },
    { who: 'is new', days: [201, 390], period: [0, 1, 1] },
    { who: 'is new and gone', days: [201, 210], period: [0, 0, 0] },
    { who: 'came back after a pause', days: [10, 390], period: [0, 1, 0] },
    { who: 'ordered at the edge of the window', days: [20, 220], period: [0, 0, 0] },
    { who: 'ordered at the ends themselves', days: [200, 400], period: [1, 1, 0] },
    { who: 'never ordered', days: [], period: [0, 0, 0] },
  ])('counts one who $who', ({ days, period: [atStart, atEnd, added] }) => {
    expect(periodOf(days)).toEqual({ atStart, atEnd, added });
  });

  it('gives the retention rate', () => {
    expect(rates.retentionRate(periodOf([150, 390], [150, 220], [201, 390]))).toBe(0.5);
  });
});

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

  it('knows the months of the calendar', () => {
    expect(['2023-12-31', '2024-01-01', '1969-12-31'].map((date) => monthName(monthOfDay(dayOf(date))))).toEqual([
      '2023-12',
      '2024-01',
      '1969-12',
    ]);
  });
});
