import type { Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';
import { openObligations } from './open-obligations';

/** When the personal data of a customer are to go; `NEVER`: there are none, or they are kept. */
export interface RetentionEnds {
  readonly content: Instant;
  readonly identity: Instant;
}

const KEPT: RetentionEnds = { content: NEVER, identity: NEVER };

/**
 * When the keys of a customer's free text, and those of its identity, are to be destroyed
 * (`domain.md §17.9`): so many days after the last activity of the relationship. Kept whatever the period:
 * who is under legal hold, and who has open obligations, as an erasure on request would have it (§15).
 * Where identity goes nothing stays, so free text is gone by then.
 */
export const retentionEnds = (evidence: Evidence, configuration: Configuration): RetentionEnds => {
  const { legalHolds, retention } = configuration.privacy;
  if (retention === undefined) return KEPT;
  const { activityAt, content, identity } = evidence.person.keeping;
  if (activityAt === null || (content.length === 0 && identity.length === 0)) return KEPT;
  const { identityDays, contentDays = identityDays } = retention;
  if (
    legalHolds.some((partyId) => evidence.members.has(partyId)) ||
    openObligations(evidence, configuration).length > 0
  )
    return KEPT;
  const after = (days: number | undefined): Instant => (days === undefined ? NEVER : activityAt + days * DAY_MS);
  return {
    content: content.length === 0 ? NEVER : after(contentDays),
    identity: identity.length === 0 ? NEVER : after(identityDays),
  };
};

/** What of a customer is to be erased at an instant: all of it, its free text, or nothing (null). */
export const expiredAt = ({ content, identity }: RetentionEnds, at: Instant): 'identity' | 'content' | null => {
  if (identity <= at) return 'identity';
  return content <= at ? 'content' : null;
};

/** When the next of its personal data are to go. */
export const nextExpiry = ({ content, identity }: RetentionEnds): Instant => Math.min(content, identity);
