import type { Evidence } from '../customer/evidence';
import type { Instant } from '../time/calendar';
import { isInForce } from './window';

export type RoleEvidence = Evidence['person']['roles'][number];

const none: ReadonlyArray<RoleEvidence> = [];

/** Roles in force at `asOf`: at most one entry a (role, counterparty), as its periods do not overlap (`domain.md §3`). */
export const activeRoles = ({ person: { roles } }: Evidence, asOf: Instant): ReadonlyArray<RoleEvidence> =>
  roles.length === 0 ? none : roles.filter(({ validFrom, validTo }) => isInForce(validFrom, validTo, asOf));

/** Whether the party holds `role` at `asOf`, towards anyone. */
export const hasRole = (evidence: Evidence, role: string, asOf: Instant): boolean =>
  evidence.person.roles.length > 0 && activeRoles(evidence, asOf).some((active) => active.role === role);

/** Employees and competitors are kept out of tiers, aggregates, campaigns and models (`domain.md §3`, §6.1). */
export const isOutsideBase = (evidence: Evidence, asOf: Instant): boolean =>
  evidence.person.roles.length > 0 &&
  activeRoles(evidence, asOf).some(({ role }) => role === 'employee' || role === 'competitor');
