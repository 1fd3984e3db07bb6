import { code, type Codec, day, timeZone } from '../facts/codec';
import { list, record } from '../facts/structure';
import { HOUR_MS } from '../time/calendar';
import { type BusinessHours, msOfDay, openMsAWeek, weekdays } from '../time/business-hours';
import type { ConfigurationFault } from './configuration-validity';

const MAX_WINDOWS = 12;
const MAX_HOLIDAYS = 1_000;
/** Less would make days of service last for months. */
const MIN_OPEN_MS_A_WEEK = HOUR_MS;

/** `HH:MM`: that they are times of day is for `businessHoursFaults`, as for all numbers of the document. */
const windows = list(record({ from: code, to: code }), 0, MAX_WINDOWS);

/** Business hours of the deferred service (`domain.md §10.4`): every weekday is stated, `[]` is closed. */
export const businessHours: Codec<BusinessHours> = record({
  timeZone,
  weekdays: record({
    monday: windows,
    tuesday: windows,
    wednesday: windows,
    thursday: windows,
    friday: windows,
    saturday: windows,
    sunday: windows,
  }),
  holidays: list(day, 0, MAX_HOLIDAYS),
});

/** What is wrong with the hours themselves, by JSON Pointer below `path`. */
export const businessHoursFaults = (hours: BusinessHours, path: string): ReadonlyArray<ConfigurationFault> => {
  const faults: ConfigurationFault[] = [];
  for (const weekday of weekdays) {
    let closedUntil = 0;
    for (const [index, { from, to }] of hours.weekdays[weekday].entries()) {
      const at = `${path}/weekdays/${weekday}/${index}`;
      const [opens, closes] = [msOfDay(from), msOfDay(to)];
      const message = 'must be a time of day 00:00..24:00';
      if (opens === null) faults.push({ path: `${at}/from`, message });
      if (closes === null) faults.push({ path: `${at}/to`, message });
      if (opens === null || closes === null) continue;
      if (opens >= closes) faults.push({ path: `${at}/to`, message: `must be later than ${from}` });
      if (opens < closedUntil)
        faults.push({ path: `${at}/from`, message: 'must not be before the end of the last one' });
      closedUntil = Math.max(closedUntil, closes);
    }
  }
  if (faults.length === 0 && openMsAWeek(hours) < MIN_OPEN_MS_A_WEEK)
    faults.push({ path: `${path}/weekdays`, message: 'must be open for an hour a week at least' });
  return faults;
};
