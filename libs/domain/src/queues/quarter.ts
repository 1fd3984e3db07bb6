import { calendarOf, DAY_MS, type Instant } from '../time/calendar';

const MONTHS = 3;

/** A calendar quarter of a time zone. */
export interface Quarter {
  /** `yyyy-Qn`. */
  readonly key: string;
  /** 00:00 of the first day of the next quarter. */
  readonly nextStart: Instant;
}

/** The quarter that contains `at`. */
export const quarterOf = (at: Instant, timeZone: string): Quarter => {
  const calendar = calendarOf(timeZone);
  // Day numbers count calendar days, so a date in UTC names the same calendar day.
  const date = new Date(calendar.dayNumber(at) * DAY_MS);
  const quarter = Math.floor(date.getUTCMonth() / MONTHS);
  const nextDay = Date.UTC(date.getUTCFullYear(), (quarter + 1) * MONTHS, 1) / DAY_MS;
  let start = calendar.dayStart(nextDay * DAY_MS);
  while (calendar.dayNumber(start) < nextDay) start = calendar.nextDayStart(start);
  while (calendar.dayNumber(start) > nextDay) start = calendar.dayStart(start - 1);
  return { key: `${date.getUTCFullYear()}-Q${quarter + 1}`, nextStart: start };
};
