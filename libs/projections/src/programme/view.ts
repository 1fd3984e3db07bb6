import { activeBonds, type Evidence, pointsLedger } from '@afecto/domain';
import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { activePenalties, switchingPressure } from './pressure';

/** Rewards without points, what moved points, and the balance of all after it, by when it happened. */
const ledgerOf = (evidence: Evidence) => {
  const { rewards, memberships } = evidence;
  const moved = pointsLedger(evidence);
  // Both are by instant, so the rewards that moved points come in the same order.
  const ofRewards = moved.filter(({ source }) => source === 'reward').values();
  const told = rewards.map(({ at, kind, benefit, membershipId, valueMinor, pointsDelta }) => ({
    at,
    place: 1,
    kind,
    benefit,
    membershipId,
    valueMinor,
    orderId: null,
    pointsDelta: pointsDelta === 0 ? 0 : (ofRewards.next().value?.pointsDelta ?? 0),
  }));
  const ofOrders = moved.flatMap(({ at, source, membershipId, orderId, pointsDelta }) =>
    source === 'reward'
      ? []
      : [
          {
            at,
            place: source === 'order' ? 0 : 2,
            kind: source,
            benefit: null,
            membershipId,
            valueMinor: 0,
            orderId,
            pointsDelta,
          },
        ],
  );
  let balance = 0;
  return [...told, ...ofOrders]
    .sort((one, other) => one.at - other.at || one.place - other.place)
    .map(({ at, place: _, ...entry }) => {
      balance += entry.pointsDelta;
      const { membershipId } = entry;
      return {
        at: isoOrNull(at),
        ...entry,
        programId: membershipId === null ? null : (memberships.get(membershipId)?.programId ?? null),
        balance,
      };
    });
};

/** PR14 of one customer: memberships, the ledger of its points, bonds, barriers and their pressure. */
export const programmeView: PartyView = {
  code: 'PR14',
  name: 'programme',
  title: 'Memberships, points, bonds, barriers and switching pressure',
  read: async ({ evidence, standing, policy, asOf }) => {
    const ledger = ledgerOf(evidence);
    const penalties = activePenalties(evidence, asOf);
    return {
      memberships: [...evidence.memberships.values()].map(({ membershipId, programId, type, enrolledAt, validTo }) => ({
        membershipId,
        programId,
        type,
        enrolledAt: isoOrNull(enrolledAt),
        validTo: isoOrNull(validTo),
        active: enrolledAt !== null && (validTo === null || asOf < validTo),
      })),
      points: { balance: ledger.at(-1)?.balance ?? 0, ledger },
      bonds: {
        active: activeBonds(evidence, policy, asOf).map((bond) => ({ ...bond, eventIds: [...bond.eventIds] })),
        recorded: evidence.bonds.map(({ bondType, subtype, counterpartyId, benefit, validFrom, validTo }) => ({
          bondType,
          subtype,
          counterpartyId,
          benefit,
          validFrom: isoOrNull(validFrom),
          validTo: isoOrNull(validTo),
        })),
      },
      barriers: evidence.barriers.map((barrier) => ({
        kind: barrier.kind,
        costType: barrier.costType,
        amountMinor: barrier.amountMinor,
        setAt: isoOrNull(barrier.at),
        disclosedAt: isoOrNull(barrier.disclosedAt),
        validTo: isoOrNull(barrier.validTo),
        active: barrier.validTo === null || asOf < barrier.validTo,
        penalty: penalties.includes(barrier),
      })),
      pressure: { ...switchingPressure(evidence, standing, policy, asOf) },
    };
  },
};
