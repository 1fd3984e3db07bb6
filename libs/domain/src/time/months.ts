import { DAY_MS } from './calendar';

const MONTHS_A_YEAR = 12;

/** A calendar month, counted: year · 12 + month 0..11. */
export type Month = number;

/** The month that a calendar day of a tenant lies in; `dayNumber` counts days since 1970-01-01 (`Calendar.dayNumber`). */
export const monthOfDay = (dayNumber: number): Month => {
  const date = new Date(dayNumber * DAY_MS);
  return date.getUTCFullYear() * MONTHS_A_YEAR + date.getUTCMonth();
};

/** The last day of a month, counted from 1970-01-01. */
export const lastDayOf = (month: Month): number =>
  Date.UTC(Math.floor(month / MONTHS_A_YEAR), (month % MONTHS_A_YEAR) + 1, 0) / DAY_MS;

/** As in answers: 2025-03. */
export const monthName = (month: Month): string =>
  `${String(Math.floor(month / MONTHS_A_YEAR)).padStart(4, '0')}-${String((month % MONTHS_A_YEAR) + 1).padStart(2, '0')}`;
