import {
  calendarOf,
  contactPoints,
  type Evidence,
  type Instant,
  isTwoWay,
  type Policy,
  relationshipMode,
  windowExit,
} from '@afecto/domain';
import { dayOf } from '../figures/definition';

/** When the mode of somebody who cannot be reached may change: what began, ended, or left its window. */
const changesOf = (evidence: Evidence, { configuration }: Policy): ReadonlyArray<Instant> => {
  const { windowDays } = configuration.relationship;
  const changes: Instant[] = [];
  const period = (from: Instant | null, to: Instant | null): void => {
    if (from !== null) changes.push(from);
    if (to !== null) changes.push(to);
  };
  for (const { enrolledAt, validTo } of evidence.memberships.values()) period(enrolledAt, validTo);
  for (const { validFrom, validTo } of evidence.person.roles) period(validFrom, validTo);
  for (const { at } of evidence.referralsMade) period(at, windowExit(at, windowDays, at));
  for (const contact of evidence.interactions)
    if (isTwoWay(contact)) period(contact.at, windowExit(contact.at, windowDays, contact.at));
  return changes;
};

/**
 * The days on which a relationship that is active in these spans of days is more than purchases, each with +1,
 * and the first days on which it is so no more, each with −1: summed up to a day over all customers they tell
 * how many it is on that day (relational marketing share, `domain.md §3`). Whoever can be reached today is taken
 * to have been so before; others are judged at the end of each day.
 */
export const relationalChanges = (
  evidence: Evidence,
  active: ReadonlyArray<readonly [from: number, until: number]>,
  policy: Policy,
): ReadonlyArray<readonly [day: number, by: 1 | -1]> => {
  if (contactPoints(evidence) > 0) return active.flatMap(([from, until]) => [[from, 1] as const, [until, -1] as const]);
  const days = [...new Set(changesOf(evidence, policy).map((at) => dayOf(at, policy)))].sort((a, b) => a - b);
  if (days.length === 0) return [];
  const calendar = calendarOf(policy.configuration.tenant.timeZone);
  const changes: (readonly [number, 1 | -1])[] = [];
  for (const [from, until] of active) {
    let was = false;
    for (const day of [from, ...days.filter((other) => other > from && other < until)]) {
      const is = relationshipMode(evidence, policy, calendar.at(day + 1, 0) - 1) !== 'transactional';
      if (is !== was) changes.push([day, is ? 1 : -1]);
      was = is;
    }
    if (was) changes.push([until, -1]);
  }
  return changes;
};
