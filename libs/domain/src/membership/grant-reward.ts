import * as E from 'fp-ts/Either';
import { absorbedAccountsOf, accountOf } from '../account/account-stream';
import { benefits } from '../account/events';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { code, id, integer, minorUnits, oneOf } from '../facts/codec';
import { record, type RecordOf, refine } from '../facts/structure';
import { MAX_POINTS, rewardKinds } from './events';
import { membershipNotFound, type MembershipState, ofMembership, redeemableAt } from './state';

const required = { kind: oneOf(rewardKinds), benefit: oneOf(benefits), reason: code };
/**
 * Of the membership, or of the party when there is none. `valueMinor` is the cost in the reporting
 * currency, `pointsDelta` earned > 0 or redeemed < 0; both 0 when absent.
 */
const optional = {
  membershipId: id,
  partyId: id,
  valueMinor: minorUnits,
  pointsDelta: integer(-MAX_POINTS, MAX_POINTS),
};
export type GrantReward = RecordOf<typeof required, typeof optional>;

/**
 * Rewards a customer, in points too (`domain.md §8.2`). InsufficientPoints: the balance would be below
 * 0 when the points are redeemed, or at any later instant that facts tell of already.
 */
export const grantReward: CommandDefinition<GrantReward, MembershipState> = {
  name: 'GrantReward',
  input: refine(record(required, optional), ({ membershipId, partyId }) =>
    (membershipId === undefined) === (partyId === undefined)
      ? { field: 'membershipId', message: 'must be given, or partyId, and not both' }
      : null,
  ),
  ...ofMembership,
  needs: ({ partyId, pointsDelta = 0 }) => ({
    parties: partyId === undefined ? [] : [partyId],
    orderPoints: partyId === undefined && pointsDelta < 0,
  }),
  streamOf: ({ membershipId, partyId = '' }, context) =>
    membershipId === undefined ? accountOf({ partyId }, context) : ofMembership.streamOf({ membershipId }),
  alsoReads: ({ partyId }, context) => (partyId === undefined ? [] : absorbedAccountsOf({ partyId }, context)),
  decide:
    ({ membershipId, partyId = '', ...input }, { knowledge, occurredAt }) =>
    (state) => {
      if (membershipId !== undefined && state.stage === 'unknown') return membershipNotFound(membershipId);
      const reward = { ...input, valueMinor: input.valueMinor ?? 0, pointsDelta: input.pointsDelta ?? 0 };
      const ofOrders = knowledge.orderPoints.filter((movement) => movement.membershipId === membershipId);
      const redeemable = redeemableAt(state, occurredAt, ofOrders);
      if (reward.pointsDelta < 0 && redeemable + reward.pointsDelta < 0) {
        return refuse('InsufficientPoints', `${redeemable} points can be redeemed`, {
          path: '/pointsDelta',
          details: { redeemable },
        });
      }
      if (membershipId !== undefined && state.stage === 'enrolled') {
        return E.right([decided('RewardGranted', { ...reward, membershipId }, [state.enrolled.partyId])]);
      }
      const root = rootOf(knowledge, partyId);
      return E.right([decided('RewardGranted', { ...reward, partyId: root }, [root])]);
    },
};
