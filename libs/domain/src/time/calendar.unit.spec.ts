import fc from 'fast-check';
import { calendarOf, DAY_MS, HOUR_MS, isTimeZone, NEVER, toIso } from './calendar';

const at = (iso: string): number => Date.parse(iso);

describe('the calendar of a time zone', () => {
  it.each([
    ['UTC', '2026-03-01T12:00:00Z', '2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'],
    ['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['America/Bogota', '2026-01-01T03:00:00Z', '2025-12-31T05:00:00Z', '2026-01-01T05:00:00Z'],
    ['Asia/Kolkata', '2026-01-01T20:00:00Z', '2026-01-01T18:30:00Z', '2026-01-02T18:30:00Z'],
  ])('%s: the day of %s runs from %s to %s', (zone, instant, start, end) => {
    const calendar = calendarOf(zone);
    expect(calendar.dayStart(at(instant))).toBe(at(start));
    expect(calendar.nextDayStart(at(instant))).toBe(at(end));
  });

  /**
   * Clocks in Santiago go forward at midnight, so 00:00 of that day does not exist. Computing the
   * start of the day from the offset before the change gave an instant of the day before, and a loop
   * over day boundaries never ended.
   */
  it('a day whose midnight does not exist begins at its first instant', () => {
    const calendar = calendarOf('America/Santiago');
    expect(calendar.nextDayStart(at('2025-09-07T03:00:00Z'))).toBe(at('2025-09-07T04:00:00Z'));
    expect(calendar.nextDayStart(at('2025-09-07T04:00:00Z'))).toBe(at('2025-09-08T03:00:00Z'));
  });

  it('a day whose first hour comes twice begins at the first of the two', () => {
    const calendar = calendarOf('America/Havana');
    const start = calendar.dayStart(at('2025-11-02T12:00:00Z'));
    expect(start).toBe(at('2025-11-02T04:00:00Z'));
  });

  it('day boundaries ascend and hold every instant between them, in any zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('UTC', 'Europe/Berlin', 'America/Santiago', 'America/Havana', 'Asia/Kolkata', 'Pacific/Apia'),
        fc.integer({ min: at('2015-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }),
        (zone, instant) => {
          const calendar = calendarOf(zone);
          const [start, end] = [calendar.dayStart(instant), calendar.nextDayStart(instant)];
          expect(start).toBeLessThanOrEqual(instant);
          expect(end).toBeGreaterThan(instant);
          expect(end - start).toBeLessThanOrEqual(2 * DAY_MS);
          expect(calendar.dayStart(end)).toBe(end);
          expect(calendar.ceilDay(start)).toBe(start);
          expect(calendar.hourOfDay(instant)).toBeLessThan(24);
        },
      ),
    );
  });

  it('what never comes has no day boundary', () => {
    expect(calendarOf('UTC').ceilDay(NEVER)).toBe(NEVER);
  });

  it('knows the hour on the wall', () => {
    expect(calendarOf('Europe/Berlin').hourOfDay(at('2026-07-01T10:30:00Z'))).toBe(12.5);
    expect(calendarOf('UTC').hourOfDay(25 * HOUR_MS)).toBe(1);
  });

  it('tells time zones from other words', () => {
    expect(isTimeZone('Europe/Madrid')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
  });
});

describe('an instant in writing', () => {
  const LAST = 8_640_000_000_000_000;

  it('is what Date writes, in every year that it knows', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.integer({ min: -LAST, max: LAST }),
          fc.integer({ min: at('1999-12-31T00:00:00Z'), max: at('2031-01-01T00:00:00Z') }),
          fc.double({ min: -LAST, max: LAST, noNaN: true }),
          fc.constantFrom(0, -0, -1, LAST, -LAST, at('2024-02-29T23:59:59.999Z'), at('0000-01-01T00:00:00Z')),
        ),
        (instant) => {
          expect(toIso(instant)).toBe(new Date(instant).toISOString());
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([NaN, NEVER, -NEVER, LAST + 1, -LAST - 1, Number.MAX_SAFE_INTEGER])('%d has none', (instant) => {
    expect(() => toIso(instant)).toThrow(RangeError);
  });
});
