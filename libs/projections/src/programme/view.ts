import { activeBonds, type Evidence } from '@afecto/domain';
import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { activePenalties, switchingPressure } from './pressure';

/** Every reward with the points that it gave or took, and the balance after it. */
const ledgerOf = ({ rewards, memberships }: Evidence) => {
  let balance = 0;
  return rewards.map(({ at, kind, benefit, membershipId, valueMinor, pointsDelta }) => {
    balance += pointsDelta;
    return {
      at: isoOrNull(at),
      kind,
      benefit,
      membershipId,
      programId: membershipId === null ? null : (memberships.get(membershipId)?.programId ?? null),
      valueMinor,
      pointsDelta,
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
