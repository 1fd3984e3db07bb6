import type { Evidence, MembershipEvidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';
import { isInForce } from './window';

const none: ReadonlyArray<MembershipEvidence> = [];

/** Memberships enrolled at or before `asOf` whose validity has not ended (`domain.md §8.2`). */
export const activeMemberships = (evidence: Evidence, asOf: Instant): ReadonlyArray<MembershipEvidence> => {
  if (evidence.memberships.size === 0) return none;
  const active: MembershipEvidence[] = [];
  for (const membership of evidence.memberships.values())
    if (membership.enrolledAt !== null && isInForce(membership.enrolledAt, membership.validTo, asOf))
      active.push(membership);
  return active;
};
