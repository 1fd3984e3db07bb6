import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { boolean, code, freeText, id, MAX_STRING, number, oneOf, string } from '../facts/codec';
import { record, type RecordOf, said } from '../facts/structure';
import { onAccount, regardless } from './account-stream';
import { wordOfMouthReaches } from './events';

const required = { partyId: id, polarity: number(-1, 1), reach: oneOf(wordOfMouthReaches), platform: code };
/** `verified`: false when absent; only verified word of mouth decides a zone (`domain.md §7.4 H4`). */
const optional = { verified: boolean, url: said(string(1, MAX_STRING)), text: said(freeText) };
export type ObserveWordOfMouth = RecordOf<typeof required, typeof optional>;

const isSaid = (text: string | undefined): boolean => text !== undefined && text.trim() !== '';

/**
 * What a customer says about us to others, from −1 (against us) to 1 (for us). EvidenceRequired: what
 * was said in private can be looked up by nobody, so it comes with its `url` or its `text`.
 */
export const observeWordOfMouth: CommandDefinition<ObserveWordOfMouth, null> = {
  name: 'ObserveWordOfMouth',
  input: record(required, optional),
  ...onAccount,
  ...regardless,
  decide:
    (input, { knowledge }) =>
    () => {
      if (input.reach === 'private' && !isSaid(input.url) && !isSaid(input.text)) {
        return refuse('EvidenceRequired', 'private word of mouth needs its url or its text', { path: '/text' });
      }
      const partyId = rootOf(knowledge, input.partyId);
      const observed = { ...input, partyId, verified: input.verified ?? false };
      return E.right([decided('WordOfMouthObserved', observed, [partyId])]);
    },
};
