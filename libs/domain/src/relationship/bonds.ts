import type { BondEvidence, Evidence, InteractionEvidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import type { Instant } from '../time/calendar';
import { activeMemberships } from './memberships';
import { inTrailing, isInForce } from './window';

export type BondType = BondEvidence['bondType'];

export interface ActiveBond {
  readonly bondType: BondType;
  /** True when only the automatic rule gives it and nobody recorded it. */
  readonly automatic: boolean;
  /** The facts that give it, newest first within each rule. */
  readonly eventIds: ReadonlyArray<string>;
}

/** From the shallowest to the deepest (`domain.md §8.1`). */
const depthOrder: ReadonlyArray<BondType> = ['reward', 'social', 'customization', 'structural'];
const selfServiceChannels: ReadonlySet<string> = new Set(['web', 'mobile_app', 'self_service_kiosk']);
const none: ReadonlyArray<string> = [];

/** Both sides took part: an unanswered attempt is no dialogue. */
export const isTwoWay = (interaction: InteractionEvidence): boolean =>
  interaction.outcome === 'answered' || interaction.outcome === 'completed';

/** The recorded bonds of a type in force; with several counterparties there are several. */
const recorded = (evidence: Evidence, bondType: BondType, asOf: Instant): ReadonlyArray<string> => {
  if (evidence.bonds.length === 0) return none;
  const eventIds: string[] = [];
  for (let index = evidence.bonds.length - 1; index >= 0; index--) {
    const bond = evidence.bonds[index];
    if (bond === undefined || bond.bondType !== bondType || bond.at > asOf) continue;
    if (isInForce(bond.validFrom, bond.validTo, asOf)) eventIds.push(bond.eventId);
  }
  return eventIds;
};

const byRewards = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<string> => {
  const { rewards, windowDays } = policy.configuration.relationship.rewardBond;
  const eventIds: string[] = [];
  for (let index = evidence.rewards.length - 1; index >= 0; index--) {
    const reward = evidence.rewards[index];
    if (reward !== undefined && inTrailing(reward.at, windowDays, asOf)) eventIds.push(reward.eventId);
  }
  return eventIds.length >= rewards ? eventIds : none;
};

/** The agent of three of the last five assisted contacts, with these contacts; null when there is none. */
const agentOfContacts = (
  evidence: Evidence,
  policy: Policy,
  asOf: Instant,
): { readonly agentId: string; readonly eventIds: ReadonlyArray<string> } | null => {
  const { sameAgent, ofLast } = policy.configuration.relationship.socialBond;
  const contactsOf = new Map<string, string[]>();
  let seen = 0;
  for (let index = evidence.interactions.length - 1; index >= 0 && seen < ofLast; index--) {
    const contact = evidence.interactions[index];
    if (contact === undefined || contact.at > asOf || contact.agentId === null) continue;
    if (!isTwoWay(contact) || selfServiceChannels.has(contact.channel)) continue;
    seen += 1;
    const contacts = contactsOf.get(contact.agentId);
    if (contacts === undefined) contactsOf.set(contact.agentId, [contact.eventId]);
    else contacts.push(contact.eventId);
  }
  for (const [agentId, eventIds] of contactsOf) if (eventIds.length >= sameAgent) return { agentId, eventIds };
  return null;
};

const byNamedAgent = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<string> =>
  agentOfContacts(evidence, policy, asOf)?.eventIds ?? none;

const byMembership = (evidence: Evidence, asOf: Instant): ReadonlyArray<string> =>
  evidence.memberships.size === 0
    ? none
    : activeMemberships(evidence, asOf).map(({ eventId, membershipId }) => eventId ?? membershipId);

const byAppliedPreferences = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<string> => {
  const { applied, windowDays } = policy.configuration.relationship.customizationBond;
  const preferenceIds = new Set<string>();
  const eventIds: string[] = [];
  const note = (at: Instant | null, eventId: string | null, ids: ReadonlyArray<string>) => {
    if (ids.length === 0 || at === null || !inTrailing(at, windowDays, asOf)) return;
    for (const id of ids) preferenceIds.add(id);
    if (eventId !== null) eventIds.push(eventId);
  };
  for (let index = evidence.placedOrders.length - 1; index >= 0; index--) {
    const order = evidence.placedOrders[index];
    if (order === undefined) continue;
    if (order.placedAt !== null && order.placedAt <= asOf && !inTrailing(order.placedAt, windowDays, asOf)) break;
    note(order.placedAt, order.eventId, order.appliedPreferenceIds);
  }
  if (evidence.offers.size > 0)
    for (const offer of evidence.offers.values()) note(offer.madeAt, offer.eventId, offer.appliedPreferenceIds);
  return preferenceIds.size >= applied ? eventIds : none;
};

const automatic = (evidence: Evidence, bondType: BondType, policy: Policy, asOf: Instant): ReadonlyArray<string> => {
  switch (bondType) {
    case 'reward':
      return evidence.rewards.length === 0 ? none : byRewards(evidence, policy, asOf);
    case 'social': {
      const member = byMembership(evidence, asOf);
      const agent = evidence.interactions.length === 0 ? none : byNamedAgent(evidence, policy, asOf);
      return member.length === 0 ? agent : [...member, ...agent];
    }
    case 'customization':
      return byAppliedPreferences(evidence, policy, asOf);
    case 'structural':
      return none;
  }
};

/**
 * Bonds at `asOf`, at most one entry a type, shallowest first: recorded ones in force, and the
 * automatic ones (two rewards in 365 days; the same agent in three of the last five assisted contacts
 * or an active membership; a preference applied in 365 days). Structural bonds are recorded only
 * (`domain.md §8.1`).
 */
export const activeBonds = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<ActiveBond> => {
  const bonds: ActiveBond[] = [];
  for (const bondType of depthOrder) {
    const stated = recorded(evidence, bondType, asOf);
    const derived = automatic(evidence, bondType, policy, asOf);
    if (stated.length === 0 && derived.length === 0) continue;
    bonds.push({
      bondType,
      automatic: stated.length === 0,
      eventIds: stated.length === 0 ? derived : derived.length === 0 ? stated : [...stated, ...derived],
    });
  }
  return bonds;
};

/**
 * The agents whom the customer knows (`domain.md §8.1`, personal relationship with staff): of the recorded
 * social bonds in force that name one, the newest first, then who had three of the last five assisted contacts.
 */
export const namedAgents = (evidence: Evidence, policy: Policy, asOf: Instant): ReadonlyArray<string> => {
  const recordedNow = evidence.bonds.length === 0 ? none : recorded(evidence, 'social', asOf);
  const contacts = evidence.interactions.length === 0 ? null : agentOfContacts(evidence, policy, asOf);
  if (recordedNow.length === 0) return contacts === null ? none : [contacts.agentId];
  const agents = new Set<string>();
  for (const eventId of recordedNow) {
    const agentId = evidence.bonds.find((bond) => bond.eventId === eventId)?.counterpartyId;
    if (agentId !== null && agentId !== undefined) agents.add(agentId);
  }
  if (contacts !== null) agents.add(contacts.agentId);
  return [...agents];
};
