import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided, type DecidedFact } from '../command/definition';
import { refuse } from '../command/errors';
import { partyErased } from '../command/guards';
import { rootOf } from '../command/knowledge';
import { code, id, reference, string } from '../facts/codec';
import { list, record, type RecordOf } from '../facts/structure';
import { type DataSubjectState, ofDataSubject, openRequests } from './state';

/** `evidenceRef`: by what the identity of whoever asks was verified. */
const required = { partyId: id, evidenceRef: string(0, 256) };
/**
 * `dsrId`: the request that is fulfilled by it; default the one that is open. `basis`: the ground in law,
 * needed where there is no request. `waived`: ids of obligations that both sides have let go of.
 */
const optional = { dsrId: id, basis: code, waived: list(reference, 0, 1_000) };
export type ErasePersonalData = RecordOf<typeof required, typeof optional>;

const BASIS_OF_A_REQUEST = 'erasure_request';

/**
 * Erases the personal data of a party and of everything that is one with it and not erased yet (`domain.md
 * §17.3`): whoever appends what is decided here destroys the keys first. EvidenceRequired: nobody has verified who asks.
 * LegalHold: refuse the request (`FulfilDataSubjectRequest`) and restrict the processing instead.
 * OpenObligations: to be closed or waived before.
 */
export const erasePersonalData: CommandDefinition<ErasePersonalData, DataSubjectState> = {
  name: 'ErasePersonalData',
  input: record(required, optional),
  ...ofDataSubject,
  mayBeErased: true,
  needs: ({ partyId }) => ({ parties: [partyId], erasureOf: partyId }),
  decide:
    (input, { knowledge }) =>
    (state) => {
      const { evidenceRef, waived = [] } = input;
      const { erasure } = knowledge;
      const partyId = rootOf(knowledge, input.partyId);
      if (erasure !== null && erasure.members.length === 0) return E.left(partyErased(partyId));
      if (evidenceRef.trim() === '') {
        return refuse('EvidenceRequired', 'name by what the identity of whoever asks was verified', {
          path: '/evidenceRef',
        });
      }
      const request =
        input.dsrId === undefined
          ? openRequests(state).find(({ kind }) => kind === 'erasure')
          : state.received.get(input.dsrId);
      if (input.dsrId !== undefined && request === undefined) {
        return refuse('DataSubjectRequestNotFound', `the party made no request ${input.dsrId}`, { path: '/dsrId' });
      }
      if (request !== undefined && (request.kind !== 'erasure' || state.answered.has(request.dsrId))) {
        return refuse('InvalidState', `request ${request.dsrId} is no open request for erasure`, { path: '/dsrId' });
      }
      const basis = input.basis ?? (request === undefined ? undefined : BASIS_OF_A_REQUEST);
      if (basis === undefined || basis.trim() === '') {
        return refuse('ValidationFailed', 'is missing; without a request the ground in law must be named', {
          path: '/basis',
        });
      }
      if (erasure === null) return refuse('PartyNotFound', `party ${partyId} is unknown`, { details: { partyId } });
      if (erasure.legalHold) {
        return refuse(
          'LegalHold',
          `party ${partyId} is under legal hold: refuse the request and restrict the processing`,
          {
            details: { partyId },
          },
        );
      }
      const open = erasure.openObligations.filter((obligation) => !waived.includes(obligation.id));
      if (open.length > 0) {
        return refuse('OpenObligations', `${open.length} obligations are open; close them, or waive them`, {
          path: '/waived',
          details: { obligations: open.slice(0, 100).map(({ kind, id: obligation }) => ({ kind, id: obligation })) },
        });
      }
      const facts: DecidedFact[] = [];
      const answered = request === undefined ? {} : { dsrId: request.dsrId };
      if (request !== undefined) {
        const fulfilled = { partyId, dsrId: request.dsrId, outcome: 'fulfilled' as const };
        facts.push(decided('DataSubjectRequestFulfilled', fulfilled, [partyId]));
      }
      // One for each member: separated later, it is erased all the same.
      for (const { partyId: member, keyIds } of erasure.members)
        facts.push(decided('PersonalDataErased', { partyId: member, keyIds, basis, ...answered }, [member]));
      return E.right(facts);
    },
};
