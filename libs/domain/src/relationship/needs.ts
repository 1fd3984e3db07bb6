import type { Evidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';

/**
 * Keys of the needs that were recorded as of `at`, which may lie before facts already folded: stated or observed,
 * or only the stated ones; of now or later.
 */
export const needsAt = ({ person }: Evidence, at: Instant, which: 'all' | 'stated' = 'all'): ReadonlySet<string> => {
  const needs = new Set<string>();
  const isAsked = (origin: string): boolean => which === 'all' || origin === which;
  for (const { kind, key, origin, since } of person.preferences)
    if (kind === 'need' && since <= at && isAsked(origin)) needs.add(key);
  for (const { key, origin, since, until } of person.earlierNeeds)
    if (since <= at && at < until && isAsked(origin)) needs.add(key);
  return needs;
};
