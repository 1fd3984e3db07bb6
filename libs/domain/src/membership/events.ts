import type * as t from 'io-ts';
import { benefits } from '../account/events';
import { code, id, instant, integer, minorUnits, oneOf } from '../facts/codec';
import { record, refine } from '../facts/structure';

/** Lovelock's two kinds of delivery (`domain.md §8.2`). */
export const membershipTypes = ['continuous', 'discrete'] as const;
export const rewardKinds = ['economic', 'non_economic', 'informal', 'intangible', 'points'] as const;

/** Points of one reward, earned or redeemed. */
export const MAX_POINTS = 1_000_000_000;

export const MembershipEnrolled = record(
  { membershipId: id, partyId: id, programId: id, type: oneOf(membershipTypes) },
  { validTo: instant },
);
export type MembershipEnrolled = t.TypeOf<typeof MembershipEnrolled>;

/**
 * On the membership's stream, or on the account of the party. `pointsDelta`: earned > 0, redeemed < 0;
 * `valueMinor` is the cost in the reporting currency.
 */
export const RewardGranted = refine(
  record(
    {
      kind: oneOf(rewardKinds),
      benefit: oneOf(benefits),
      valueMinor: minorUnits,
      pointsDelta: integer(-MAX_POINTS, MAX_POINTS),
      reason: code,
    },
    { membershipId: id, partyId: id },
  ),
  ({ membershipId, partyId }) =>
    membershipId === undefined && partyId === undefined
      ? { field: 'membershipId', message: 'is missing; membershipId or partyId is needed' }
      : null,
);
export type RewardGranted = t.TypeOf<typeof RewardGranted>;
