import * as E from 'fp-ts/Either';
import { type CommandDefinition, type DecidedFact, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { partyErased } from '../command/guards';
import { idFromCommand } from '../command/identity';
import { sameStatement } from '../command/same-statement';
import { boolean, code, id, integer, locale, oneOf, string, timeZone } from '../facts/codec';
import { list, record, type RecordOf, said } from '../facts/structure';
import { partyKinds } from './events';
import { matchCandidates, normaliseIdentifier } from './identifier';
import { identifierInput, toIdentifier } from './identify-party';
import { evolveParty, type PartyState, unregisteredParty } from './state';

const required = { kind: oneOf(partyKinds), displayName: said(string(1, 200)) };
/** `source`: where the party comes from, the actor's id when absent. `allowDuplicate`: register in spite of a match. */
const optional = {
  partyId: id,
  source: code,
  birthYear: said(integer(1850, 2200)),
  locale,
  timeZone,
  identifiers: list(identifierInput, 1, 20),
  allowDuplicate: boolean,
};
export type RegisterParty = RecordOf<typeof required, typeof optional>;

const partyIdOf = ({ partyId }: RegisterParty, { commandId }: { readonly commandId: string }): string =>
  partyId ?? idFromCommand(commandId, 'party');

/**
 * Registers a party, with its identifiers when given. An id that facts mention already but nobody
 * registered is free. PossibleDuplicate: parties that match at ≥ .95, unless `allowDuplicate`.
 */
export const registerParty: CommandDefinition<RegisterParty, PartyState> = {
  name: 'RegisterParty',
  input: record(required, optional),
  needs: (input, header) => ({
    possibleParties: [partyIdOf(input, header)],
    identifiers: (input.identifiers ?? []).map(({ scheme, value }) => normaliseIdentifier({ scheme, value })),
  }),
  streamOf: (input, context) => `party-${partyIdOf(input, context)}`,
  initial: unregisteredParty,
  evolve: evolveParty,
  decide: (input, context) => (state) => {
    const partyId = partyIdOf(input, context);
    const { identifiers: given = [], allowDuplicate = false, ...person } = input;
    const status = context.knowledge.parties.get(partyId)?.status ?? 'unknown';
    if (status === 'erased') return E.left(partyErased(partyId));
    const identifiers = given.map(toIdentifier);
    const registered = { ...person, partyId, source: input.source ?? context.actor.id };
    if (state.stage === 'registered' || status === 'absorbed') {
      const isSame =
        state.stage === 'registered' &&
        sameStatement(state.registered, registered) &&
        identifiers.every((one) => sameStatement(state.identifiers.get(`${one.scheme}:${one.value}`), one));
      return isSame ? E.right([]) : refuse('DuplicateParty', `party ${partyId} is registered`, { path: '/partyId' });
    }
    const { identity } = context.configuration;
    const candidates = matchCandidates(identifiers, context.knowledge.identifierHolders, identity).filter(
      (candidate) => candidate.partyId !== partyId && candidate.matchScore >= identity.duplicateFrom,
    );
    if (candidates.length > 0 && !allowDuplicate) {
      return refuse('PossibleDuplicate', 'the identifiers match a party that is registered', {
        path: '/identifiers',
        details: { candidates: candidates.map((candidate) => ({ ...candidate })) },
      });
    }
    const identified: ReadonlyArray<DecidedFact> =
      identifiers.length > 0 ? [decided('PartyIdentified', { partyId, identifiers }, [partyId])] : [];
    return E.right([decided('PartyRegistered', registered, [partyId]), ...identified]);
  },
};
