import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { sameStatement } from '../command/same-statement';
import type { FactData } from '../facts/catalogue';
import { channel } from '../facts/channels';
import { id, MAX_STRING, string } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { record, type RecordOf, said } from '../facts/structure';

const required = { referrerId: id, channel };
const optional = { referralId: id, referredId: id, contact: said(string(1, MAX_STRING)) };
export type RecordReferral = RecordOf<typeof required, typeof optional>;

export type ReferralState =
  { readonly stage: 'unknown' } | { readonly stage: 'made'; readonly made: FactData['ReferralMade'] };

const referralIdOf = ({ referralId }: RecordReferral, { commandId }: { readonly commandId: string }): string =>
  referralId ?? idFromCommand(commandId, 'referral');

/** A customer recommends us to somebody who is none yet (`domain.md §15`). InvalidState: the id is taken by another one. */
export const recordReferral: CommandDefinition<RecordReferral, ReferralState> = {
  name: 'RecordReferral',
  input: record(required, optional),
  needs: ({ referrerId, referredId }) => ({
    parties: referredId === undefined ? [referrerId] : [referrerId, referredId],
    customers: referredId === undefined ? [] : [referredId],
  }),
  streamOf: (input, context) => `referral-${referralIdOf(input, context)}`,
  initial: { stage: 'unknown' },
  evolve: (state: ReferralState, fact: Fact) =>
    state.stage === 'unknown' && fact.type === 'ReferralMade' ? { stage: 'made', made: fact.data } : state,
  decide: (input, context) => (state) => {
    const { knowledge } = context;
    const referralId = referralIdOf(input, context);
    const referrerId = rootOf(knowledge, input.referrerId);
    const referred = input.referredId === undefined ? {} : { referredId: rootOf(knowledge, input.referredId) };
    if (referred.referredId === referrerId) {
      return refuse('SelfReferral', 'nobody refers himself', { path: '/referredId' });
    }
    const made = { ...input, ...referred, referralId, referrerId };
    if (state.stage === 'made') {
      return sameStatement(state.made, made)
        ? E.right([])
        : refuse('InvalidState', `referral ${referralId} was made already`, { path: '/referralId' });
    }
    if (input.referredId !== undefined && knowledge.customers.has(input.referredId)) {
      return refuse('NotAReferral', `party ${input.referredId} is a customer already`, { path: '/referredId' });
    }
    return E.right([decided('ReferralMade', made, [referrerId, ...Object.values(referred)], input.channel)]);
  },
};
