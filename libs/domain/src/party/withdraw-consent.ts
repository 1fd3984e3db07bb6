import * as E from 'fp-ts/Either';
import { consentChannels, consentPurposes } from '../consent/events';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { code, id, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { consentFor, hasAnyConsent, ofParty, type PartyState } from './state';

const required = { partyId: id, purpose: oneOf(consentPurposes), channel: oneOf(consentChannels) };
/** `via`: how the customer withdrew; the kind of actor when absent. */
const optional = { via: code };
export type WithdrawConsent = RecordOf<typeof required, typeof optional>;

/** Works at once (`domain.md §17.5`). A consent for all channels can be withdrawn for one of them. */
export const withdrawConsent: CommandDefinition<WithdrawConsent, PartyState> = {
  name: 'WithdrawConsent',
  input: record(required, optional),
  ...ofParty,
  asOfThen: true,
  decide:
    (input, { knowledge, actor }) =>
    (state) => {
      const { purpose, channel } = input;
      const isActive =
        channel === 'all' ? hasAnyConsent(state, purpose) : consentFor(state, purpose, channel)?.granted === true;
      if (!isActive) {
        return refuse('NoActiveConsent', `there is no consent to ${purpose} on ${channel}`, { path: '/purpose' });
      }
      const partyId = rootOf(knowledge, input.partyId);
      return E.right([decided('ConsentWithdrawn', { ...input, partyId, via: input.via ?? actor.kind }, [partyId])]);
    },
};
