import type { Evidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';
import { isInForce } from './window';

export type RoleEvidence = Evidence['person']['roles'][number];

const none: ReadonlyArray<RoleEvidence> = [];

/**
 * Roles in force at `asOf`. A role is closed by re-issuing it with its end (`domain.md §3`), so of
 * several statements about one (role, counterparty) that have begun, the latest counts.
 */
export const activeRoles = (evidence: Evidence, asOf: Instant): ReadonlyArray<RoleEvidence> => {
  const { roles } = evidence.person;
  if (roles.length === 0) return none;
  const active: RoleEvidence[] = [];
  roles.forEach((role, index) => {
    if (!isInForce(role.validFrom, role.validTo, asOf)) return;
    const restated = roles.some(
      (later, position) =>
        position > index &&
        later.role === role.role &&
        later.counterpartyId === role.counterpartyId &&
        later.validFrom <= asOf,
    );
    if (!restated) active.push(role);
  });
  return active;
};

/** Whether the party holds `role` at `asOf`, towards anyone. */
export const hasRole = (evidence: Evidence, role: string, asOf: Instant): boolean =>
  evidence.person.roles.length > 0 && activeRoles(evidence, asOf).some((active) => active.role === role);

/** Employees and competitors are kept out of tiers, aggregates, campaigns and models (`domain.md §3`, §6.1). */
export const isOutsideBase = (evidence: Evidence, asOf: Instant): boolean =>
  evidence.person.roles.length > 0 &&
  activeRoles(evidence, asOf).some(({ role }) => role === 'employee' || role === 'competitor');
