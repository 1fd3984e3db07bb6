import { calendarOf, DAY_MS, type Instant, MINUTE_MS } from './calendar';

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** Open from a time of day until before another one of the same day, `HH:MM`; 24:00 is the end of the day. */
export type OpenWindow = {
  readonly from: string;
  readonly to: string;
};

/** When service is given (`domain.md §10.4`): several windows a day by weekday, and days on which none is. */
export type BusinessHours = {
  /** IANA; the times of day are those of its clocks. */
  readonly timeZone: string;
  readonly weekdays: Readonly<Record<Weekday, ReadonlyArray<OpenWindow>>>;
  /** `YYYY-MM-DD`, in the time zone. */
  readonly holidays: ReadonlyArray<string>;
};

/** A scale of time on which only open time counts. */
export interface OpenTime {
  /** Open milliseconds in [from, to); negative when `to` is earlier. */
  readonly between: (from: Instant, to: Instant) => number;
  /** The earliest instant by which `ms` open milliseconds have passed since `from`; what is not more than 0 is added as it is. */
  readonly after: (from: Instant, ms: number) => Instant;
}

/** Without business hours 24 h are 24 h. */
const allTime: OpenTime = { between: (from, to) => to - from, after: (from, ms) => from + ms };

const TIME_OF_DAY = /^([01]\d|2[0-3]):([0-5]\d)$/;

/** Milliseconds after midnight on the clock of `HH:MM`, 00:00..24:00; null for anything else. */
export const msOfDay = (time: string): number | null => {
  if (time === '24:00') return DAY_MS;
  const match = TIME_OF_DAY.exec(time);
  return match === null ? null : (Number(match[1]) * 60 + Number(match[2])) * MINUTE_MS;
};

type Span = readonly [from: number, to: number];

/** Ascending and apart; what touches or overlaps is one, what is empty or cannot be read is left out. */
const spansOf = (windows: ReadonlyArray<OpenWindow>): ReadonlyArray<Span> => {
  const known: Span[] = [];
  for (const window of windows) {
    const [from, to] = [msOfDay(window.from), msOfDay(window.to)];
    if (from !== null && to !== null && from < to) known.push([from, to]);
  }
  const spans: Span[] = [];
  for (const [from, to] of known.sort((a, b) => a[0] - b[0])) {
    const last = spans.at(-1);
    if (last === undefined || from > last[1]) spans.push([from, to]);
    else spans[spans.length - 1] = [last[0], Math.max(last[1], to)];
  }
  return spans;
};

/** Open milliseconds of an ordinary week. */
export const openMsAWeek = (hours: Pick<BusinessHours, 'weekdays'>): number =>
  weekdays.reduce(
    (sum, weekday) => sum + spansOf(hours.weekdays[weekday]).reduce((day, [from, to]) => day + to - from, 0),
    0,
  );

/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = 3;
const DAYS_A_WEEK = 7;
/**
 * Service time is at most a day, so hours that are open at all reach it long before. Times that no
 * command would accept still come to an end: beyond so many weeks all time counts.
 */
const MAX_WEEKS = 2_000;
const MAX_SPAN_MS = MAX_WEEKS * 7 * DAY_MS;
const MAX_KEPT = 20_000;

const modulo = (value: number, by: number): number => ((value % by) + by) % by;

const openTimeWithin = (hours: BusinessHours): OpenTime => {
  const calendar = calendarOf(hours.timeZone);
  const byWeekday = weekdays.map((weekday) => spansOf(hours.weekdays[weekday]));
  const holidays = new Set(hours.holidays.map((day) => Date.parse(`${day}T00:00:00Z`) / DAY_MS));
  const days = new Map<number, ReadonlyArray<Span>>();
  const weeks = new Map<number, number>();

  /** The open stretches of a day as instants: longer or shorter than by the clock where the clock changes within. */
  const stretchesOf = (day: number): ReadonlyArray<Span> => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const spans = holidays.has(day) ? [] : (byWeekday[modulo(day + EPOCH_WEEKDAY, DAYS_A_WEEK)] ?? []);
    const stretches = spans.map(([from, to]): Span => [calendar.at(day, from), calendar.at(day, to)]);
    if (days.size > MAX_KEPT) days.clear();
    days.set(day, stretches);
    return stretches;
  };
  const openInWeek = (week: number): number => {
    const known = weeks.get(week);
    if (known !== undefined) return known;
    let open = 0;
    for (let day = week * DAYS_A_WEEK; day < (week + 1) * DAYS_A_WEEK; day++)
      for (const [from, to] of stretchesOf(day)) open += to - from;
    if (weeks.size > MAX_KEPT) weeks.clear();
    weeks.set(week, open);
    return open;
  };

  const between = (from: Instant, to: Instant): number => {
    if (to === from) return 0;
    if (to < from) return 0 - between(to, from);
    if (to - from > MAX_SPAN_MS) return between(from, from + MAX_SPAN_MS) + (to - from - MAX_SPAN_MS);
    const last = calendar.dayNumber(to);
    let open = 0;
    for (let day = calendar.dayNumber(from); day <= last; day++) {
      // Whole weeks that lie inside are added up once for all.
      const isWholeWeek = modulo(day, DAYS_A_WEEK) === 0 && day + DAYS_A_WEEK <= last && calendar.at(day, 0) >= from;
      if (isWholeWeek) {
        open += openInWeek(day / DAYS_A_WEEK);
        day += DAYS_A_WEEK - 1;
        continue;
      }
      for (const [start, end] of stretchesOf(day)) open += Math.max(0, Math.min(end, to) - Math.max(start, from));
    }
    return open;
  };

  const after = (from: Instant, ms: number): Instant => {
    if (ms <= 0) return from + ms;
    let left = ms;
    let weeksPassed = 0;
    for (let day = calendar.dayNumber(from); weeksPassed < MAX_WEEKS; day++) {
      if (modulo(day, DAYS_A_WEEK) === 0) {
        weeksPassed += 1;
        const open = openInWeek(day / DAYS_A_WEEK);
        if (open < left && calendar.at(day, 0) >= from) {
          left -= open;
          day += DAYS_A_WEEK - 1;
          continue;
        }
      }
      for (const [start, end] of stretchesOf(day)) {
        const begun = Math.max(start, from);
        if (begun >= end) continue;
        if (end - begun >= left) return begun + left;
        left -= end - begun;
      }
    }
    return from + ms;
  };
  return { between, after };
};

const scales = new WeakMap<BusinessHours, OpenTime>();

/**
 * The time that counts under these business hours (`domain.md §10.4`); all time when there are none, or
 * when they are never open, for then nothing would ever fall due. A wall time that a clock change skips
 * is the instant of the change, one that comes twice is meant the first time.
 */
export const openTimeOf = (hours: BusinessHours | undefined): OpenTime => {
  if (hours === undefined) return allTime;
  const known = scales.get(hours);
  if (known !== undefined) return known;
  const made = openMsAWeek(hours) > 0 ? openTimeWithin(hours) : allTime;
  scales.set(hours, made);
  return made;
};
