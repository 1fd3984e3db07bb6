import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import type { Knowledge, MergeLink } from '../command/knowledge';
import { code, id } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { isOnLegalHold } from './merge-parties';
import { evolveParty, type PartyState, separationKey, unregisteredParty } from './state';

const required = { survivorId: id, separatedId: id, reason: code };
export type SeparateParties = RecordOf<typeof required, Record<never, never>>;

/** The link to be removed; the survivor may be named directly or as the root of the chain. */
const linkOf = ({ survivorId, separatedId }: SeparateParties, { parties }: Knowledge): MergeLink | null => {
  const party = parties.get(separatedId);
  if (party?.status !== 'absorbed' && party?.status !== 'erased') return null;
  const { link = null, rootId } = party;
  return link?.survivorId === survivorId || rootId === survivorId ? link : null;
};

/**
 * Undoes one merge at any later time (`domain.md §3`): that one link goes, chains come apart link by
 * link. Ids are not redirected here, because the link names what was merged. Who is erased can be separated:
 * whoever was merged with it by mistake has its own back.
 */
export const separateParties: CommandDefinition<SeparateParties, PartyState> = {
  name: 'SeparateParties',
  mayBeErased: true,
  input: record(required),
  needs: ({ survivorId, separatedId }) => ({ parties: [survivorId, separatedId] }),
  streamOf: (input, { knowledge }) => `party-${linkOf(input, knowledge)?.survivorId ?? input.survivorId}`,
  initial: unregisteredParty,
  evolve: evolveParty,
  decide:
    (input, { knowledge }) =>
    (state) => {
      const { reason } = input;
      const link = linkOf(input, knowledge);
      const separated = link && {
        survivorId: link.survivorId,
        separatedId: link.absorbedId,
        mergedEventId: link.mergedEventId,
        reason,
      };
      if (separated === null || state.separatedMerges.has(separationKey(separated))) {
        return refuse('NotMerged', `party ${input.separatedId} is not merged into ${input.survivorId}`, {
          path: '/separatedId',
        });
      }
      const parties = [input.survivorId, input.separatedId].map((partyId) => knowledge.parties.get(partyId));
      if (parties.some(isOnLegalHold)) return refuse('LegalHold', 'one of the parties is on legal hold');
      return E.right([decided('PartiesSeparated', separated, [separated.survivorId, separated.separatedId])]);
    },
};
