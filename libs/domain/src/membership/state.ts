import { refuse } from '../command/errors';
import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import type { Instant } from '../time/calendar';
import { compareMovements, type PointsMovement } from './points';

/** One movement of points and what stood before it; a chain, because a decision looks back no further than it must. */
interface RewardedPoints {
  readonly at: Instant;
  readonly balance: number;
  readonly before: RewardedPoints | null;
}

interface Ledger {
  /** Null: no points were ever given. */
  readonly latest: RewardedPoints | null;
}

/** A membership as its stream tells it (`domain.md §8.2`). Points may have come before the enrolment. */
export type MembershipState =
  | (Ledger & { readonly stage: 'unknown' })
  | (Ledger & { readonly stage: 'enrolled'; readonly enrolled: FactData['MembershipEnrolled'] });

const moved = ({ latest }: Ledger, at: Instant, pointsDelta: number): RewardedPoints => ({
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

const rewardsIn = ({ latest }: Ledger): PointsMovement[] => {
  const rewards: PointsMovement[] = [];
  for (let movement = latest; movement !== null; movement = movement.before)
    rewards.push({
      at: movement.at,
      membershipId: null,
      source: 'reward',
      orderId: null,
      points: movement.balance - (movement.before?.balance ?? 0),
    });
  return rewards.reverse();
};

/**
 * Points that can be redeemed at an instant without a balance that falls below 0 then, or at any later
 * redemption that facts tell of. `ofOrders`: what orders earned and reversals took back. A reversal takes
 * what there is, so one that comes later may leave the redemption as it is.
 */
export const redeemableAt = (ledger: Ledger, at: Instant, ofOrders: ReadonlyArray<PointsMovement> = []): number => {
  const movements = [...ofOrders, ...rewardsIn(ledger)].sort(compareMovements);
  const balances: number[] = [];
  let balance = 0;
  for (const { points } of movements) balances.push((balance = Math.max(0, balance + points)));
  let index = movements.length - 1;
  let redeemable = Number.POSITIVE_INFINITY;
  for (let movement = movements[index]; movement !== undefined && movement.at > at; movement = movements[--index]) {
    const after = balances[index] ?? 0;
    // What a reversal leaves is the most that an earlier redemption can be missing from then on.
    if (movement.source === 'reversal') redeemable = after <= redeemable ? Number.POSITIVE_INFINITY : redeemable;
    else redeemable = Math.min(redeemable, after);
  }
  return Math.min(redeemable, balances[index] ?? 0);
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
