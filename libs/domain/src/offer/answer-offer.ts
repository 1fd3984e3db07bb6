import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { code, id, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { offerAnswers } from './events';
import { offerNotFound, ofOffer, type OfferState } from './state';

const required = { offerId: id, answer: oneOf(offerAnswers) };
const optional = { reason: code, orderId: id };
export type AnswerOffer = RecordOf<typeof required, typeof optional>;

/**
 * Records what the party answered, once and before `validUntil` (`domain.md §15`); what counts is when it
 * answered, not when that is recorded. InvalidInterval: answered before the offer was made.
 */
export const answerOffer: CommandDefinition<AnswerOffer, OfferState> = {
  name: 'AnswerOffer',
  input: record(required, optional),
  ...ofOffer,
  decide:
    (input, { occurredAt }) =>
    (state) => {
      if (state.stage === 'unknown') return offerNotFound(input.offerId);
      const { partyId, validUntil } = state.made;
      if (state.stage === 'answered') {
        return refuse('OfferAlreadyAnswered', `offer ${input.offerId} is ${state.answered.answer}`, {
          path: '/offerId',
          details: { answer: state.answered.answer },
        });
      }
      if (occurredAt < state.madeAt) {
        return refuse('InvalidInterval', `it was made at ${toIso(state.madeAt)}`, { path: '/occurredAt' });
      }
      if (occurredAt >= Date.parse(validUntil)) {
        return refuse('OfferExpired', `offer ${input.offerId} was valid until ${validUntil}`, {
          path: '/offerId',
          details: { validUntil },
        });
      }
      return E.right([decided('OfferAnswered', input, [partyId])]);
    },
};
