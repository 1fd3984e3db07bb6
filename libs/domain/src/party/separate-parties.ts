import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import type { Knowledge, PartyKnowledge } from '../command/knowledge';
import { code, id } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { isOnLegalHold } from './merge-parties';
import { evolveParty, type PartyState, separationKey, unregisteredParty } from './state';

const required = { survivorId: id, separatedId: id, reason: code };
export type SeparateParties = RecordOf<typeof required, Record<never, never>>;

type Absorbed = Extract<PartyKnowledge, { status: 'absorbed' }>;

/** The link to be removed; the survivor may be named directly or as the root of the chain. */
const linkOf = ({ survivorId, separatedId }: SeparateParties, { parties }: Knowledge): Absorbed['link'] | null => {
  const party = parties.get(separatedId);
  if (party?.status !== 'absorbed') return null;
  return party.link.survivorId === survivorId || party.rootId === survivorId ? party.link : null;
};

/**
 * Undoes one merge at any later time (`domain.md §3`): that one link goes, chains come apart link by
 * link. Ids are not redirected here, because the link names what was merged.
 */
export const separateParties: CommandDefinition<SeparateParties, PartyState> = {
  name: 'SeparateParties',
  input: record(required),
  needs: ({ survivorId, separatedId }) => ({ parties: [survivorId, separatedId] }),
  streamOf: (input, { knowledge }) => `party-${linkOf(input, knowledge)?.survivorId ?? input.survivorId}`,
  initial: unregisteredParty,
  evolve: evolveParty,
  decide:
    (input, { knowledge }) =>
    (state) => {
      const { separatedId, reason } = input;
      const link = linkOf(input, knowledge);
      if (link === null || state.separatedMerges.has(separationKey({ ...link, separatedId }))) {
        return refuse('NotMerged', `party ${separatedId} is not merged into ${input.survivorId}`, {
          path: '/separatedId',
        });
      }
      const parties = [link.survivorId, separatedId].map((partyId) => knowledge.parties.get(partyId));
      if (parties.some(isOnLegalHold)) return refuse('LegalHold', 'one of the parties is on legal hold');
      const { survivorId, mergedEventId } = link;
      const separated = { survivorId, separatedId, mergedEventId, reason };
      return E.right([decided('PartiesSeparated', separated, [survivorId, separatedId])]);
    },
};
