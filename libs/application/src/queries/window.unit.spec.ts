import { faultOfWindow } from './window';

/*
 * A date was compared with an instant as if it were its first moment in UTC: a window from nine o'clock to the same day was
 * refused, and in Auckland one from a day to an instant in that day.
 */
describe('a window from and to days that are named by date or by instant', () => {
  const at = (text: string) => Date.parse(text);
  const faultOf = (from: string | number, to: string | number) =>
    faultOfWindow({ from, to }, at('2026-02-20T09:00:00Z'), '--to');

  it.each([
    [at('2026-01-31T09:00:00Z'), '2026-01-31'],
    ['2026-01-31', at('2026-01-30T12:30:00Z')],
    [at('2026-02-01T10:59:59Z'), '2026-01-31'],
    ['2026-01-31', '2026-01-31'],
  ])('is taken where they are one day somewhere: from %s to %s', (from, to) => {
    expect(faultOf(from, to)).toBeNull();
  });

  it.each([
    ['2026-02-01', '2026-01-31'],
    ['2026-02-01', at('2026-01-31T09:00:00Z')],
    [at('2026-02-01T12:00:00Z'), '2026-01-31'],
    [at('2026-01-31T09:00:01Z'), at('2026-01-31T09:00:00Z')],
  ])('is refused where the first comes after the last everywhere: from %s to %s', (from, to) => {
    expect(faultOf(from, to)).toBe('must not be later than --to');
  });
});
