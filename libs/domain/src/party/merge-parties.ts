import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { type PartyKnowledge, rootOf } from '../command/knowledge';
import { code, fraction, id } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { evolveParty, type PartyState, unregisteredParty } from './state';

const required = { survivorId: id, absorbedId: id, reason: code };
/** `matchScore`: 1 (somebody is sure) when absent. */
const optional = { matchScore: fraction };
export type MergeParties = RecordOf<typeof required, typeof optional>;

const kindOf = (party: PartyKnowledge | undefined) =>
  party?.status === 'live' || party?.status === 'absorbed' ? party.kind : null;

export const isOnLegalHold = (party: PartyKnowledge | undefined): boolean =>
  party !== undefined && party.status !== 'unknown' && party.legalHold === true;

/**
 * Redirects the absorbed party to the survivor, or to the survivor's root (`domain.md §3`). Facts are
 * not rewritten. A party of unknown kind, never registered, merges with either kind.
 */
export const mergeParties: CommandDefinition<MergeParties, PartyState> = {
  name: 'MergeParties',
  input: record(required, optional),
  needs: ({ survivorId, absorbedId }) => ({ parties: [survivorId, absorbedId] }),
  streamOf: ({ survivorId }, { knowledge }) => `party-${rootOf(knowledge, survivorId)}`,
  initial: unregisteredParty,
  evolve: evolveParty,
  decide:
    ({ absorbedId, reason, matchScore = 1, ...input }, { knowledge }) =>
    () => {
      const survivorId = rootOf(knowledge, input.survivorId);
      if (input.survivorId === absorbedId || survivorId === absorbedId) {
        return refuse('SelfMerge', `party ${absorbedId} cannot be merged into itself`, { path: '/absorbedId' });
      }
      const survivor = knowledge.parties.get(survivorId);
      const absorbed = knowledge.parties.get(absorbedId);
      if (absorbed?.status === 'absorbed') {
        const into = absorbed.link?.survivorId ?? absorbed.rootId;
        return refuse('AlreadyMerged', `party ${absorbedId} was merged into ${into}`, {
          path: '/absorbedId',
          details: { survivorId: into },
        });
      }
      const [kind, other] = [kindOf(survivor), kindOf(absorbed)];
      if (kind !== null && other !== null && kind !== other) {
        return refuse('KindMismatch', `a ${kind} and a ${other} are not the same party`, { path: '/absorbedId' });
      }
      if (isOnLegalHold(survivor) || isOnLegalHold(absorbed)) {
        return refuse('LegalHold', 'one of the parties is on legal hold');
      }
      const merged = { survivorId, absorbedId, matchScore, reason };
      return E.right([decided('PartiesMerged', merged, [survivorId, absorbedId])]);
    },
};
