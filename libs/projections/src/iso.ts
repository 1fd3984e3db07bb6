import { type Instant, NEVER, toIso } from '@afecto/domain';

/** RFC 3339, as instants travel; null for absent, never and before everything. */
export const isoOrNull = (at: Instant | null): string | null =>
  at === null || at === NEVER || at <= Number.MIN_SAFE_INTEGER ? null : toIso(at);
