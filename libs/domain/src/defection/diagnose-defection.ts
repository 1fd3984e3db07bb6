import * as E from 'fp-ts/Either';
import { onAccount, regardless } from '../account/account-stream';
import { type CommandDefinition, decided } from '../command/definition';
import { rootOf } from '../command/knowledge';
import { freeText, id, oneOf } from '../facts/codec';
import { list, record, type RecordOf, refine, said } from '../facts/structure';
import { defectionReasons, uncontrollableReasons } from './events';

/** Reasons in order of importance, each once. */
const required = { partyId: id, reasonCodes: list(oneOf(defectionReasons), 1, 3) };
const optional = { circumstances: said(freeText), competitorId: id };
export type DiagnoseDefection = RecordOf<typeof required, typeof optional>;

/**
 * Why a customer left (`domain.md §9.1`). Whether it was in our hands is computed: one reason that we
 * could have influenced is enough.
 */
export const diagnoseDefection: CommandDefinition<DiagnoseDefection, null> = {
  name: 'DiagnoseDefection',
  input: refine(record(required, optional), ({ reasonCodes }) =>
    new Set(reasonCodes).size < reasonCodes.length
      ? { field: 'reasonCodes', message: 'must name each reason once' }
      : null,
  ),
  ...onAccount,
  ...regardless,
  decide:
    (input, { knowledge }) =>
    () => {
      const partyId = rootOf(knowledge, input.partyId);
      const controllable = input.reasonCodes.some((reason) => !uncontrollableReasons.includes(reason));
      return E.right([decided('DefectionDiagnosed', { ...input, partyId, controllable }, [partyId])]);
    },
};
