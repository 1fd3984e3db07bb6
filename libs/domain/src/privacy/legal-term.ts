import { calendarOf, DAY_MS, HOUR_MS, type Instant } from '../time/calendar';

/** GDPR art. 12(3): one month, the term where no other regime is configured (`domain.md §17.6`). */
const TERM_MONTHS = 1;
const HALF_DAY_MS = DAY_MS / 2;

/** The number of the day so many months later: the same date, or the last day of a month that has no such date. */
const monthsLater = (dayNumber: number, months: number): number => {
  const day = new Date(dayNumber * DAY_MS);
  const lastOfMonth = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months + 1, 0);
  const sameDate = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, day.getUTCDate());
  return Math.min(lastOfMonth, sameDate) / DAY_MS;
};

/**
 * When a data-subject request must be answered that was received at `receivedAt`: one month later by
 * the tenant's calendar, at the same time of day (`domain.md §17.6`).
 */
export const answerDueAt = (receivedAt: Instant, timeZone: string): Instant => {
  const { dayNumber, dayStart, nextDayStart, hourOfDay } = calendarOf(timeZone);
  const dueDay = monthsLater(dayNumber(receivedAt), TERM_MONTHS);
  let withinDueDay = dueDay * DAY_MS;
  // No zone is a whole day from UTC, so half days lead into the day and cannot jump over it.
  while (dayNumber(withinDueDay) < dueDay) withinDueDay += HALF_DAY_MS;
  while (dayNumber(withinDueDay) > dueDay) withinDueDay -= HALF_DAY_MS;
  const hour = hourOfDay(receivedAt);
  const near = Math.min(dayStart(withinDueDay) + Math.round(hour * HOUR_MS), nextDayStart(withinDueDay) - 1);
  // On a day on which the clocks change, so long after its start it is another time of day.
  return near + Math.round((hour - hourOfDay(near)) * HOUR_MS);
};
