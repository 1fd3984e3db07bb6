import { calendarOf, DAY_MS, type Instant } from '../time/calendar';

const MONTHS = 3;

/** A calendar quarter of a time zone. */
export interface Quarter {
  /** `yyyy-Qn`. */
  readonly key: string;
  /** 00:00 of the first day of the next quarter. */
  readonly nextStart: Instant;
}

interface Known {
  /** The earliest instant asked for in the quarter. */
  from: Instant;
  readonly quarter: Quarter;
}

/** The quarter of each time zone that was asked for last: an evaluation asks again and again for the same. */
const latest = new Map<string, Known>();

/** The quarter that contains `at`. */
export const quarterOf = (at: Instant, timeZone: string): Quarter => {
  const known = latest.get(timeZone);
  if (known !== undefined && at >= known.from && at < known.quarter.nextStart) return known.quarter;
  const quarter = quarterAt(at, timeZone);
  if (known?.quarter.nextStart === quarter.nextStart) known.from = Math.min(known.from, at);
  else latest.set(timeZone, { from: at, quarter });
  return quarter;
};

const quarterAt = (at: Instant, timeZone: string): Quarter => {
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
