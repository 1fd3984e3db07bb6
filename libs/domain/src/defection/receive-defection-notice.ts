import * as E from 'fp-ts/Either';
import { absorbedAccountsOf, onAccount } from '../account/account-stream';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { sameStatement } from '../command/same-statement';
import type { FactData } from '../facts/catalogue';
import { channel } from '../facts/channels';
import { boolean, id, instant, oneOf } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { list, record, type RecordOf } from '../facts/structure';
import type { Instant } from '../time/calendar';
import { defectionReasons } from './events';

const required = { partyId: id, channel };
/** `effectiveAt`: the command's occurredAt, `reasonCodes`: none known yet, when absent. */
const optional = {
  effectiveAt: instant,
  reasonCodes: list(oneOf(defectionReasons), 0, 3),
  competitorId: id,
  withdrawn: boolean,
};
export type ReceiveDefectionNotice = RecordOf<typeof required, typeof optional>;

type Notice = FactData['DefectionNoticeReceived'];
export type DefectionState =
  | { readonly stage: 'staying' }
  | {
      readonly stage: 'leaving';
      readonly notice: Notice;
      /** When the first notice was given that was not taken back. */
      readonly since: Instant;
    };

const evolve = (state: DefectionState, fact: Fact): DefectionState => {
  if (fact.type !== 'DefectionNoticeReceived') return state;
  if (fact.data.withdrawn === true) return { stage: 'staying' };
  return { stage: 'leaving', notice: fact.data, since: state.stage === 'leaving' ? state.since : fact.occurredAt };
};

/**
 * A customer says that he leaves, or with `withdrawn` that he stays after all. NoOpenNotice: he had not said so by
 * then, or has come back since, and an order had ended the notice.
 */
export const receiveDefectionNotice: CommandDefinition<ReceiveDefectionNotice, DefectionState> = {
  name: 'ReceiveDefectionNotice',
  input: record(required, optional),
  ...onAccount,
  needs: ({ partyId, withdrawn = false }) => ({ parties: [partyId], noticeOf: withdrawn ? partyId : null }),
  alsoReads: absorbedAccountsOf,
  initial: { stage: 'staying' },
  evolve,
  decide:
    (input, { knowledge, occurredAt }) =>
    (state) => {
      const stands = state.stage === 'leaving' && occurredAt >= state.since && knowledge.noticeStands !== false;
      if (input.withdrawn === true && !stands) {
        return refuse('NoOpenNotice', 'there was no notice to take back by then', { path: '/withdrawn' });
      }
      const partyId = rootOf(knowledge, input.partyId);
      const effectiveAt = input.effectiveAt ?? new Date(occurredAt).toISOString();
      const notice = { ...input, partyId, effectiveAt, reasonCodes: input.reasonCodes ?? [] };
      if (state.stage === 'leaving' && sameStatement({ ...state.notice, partyId }, notice)) return E.right([]);
      return E.right([decided('DefectionNoticeReceived', notice, [partyId], input.channel)]);
    },
};
