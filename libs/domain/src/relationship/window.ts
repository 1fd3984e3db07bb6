import { DAY_MS, type Instant, NEVER } from '../time/calendar';

/** Whether something at `at` lies in the trailing window: 0 ≤ age ≤ `days` (`domain.md §1`, ages are not floored). */
export const inTrailing = (at: Instant, days: number, asOf: Instant): boolean =>
  at <= asOf && at >= asOf - days * DAY_MS;

/**
 * The first millisecond at which something at `at` is older than `days`; `NEVER` when that has passed
 * or `at` lies ahead of `asOf`.
 */
export const windowExit = (at: Instant, days: number, asOf: Instant): Instant =>
  inTrailing(at, days, asOf) ? at + days * DAY_MS + 1 : NEVER;

/** Whether the half-open interval [from, to) holds `asOf`; an absent end never comes. */
export const isInForce = (from: Instant, to: Instant | null, asOf: Instant): boolean =>
  from <= asOf && (to === null || asOf < to);
