import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { sameStatement } from '../command/same-statement';
import { code, id, oneOf, reference } from '../facts/codec';
import { record, type RecordOf, refine } from '../facts/structure';
import { dataSubjectRequestOutcomes } from './events';
import { type DataSubjectState, ofDataSubject } from './state';

const required = { partyId: id, dsrId: id, outcome: oneOf(dataSubjectRequestOutcomes) };
/** `refusalBasis`: the ground in law of a refusal. `artefactHash`: of what was handed over. */
const optional = { refusalBasis: code, artefactHash: reference };
export type FulfilDataSubjectRequest = RecordOf<typeof required, typeof optional>;

const isBlank = (text: string | undefined): boolean => text === undefined || text.trim() === '';

/**
 * Answers a data-subject request, once (`domain.md §17`). A refusal names its basis. InvalidState:
 * answered otherwise already; or an erasure, which nobody can fulfil by saying so: it is fulfilled by
 * the destruction of the keys, and here it can only be refused. InvalidInterval: answered before it was received.
 */
export const fulfilDataSubjectRequest: CommandDefinition<FulfilDataSubjectRequest, DataSubjectState> = {
  name: 'FulfilDataSubjectRequest',
  input: refine(record(required, optional), ({ outcome, refusalBasis }) => {
    if (outcome === 'refused' && isBlank(refusalBasis)) {
      return { field: 'refusalBasis', message: 'is missing; a refusal needs its basis' };
    }
    return outcome === 'fulfilled' && refusalBasis !== undefined
      ? { field: 'refusalBasis', message: 'must be left out unless the request is refused' }
      : null;
  }),
  ...ofDataSubject,
  decide:
    (input, { knowledge, occurredAt, now }) =>
    (state) => {
      const { dsrId, outcome } = input;
      const received = state.received.get(dsrId);
      if (received === undefined) {
        return refuse('DataSubjectRequestNotFound', `the party made no request ${dsrId}`, { path: '/dsrId' });
      }
      const partyId = rootOf(knowledge, input.partyId);
      const answer = { ...input, partyId };
      const answered = state.answered.get(dsrId);
      if (answered) {
        return sameStatement({ ...answered, partyId }, answer)
          ? E.right([])
          : refuse('InvalidState', `request ${dsrId} is ${answered.outcome}`, {
              path: '/dsrId',
              details: { outcome: answered.outcome },
            });
      }
      if (received.kind === 'erasure' && outcome === 'fulfilled') {
        return refuse('InvalidState', 'an erasure is fulfilled by erasing the personal data', { path: '/outcome' });
      }
      if (occurredAt < now && occurredAt < Date.parse(received.receivedAt)) {
        return refuse('InvalidInterval', `it was received at ${received.receivedAt}`, { path: '/occurredAt' });
      }
      return E.right([decided('DataSubjectRequestFulfilled', answer, [partyId])]);
    },
};
