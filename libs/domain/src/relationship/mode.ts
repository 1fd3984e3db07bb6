import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { isTwoWay } from './bonds';
import { activeMemberships } from './memberships';
import { activeRoles } from './roles';
import { inTrailing } from './window';

export type RelationshipMode = 'membership' | 'network' | 'interaction' | 'database' | 'transactional';

const networkRoles: ReadonlySet<string> = new Set(['agent', 'beneficiary', 'guarantor', 'associate', 'supplier']);
const contactSchemes: ReadonlySet<string> = new Set(['phone', 'email', 'social', 'postal', 'fax']);

/** Distinct valid identifiers through which the party can be reached. */
export const contactPoints = (evidence: Evidence): number => {
  let points = 0;
  for (const { scheme, valid } of evidence.person.identifiers) if (valid && contactSchemes.has(scheme)) points += 1;
  return points;
};

const inNetwork = (evidence: Evidence, policy: Policy, asOf: Instant): boolean =>
  evidence.referralsMade.some(({ at }) => inTrailing(at, policy.configuration.relationship.windowDays, asOf)) ||
  activeRoles(evidence, asOf).some(({ role }) => networkRoles.has(role));

const inDialogue = (evidence: Evidence, policy: Policy, asOf: Instant): boolean => {
  const { windowDays, interactionMode } = policy.configuration.relationship;
  let inbound = 0;
  let outbound = 0;
  for (let index = evidence.interactions.length - 1; index >= 0; index--) {
    const contact = evidence.interactions[index];
    if (contact === undefined || contact.at > asOf) continue;
    if (!inTrailing(contact.at, windowDays, asOf)) break;
    if (!isTwoWay(contact)) continue;
    if (contact.direction === 'inbound') inbound += 1;
    else outbound += 1;
    if (inbound >= interactionMode.inbound && outbound >= interactionMode.outbound) return true;
  }
  return false;
};

/**
 * Relationship mode, first match: active membership; network relation or referral in 365 days; two
 * inbound and two outbound two-way contacts in 365 days; reachable but without dialogue; purchases
 * only (`domain.md §3`).
 */
export const relationshipMode = (evidence: Evidence, policy: Policy, asOf: Instant): RelationshipMode => {
  if (activeMemberships(evidence, asOf).length > 0) return 'membership';
  if (inNetwork(evidence, policy, asOf)) return 'network';
  if (inDialogue(evidence, policy, asOf)) return 'interaction';
  return contactPoints(evidence) > 0 ? 'database' : 'transactional';
};
