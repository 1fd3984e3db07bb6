import fc from 'fast-check';
import { type BusinessHours, type OpenWindow, openMsAWeek, openTimeOf, weekdays } from './business-hours';
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from './calendar';

const at = (iso: string): Instant => Date.parse(iso);

const hoursOf = (
  timeZone: string,
  windows: ReadonlyArray<OpenWindow>,
  holidays: ReadonlyArray<string> = [],
): BusinessHours => ({
  timeZone,
  weekdays: {
    monday: windows,
    tuesday: windows,
    wednesday: windows,
    thursday: windows,
    friday: windows,
    saturday: [],
    sunday: [],
  },
  holidays,
});

const shop = hoursOf(
  'Europe/Madrid',
  [
    { from: '09:00', to: '14:00' },
    { from: '16:00', to: '19:00' },
  ],
  ['2026-01-06'],
);

describe('business hours (domain.md §10.4)', () => {
  it('without them 24 h are 24 h', () => {
    const openTime = openTimeOf(undefined);
    expect(openTime.after(at('2026-03-28T12:00:00Z'), 24 * HOUR_MS)).toBe(at('2026-03-29T12:00:00Z'));
    expect(openTime.between(10, 4)).toBe(-6);
  });

  it.each([
    ['within a window', '2026-01-05T09:00:00Z', 2, '2026-01-05T11:00:00Z'],
    ['at the end of a window, not at the beginning of the next one', '2026-01-05T08:00:00Z', 5, '2026-01-05T13:00:00Z'],
    ['over the break at noon', '2026-01-05T12:00:00Z', 2, '2026-01-05T16:00:00Z'],
    ['over the night and a holiday', '2026-01-05T17:00:00Z', 2, '2026-01-07T09:00:00Z'],
    ['over the weekend', '2026-01-09T17:00:00Z', 2, '2026-01-12T09:00:00Z'],
    ['from a closed hour on', '2026-01-10T11:00:00Z', 24, '2026-01-14T18:00:00Z'],
  ])('time passes %s', (_, from, hours, expected) => {
    expect(openTimeOf(shop).after(at(from), hours * HOUR_MS)).toBe(at(expected));
    expect(openTimeOf(shop).between(at(from), at(expected))).toBe(hours * HOUR_MS);
  });

  /** Clocks in Madrid go from 02:00 to 03:00 on 29 March 2026 and from 03:00 to 02:00 on 25 October 2026. */
  const night: BusinessHours = {
    ...hoursOf('Europe/Madrid', []),
    weekdays: { ...hoursOf('Europe/Madrid', []).weekdays, sunday: [{ from: '00:00', to: '06:00' }] },
  };

  it.each([
    ['an hour less when clocks go forward', '2026-03-29', 5],
    ['as stated on other days', '2026-04-05', 6],
    ['an hour more when clocks go back', '2026-10-25', 7],
  ])('a night lasts %s', (_, day, hours) => {
    const openTime = openTimeOf(night);
    const start = at(`${day}T00:00:00Z`) - DAY_MS;
    expect(openTime.between(start, start + 3 * DAY_MS)).toBe(hours * HOUR_MS);
    const sunrise = openTime.after(start, hours * HOUR_MS);
    expect(new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Madrid', timeStyle: 'short' }).format(sunrise)).toBe(
      '06:00',
    );
  });

  it.each([
    ['that the clock skips begins at the change', '02:30', '04:00', '2026-03-29', 1],
    ['that the clock skips as a whole is none', '02:00', '03:00', '2026-03-29', 0],
    ['whose hours come twice ends at the first of them', '01:00', '02:30', '2026-10-25', 1.5],
    ['up to the end of the day ends with it', '22:00', '24:00', '2026-10-25', 2],
  ])('a window %s', (_, from, to, day, hours) => {
    const hoursOfSunday = { ...night, weekdays: { ...night.weekdays, sunday: [{ from, to }] } };
    const start = at(`${day}T00:00:00Z`) - DAY_MS;
    expect(openTimeOf(hoursOfSunday).between(start, start + 3 * DAY_MS)).toBe(hours * HOUR_MS);
  });

  it('windows that overlap, touch, are empty or cannot be read count once or not at all', () => {
    const odd = hoursOf('UTC', [
      { from: '10:00', to: '12:00' },
      { from: '09:00', to: '11:00' },
      { from: '12:00', to: '13:00' },
      { from: '18:00', to: '17:00' },
      { from: '25:00', to: 'later' },
    ]);
    expect(openMsAWeek(odd)).toBe(5 * 4 * HOUR_MS);
  });

  it('hours that are never open do not keep anything from falling due', () => {
    expect(openTimeOf(hoursOf('UTC', [])).after(0, HOUR_MS)).toBe(HOUR_MS);
  });

  const time = fc
    .integer({ min: 0, max: 24 * 12 })
    .map((n) => `${String(Math.floor(n / 12)).padStart(2, '0')}:${String((n % 12) * 5).padStart(2, '0')}`);
  const arbitraryHours: fc.Arbitrary<BusinessHours> = fc
    .record({
      timeZone: fc.constantFrom('UTC', 'Europe/Madrid', 'America/Santiago', 'America/Havana', 'Australia/Lord_Howe'),
      windows: fc.array(fc.array(fc.record({ from: time, to: time }), { maxLength: 2 }), {
        minLength: 7,
        maxLength: 7,
      }),
      holidays: fc.array(fc.constantFrom('2025-03-30', '2025-04-06', '2025-11-02'), { maxLength: 2 }),
    })
    .map(({ timeZone, windows, holidays }) => ({
      timeZone,
      weekdays: { ...shop.weekdays, ...Object.fromEntries(weekdays.map((day, index) => [day, windows[index] ?? []])) },
      holidays,
    }))
    .filter((hours) => openMsAWeek(hours) >= HOUR_MS);
  const instant = fc.integer({ min: at('2025-03-20T00:00:00Z'), max: at('2025-11-20T00:00:00Z') });

  it('is monotone, never faster than the clock on the wall, and additive over adjoining intervals', () => {
    fc.assert(
      fc.property(arbitraryHours, fc.tuple(instant, instant, instant), (hours, instants) => {
        const openTime = openTimeOf(hours);
        const [a = 0, b = 0, c = 0] = [...instants].sort((x, y) => x - y);
        expect(openTime.between(a, b)).toBeGreaterThanOrEqual(0);
        expect(openTime.between(a, b)).toBeLessThanOrEqual(b - a);
        expect(openTime.between(a, b) + openTime.between(b, c)).toBe(openTime.between(a, c));
        expect(openTime.between(b, a)).toBe(0 - openTime.between(a, b));
      }),
      { numRuns: 60 },
    );
  });

  it('what falls due after so much open time is the first instant by which it has passed', () => {
    fc.assert(
      fc.property(
        arbitraryHours,
        instant,
        fc.integer({ min: 1, max: 24 * HOUR_MS }),
        fc.integer({ min: 0, max: 90 * MINUTE_MS }),
        (hours, from, ms, more) => {
          const openTime = openTimeOf(hours);
          const due = openTime.after(from, ms);
          expect(openTime.between(from, due)).toBe(ms);
          expect(openTime.between(from, due - 1)).toBe(ms - 1);
          expect(openTime.after(due, more)).toBe(openTime.after(from, ms + more));
        },
      ),
      { numRuns: 60 },
    );
  });
});
