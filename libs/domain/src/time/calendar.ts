/**
 * Time inside the domain is a number: milliseconds since 1970-01-01T00:00:00Z.
 * Ages are real numbers of days, never floored (`domain.md §1`).
 */
export type Instant = number;

/** One day in milliseconds. */
export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
/** No such instant: later than every instant. */
export const NEVER: Instant = Number.POSITIVE_INFINITY;

/** Age in days at `asOf` of something that happened at `at`; negative when it lies ahead. */
export const ageInDays = (at: Instant, asOf: Instant): number => (asOf - at) / DAY_MS;

const digits = (value: number, length: number): string => String(value).padStart(length, '0');
/** An instant is put together of four pieces: what reads a text of many small pieces gathers them first. */
const CLOCKS = Array.from(
  { length: 1_440 },
  (_, minute) => `${digits(Math.floor(minute / 60), 2)}:${digits(minute % 60, 2)}:`,
);
const SECONDS = Array.from({ length: 60 }, (_, second) => `${digits(second, 2)}.`);
const MILLISECONDS = Array.from({ length: 1_000 }, (_, millisecond) => `${digits(millisecond, 3)}Z`);

/** The first and the last instant that `Date` knows lie so far from 1970. */
const LAST_MS = 8_640_000_000_000_000;

/** Days whose date is kept: ten years. */
const MOST_DATES = 3_653;
const dates = new Map<number, string>();

/** The date of a day since 1970-01-01, with the `T` after it. */
const dateOf = (day: number): string => {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const iso = new Date(day * DAY_MS).toISOString();
  const date = iso.slice(0, iso.indexOf('T') + 1);
  if (dates.size >= MOST_DATES) dates.clear();
  dates.set(day, date);
  return date;
};

/**
 * As ISO 8601 in UTC; throws a RangeError where `Date` has no day. A profile shows dozens of instants, and `Date`
 * takes several times as long for each.
 */
export const toIso = (at: Instant): string => {
  if (!Number.isInteger(at) || Math.abs(at) > LAST_MS) return new Date(at).toISOString();
  const day = Math.floor(at / DAY_MS);
  const date = dateOf(day);
  const within = at - day * DAY_MS;
  const minute = Math.floor(within / MINUTE_MS);
  const inMinute = within - minute * MINUTE_MS;
  const second = Math.floor(inMinute / 1_000);
  return `${date}${CLOCKS[minute]}` + `${SECONDS[second]}${MILLISECONDS[inMinute - second * 1_000]}`;
};

/** Day boundaries and clock hours of one time zone. */
export interface Calendar {
  /** 00:00 of the calendar day that contains `at`. */
  readonly dayStart: (at: Instant) => Instant;
  /** The first day boundary strictly later than `at`. */
  readonly nextDayStart: (at: Instant) => Instant;
  /** The earliest day boundary at or after `at`; `NEVER` stays `NEVER`. */
  readonly ceilDay: (at: Instant) => Instant;
  /** Whole calendar days since 1970-01-01 of the day that contains `at`. */
  readonly dayNumber: (at: Instant) => number;
  /** Hour of the day with its fraction, 0 ≤ h < 24. */
  readonly hourOfDay: (at: Instant) => number;
  /**
   * The first instant at which the clock shows `msOfDay` (0..one day) on a day by its number; where the
   * clock skips that time, the instant of the change.
   */
  readonly at: (dayNumber: number, msOfDay: number) => Instant;
}

/** Offsets of time zones change at most on quarter hours. */
const OFFSET_STEP_MS = 900_000;

const calendarFromOffset = (offsetAt: (at: Instant) => number): Calendar => {
  const localDay = (at: Instant) => Math.floor((at + offsetAt(at)) / DAY_MS);
  /** The first instant of a local day; where clocks change at midnight, 00:00 may not exist or come twice. */
  const startOfDay = (day: number): Instant => {
    const guess = day * DAY_MS;
    let start = guess - offsetAt(guess - offsetAt(guess));
    while (localDay(start) < day) start += OFFSET_STEP_MS;
    while (localDay(start - OFFSET_STEP_MS) === day) start -= OFFSET_STEP_MS;
    return start;
  };
  return {
    dayStart: (at) => startOfDay(localDay(at)),
    nextDayStart: (at) => startOfDay(localDay(at) + 1),
    ceilDay: (at) => {
      if (at === NEVER) return NEVER;
      const start = startOfDay(localDay(at));
      return start === at ? at : startOfDay(localDay(at) + 1);
    },
    dayNumber: localDay,
    hourOfDay: (at) => {
      const local = at + offsetAt(at);
      return (local - Math.floor(local / DAY_MS) * DAY_MS) / HOUR_MS;
    },
    at: (dayNumber, msOfDay) => {
      const wall = dayNumber * DAY_MS + msOfDay;
      const [before, behind] = [offsetAt(wall - DAY_MS), offsetAt(wall + DAY_MS)];
      const earliest = wall - Math.max(before, behind);
      if (earliest + offsetAt(earliest) === wall) return earliest;
      const latest = wall - Math.min(before, behind);
      if (latest + offsetAt(latest) === wall) return latest;
      let change = Math.floor(earliest / OFFSET_STEP_MS) * OFFSET_STEP_MS;
      while (change + offsetAt(change) < wall) change += OFFSET_STEP_MS;
      return change;
    },
  };
};

/** Without clock changes a day is arithmetic: the hot path of most tenants. */
const utc: Calendar = {
  dayStart: (at) => Math.floor(at / DAY_MS) * DAY_MS,
  nextDayStart: (at) => (Math.floor(at / DAY_MS) + 1) * DAY_MS,
  ceilDay: (at) => (at === NEVER ? NEVER : Math.ceil(at / DAY_MS) * DAY_MS),
  dayNumber: (at) => Math.floor(at / DAY_MS),
  hourOfDay: (at) => (at - Math.floor(at / DAY_MS) * DAY_MS) / HOUR_MS,
  at: (dayNumber, msOfDay) => dayNumber * DAY_MS + msOfDay,
};
const calendars = new Map<string, Calendar>([['UTC', utc]]);

/** One look-up per quarter hour is kept. */
const offsetsOf = (timeZone: string): ((at: Instant) => number) => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const known = new Map<number, number>();
  return (at) => {
    const slot = Math.floor(at / OFFSET_STEP_MS);
    const seen = known.get(slot);
    if (seen !== undefined) return seen;
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(slot * OFFSET_STEP_MS)) parts[type] = Number(value);
    const local = Date.UTC(
      parts['year'] ?? 1970,
      (parts['month'] ?? 1) - 1,
      parts['day'] ?? 1,
      parts['hour'] ?? 0,
      parts['minute'] ?? 0,
      parts['second'] ?? 0,
    );
    const offset = local - slot * OFFSET_STEP_MS;
    if (known.size > 100_000) known.clear();
    known.set(slot, offset);
    return offset;
  };
};

/**
 * The calendar of an IANA time zone (RFC 6557). An unknown zone is refused where configuration and
 * facts are decoded, so it cannot reach this function.
 */
export const calendarOf = (timeZone: string): Calendar => {
  const known = calendars.get(timeZone);
  if (known) return known;
  const made = calendarFromOffset(offsetsOf(timeZone));
  calendars.set(timeZone, made);
  return made;
};

/** Whether the runtime knows an IANA time zone. */
export const isTimeZone = (timeZone: string): boolean => {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone });
    return true;
  } catch {
    return false;
  }
};
