import { type Instant, toIso } from '@afecto/domain';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/;

export const AN_INSTANT = 'an RFC 3339 UTC instant such as 2026-01-31T09:30:00.000Z';

/** An RFC 3339 instant in UTC, to the millisecond, on a day that exists; null for anything else. */
export const readInstant = (text: string): Instant | null => {
  if (!INSTANT.test(text)) return null;
  const at = Date.parse(text);
  // The parser carries 30 February over to March; such a day does not exist.
  return Number.isNaN(at) || toIso(at).slice(0, 19) !== text.slice(0, 19) ? null : at;
};
