import { type Evidence, type Instant, isInForce } from '@afecto/domain';
import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';

/** Ties to a named counterparty other than roles (`domain.md §8.1`: staff, organisations, partners). */
const counterpartiesByBond = ({ bonds }: Evidence, asOf: Instant) =>
  bonds.flatMap(({ bondType, subtype, counterpartyId, validFrom, validTo }) =>
    counterpartyId === null
      ? []
      : [
          {
            partyId: counterpartyId,
            bondType,
            subtype,
            validFrom: isoOrNull(validFrom),
            validTo: isoOrNull(validTo),
            active: isInForce(validFrom, validTo, asOf),
          },
        ],
  );

/**
 * PR04 of one customer, as far as its own facts tell (`domain.md §3`): the roles that it has towards
 * others and others towards it, whom it referred and who referred it, and the parties merged into it. The
 * tree goes on at each of them with the same question.
 */
export const networkView: PartyView = {
  code: 'PR04',
  name: 'network',
  title: 'Roles in both directions, referrals made and received, merged parties',
  read: async ({ evidence, asOf }, readModels) => {
    const members = [...evidence.members].sort();
    const referrers = await readModels.referrersOf(members);
    return {
      partyId: evidence.partyId,
      members,
      roles: evidence.person.roles.map(({ role, counterpartyId, validFrom, validTo }) => ({
        role,
        counterpartyId,
        validFrom: isoOrNull(validFrom),
        validTo: isoOrNull(validTo),
        active: isInForce(validFrom, validTo, asOf),
      })),
      rolesTowards: evidence.person.rolesTowards.map(({ partyId, role, validFrom, validTo }) => ({
        partyId,
        role,
        validFrom: isoOrNull(validFrom),
        validTo: isoOrNull(validTo),
        active: isInForce(validFrom, validTo, asOf),
      })),
      bonds: counterpartiesByBond(evidence, asOf),
      referredBy: referrers.filter((partyId) => !evidence.members.has(partyId)).sort(),
      referrals: evidence.referralsMade.map(({ referralId, referredId, at, convertedAt }) => ({
        referralId,
        referredId,
        at: isoOrNull(at),
        convertedAt: isoOrNull(convertedAt),
      })),
    };
  },
};
