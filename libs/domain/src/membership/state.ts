import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import type { Instant } from '../time/calendar';

/** One movement of points and what stood before it; a chain, because a decision looks back no further than it must. */
interface PointsMovement {
  readonly at: Instant;
  readonly balance: number;
  readonly before: PointsMovement | null;
}

interface Ledger {
  /** Null: no points were ever given. */
  readonly latest: PointsMovement | null;
}

/** A membership as its stream tells it (`domain.md §8.2`). Points may have come before the enrolment. */
export type MembershipState =
  | (Ledger & { readonly stage: 'unknown' })
  | (Ledger & { readonly stage: 'enrolled'; readonly enrolled: FactData['MembershipEnrolled'] });

const moved = ({ latest }: Ledger, at: Instant, pointsDelta: number): PointsMovement => ({
  at,
  balance: (latest?.balance ?? 0) + pointsDelta,
  before: latest,
});

export const evolveMembership = (state: MembershipState, fact: Fact): MembershipState => {
  switch (fact.type) {
    case 'MembershipEnrolled':
      return state.stage === 'unknown' ? { ...state, stage: 'enrolled', enrolled: fact.data } : state;
    case 'RewardGranted':
      return { ...state, latest: moved(state, fact.occurredAt, fact.data.pointsDelta) };
    default:
      return state;
  }
};

/** Points that can be redeemed at an instant without the balance falling below 0 then or at any later one. */
export const redeemableAt = ({ latest }: Ledger, at: Instant): number => {
  let lowest = latest?.balance ?? 0;
  for (let movement = latest; movement !== null && movement.at > at; movement = movement.before)
    lowest = Math.min(lowest, movement.before?.balance ?? 0);
  return lowest;
};

export const membershipNotFound = (membershipId: string) =>
  refuse('MembershipNotFound', `membership ${membershipId} is unknown`, { path: '/membershipId' });

/** What all commands on a membership share. */
export const ofMembership = {
  streamOf: ({ membershipId }: { readonly membershipId: string }): string => `membership-${membershipId}`,
  initial: { stage: 'unknown', latest: null } as MembershipState,
  evolve: evolveMembership,
  partiesIn: (state: MembershipState): ReadonlyArray<string> =>
    state.stage === 'unknown' ? [] : [state.enrolled.partyId],
};
