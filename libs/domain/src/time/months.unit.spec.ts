import fc from 'fast-check';
import { lastDayOf, monthName, monthOfDay } from './months';

const dayOf = (date: string): number => Date.parse(date) / 86_400_000;

describe('months of the calendar', () => {
  it('are known by their days, before 1970 too', () => {
    expect(['2023-12-31', '2024-01-01', '1969-12-31'].map((date) => monthName(monthOfDay(dayOf(date))))).toEqual([
      '2023-12',
      '2024-01',
      '1969-12',
    ]);
    expect(lastDayOf(monthOfDay(dayOf('2024-02-10')))).toBe(dayOf('2024-02-29'));
  });

  it('end with their last day: the next one lies in the next month', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 60_000 }), (day) => {
        const month = monthOfDay(day);
        const last = lastDayOf(month);
        expect(last).toBeGreaterThanOrEqual(day);
        expect([monthOfDay(last), monthOfDay(last + 1)]).toEqual([month, month + 1]);
      }),
      { numRuns: 60 },
    );
  });
});
