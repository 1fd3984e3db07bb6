import { withBond } from '../account/bonds';
import type { FactData } from '../facts/catalogue';
import type { FactOf } from '../facts/envelope';
import { walletAllocation } from '../relationship';
import type { WalletEvidence } from './evidence';
import { entryOf, instantIn, type MutableEvidence, optionalInstantIn } from './mutable-evidence';

type MutableMembership = MutableEvidence['memberships'] extends Map<string, infer M> ? M : never;

/**
 * Counts for the referrer; between two parties that are one customer it is nothing. Said again under
 * the same id it can only add whom it was about.
 */
export const evolveReferralMade = (
  { members, referralsMade }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'ReferralMade'>,
): void => {
  const { referralId, referrerId } = data;
  const referredId = data.referredId ?? null;
  if (!members.has(referrerId) || (referredId !== null && members.has(referredId))) return;
  const known = referralsMade.find((referral) => referral.referralId === referralId);
  if (known) known.referredId ??= referredId;
  else referralsMade.push({ referralId, eventId, at: occurredAt, referredId, convertedAt: null });
};

const unenrolled = (membershipId: string): MutableMembership => ({
  membershipId,
  eventId: null,
  enrolledAt: null,
  programId: null,
  type: null,
  validTo: null,
});

/** Enrolled once; said again, the latest end of validity counts. */
export const evolveMembershipEnrolled = (
  { members, memberships }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'MembershipEnrolled'>,
): void => {
  if (!members.has(data.partyId)) return;
  const membership = entryOf(memberships, data.membershipId, unenrolled);
  membership.eventId ??= eventId;
  membership.enrolledAt ??= occurredAt;
  membership.programId = data.programId;
  membership.type = data.type;
  membership.validTo = optionalInstantIn(data.validTo);
};

/** What it is worth is also a cost (`domain.md §6.5`). */
export const evolveRewardGranted = (
  { members, rewards, costs }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'RewardGranted'>,
): void => {
  if (data.partyId !== undefined && !members.has(data.partyId)) return;
  const { kind, benefit, valueMinor, pointsDelta } = data;
  const membershipId = data.membershipId ?? null;
  rewards.push({ eventId, at: occurredAt, kind, benefit, membershipId, valueMinor, pointsDelta });
  costs.push({ eventId, at: occurredAt, kind: 'reward', amountMinor: valueMinor });
};

/** With somebody else: between two parties that are one customer nothing binds (`domain.md §3`, counterparty ≠ self). */
export const evolveBondEstablished = (
  evidence: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'BondEstablished'>,
): void => {
  const { members } = evidence;
  if (!members.has(data.partyId)) return;
  if (data.counterpartyId !== undefined && members.has(data.counterpartyId)) return;
  evidence.bonds = withBond(evidence.bonds, {
    eventId,
    at: occurredAt,
    bondType: data.bondType,
    subtype: data.subtype,
    counterpartyId: data.counterpartyId ?? null,
    benefit: data.benefit ?? null,
    validFrom: instantIn(data.validFrom, occurredAt),
    validTo: optionalInstantIn(data.validTo),
  });
};

/** Told again as it stands it is no other barrier: the pressure on the customer counts it once (`domain.md §8.3`). */
export const evolveSwitchingBarrierSet = (
  { members, barriers }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'SwitchingBarrierSet'>,
): void => {
  if (!members.has(data.partyId)) return;
  const { kind, costType, amountMinor = 0 } = data;
  const disclosedAt = optionalInstantIn(data.disclosedAt);
  const validTo = optionalInstantIn(data.validTo);
  const isKnown = barriers.some(
    (barrier) =>
      barrier.kind === kind &&
      barrier.costType === costType &&
      barrier.amountMinor === amountMinor &&
      barrier.disclosedAt === disclosedAt &&
      barrier.validTo === validTo,
  );
  if (!isKnown) barriers.push({ eventId, at: occurredAt, kind, costType, amountMinor, disclosedAt, validTo });
};

const within = (share: number): number => Math.min(1, Math.max(0, share));

/** Spending as reported; else by the Wallet Allocation Rule; else unknown, never 0 (`domain.md §5`). */
const walletShare = ({
  ownSpendMinor,
  totalSpendMinor,
  rank,
  brandsUsed,
}: FactData['WalletReported']): Pick<WalletEvidence, 'shareOfWallet' | 'origin'> => {
  if (ownSpendMinor !== undefined && totalSpendMinor !== undefined && totalSpendMinor > 0)
    return { shareOfWallet: within(ownSpendMinor / totalSpendMinor), origin: 'reported' };
  if (rank !== undefined && brandsUsed !== undefined && rank <= brandsUsed)
    return { shareOfWallet: within(walletAllocation(rank, brandsUsed)), origin: 'estimated' };
  return { shareOfWallet: null, origin: 'reported' };
};

export const evolveWalletReported = (
  { members, wallets }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'WalletReported'>,
): void => {
  if (members.has(data.partyId))
    wallets.push({
      eventId,
      at: occurredAt,
      category: data.category,
      ...walletShare(data),
      competitorIds: data.competitorIds,
    });
};
