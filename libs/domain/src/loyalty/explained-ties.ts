import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import { type ActiveBond, activeMemberships, inTrailing } from '../relationship';
import type { Instant } from '../time/calendar';
import type { ExplainedEvidence } from './explanation';
import type { Ties } from './ties';

type Cited = Pick<ExplainedEvidence, 'eventId' | 'type' | 'occurredAt'>;

const lastOrder = (evidence: Evidence): Cited => {
  const last = evidence.orderDays.at(-1);
  return {
    eventId: last?.lastEventId ?? evidence.partyId,
    type: 'OrderPlaced',
    occurredAt: last?.lastAt ?? evidence.lastFactAt,
  };
};

const membershipOf = (evidence: Evidence, asOf: Instant): Cited => {
  const membership = activeMemberships(evidence, asOf)[0];
  return {
    eventId: membership?.eventId ?? membership?.membershipId ?? evidence.partyId,
    type: 'MembershipEnrolled',
    occurredAt: membership?.enrolledAt ?? evidence.lastFactAt,
  };
};

/** The fact that gives the bond: its own statement, or the newest of those the automatic rule rests on. */
const bondOf = (bond: ActiveBond, evidence: Evidence): Cited => {
  const [eventId = evidence.partyId] = bond.eventIds;
  const found = (type: string, at: Instant | null | undefined): Cited | null =>
    at === null || at === undefined ? null : { eventId, type, occurredAt: at };
  const memberships = [...evidence.memberships.values()];
  const offers = [...evidence.offers.values()];
  return (
    found('BondEstablished', evidence.bonds.find((entry) => entry.eventId === eventId)?.at) ??
    found('RewardGranted', evidence.rewards.find((entry) => entry.eventId === eventId)?.at) ??
    found('MembershipEnrolled', memberships.find((entry) => entry.eventId === eventId)?.enrolledAt) ??
    found('InteractionRecorded', evidence.interactions.find((entry) => entry.eventId === eventId)?.at) ??
    found('OrderPlaced', evidence.placedOrders.find((entry) => entry.eventId === eventId)?.placedAt) ??
    found('OfferMade', offers.find((entry) => entry.eventId === eventId)?.madeAt) ?? {
      eventId,
      type: 'BondEstablished',
      occurredAt: evidence.lastFactAt,
    }
  );
};

/** The evidence of family D; `scale` is the points of one unit of signal (`domain.md §7.3 D`, §7.6). */
export const tieEvidence = (
  evidence: Evidence,
  ties: Ties,
  policy: Policy,
  asOf: Instant,
  scale: number,
): ExplainedEvidence[] => {
  const settings = policy.configuration.loyalty.ties;
  const lines: ExplainedEvidence[] = [];
  /** `part` is what all entries of this kind add together after their cap, shared equally by them. */
  const add = (cited: Cited, value: number, part: number, entries: number, note: string): void => {
    const effectiveWeight = value === 0 ? 0 : (part / entries / value) * ties.countedShare;
    lines.push({ ...cited, family: 'D', value, effectiveWeight, points: scale * effectiveWeight * value, note });
  };
  for (const { at, convertedAt, eventId } of evidence.referralsMade) {
    const cited: Cited = { eventId, type: 'ReferralMade', occurredAt: at };
    if (inTrailing(at, settings.windowDays, asOf))
      add(cited, settings.referralMade, ties.parts.made, ties.referralsMade, 'referral made');
    if (convertedAt !== null && inTrailing(convertedAt, settings.windowDays, asOf))
      add(cited, settings.referralConverted, ties.parts.converted, ties.referralsConverted, 'referral converted');
  }
  if (ties.member) add(membershipOf(evidence, asOf), settings.membership, ties.parts.membership, 1, 'membership');
  for (const bond of ties.bonds)
    add(
      bondOf(bond, evidence),
      settings.bondType,
      ties.parts.bonds,
      ties.bonds.length,
      `${bond.automatic ? 'automatic ' : ''}${bond.bondType} bond`,
    );
  if (ties.parts.years !== 0)
    add(
      lastOrder(evidence),
      settings.activeYear * ties.activeYears,
      ties.parts.years,
      1,
      `full active years: ${ties.activeYears}`,
    );
  if (ties.parts.scope !== 0)
    add(lastOrder(evidence), settings.scope, ties.parts.scope, 1, `${ties.lines} product lines in the window`);
  if (ties.parts.wallet !== 0) {
    const wallet = evidence.wallets.find(({ eventId }) => eventId === ties.wallet.eventId);
    add(
      {
        eventId: ties.wallet.eventId ?? evidence.partyId,
        type: 'WalletReported',
        occurredAt: wallet?.at ?? evidence.lastFactAt,
      },
      ties.parts.wallet,
      ties.parts.wallet,
      1,
      `share of wallet ${ties.wallet.value ?? 'unknown'}, ${ties.wallet.origin ?? 'unknown'}`,
    );
  }
  return lines;
};
