import * as E from 'fp-ts/Either';
import type * as t from 'io-ts';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { sameStatement } from '../command/same-statement';
import { boolean, id, MAX_STRING, notBlank, oneOf } from '../facts/codec';
import { list, record, type RecordOf, said } from '../facts/structure';
import { identifierSchemes } from './events';
import { normaliseIdentifier } from './identifier';
import { type Identifier, identifierKey, ofParty, type PartyState } from './state';

/** An identifier as it is given: not verified, not preferred and valid unless it says otherwise. */
export const identifierInput = record(
  { scheme: oneOf(identifierSchemes), value: said(notBlank(MAX_STRING)) },
  { verified: boolean, preferred: boolean, valid: boolean },
);

export const toIdentifier = (given: t.TypeOf<typeof identifierInput>): Identifier =>
  normaliseIdentifier({ verified: false, preferred: false, valid: true, ...given });

const required = { partyId: id, identifiers: list(identifierInput, 1, 20) };
export type IdentifyParty = RecordOf<typeof required, Record<never, never>>;

/** States identifiers of a party (`domain.md §3`). IdentifierInUse: verified for another live party. */
export const identifyParty: CommandDefinition<IdentifyParty, PartyState> = {
  name: 'IdentifyParty',
  input: record(required),
  ...ofParty,
  needs: ({ partyId, identifiers }) => ({
    parties: [partyId],
    identifiers: identifiers.map(({ scheme, value }) => normaliseIdentifier({ scheme, value })),
  }),
  decide:
    (input, { knowledge }) =>
    (state) => {
      const partyId = rootOf(knowledge, input.partyId);
      const identifiers = input.identifiers.map(toIdentifier);
      const holder = knowledge.identifierHolders.find(
        (one) =>
          one.verified &&
          one.partyId !== partyId &&
          identifiers.some((identifier) => identifierKey(identifier) === identifierKey(one)),
      );
      if (holder) {
        return refuse('IdentifierInUse', `a verified ${holder.scheme} belongs to party ${holder.partyId}`, {
          path: '/identifiers',
          details: { partyId: holder.partyId },
        });
      }
      const isKnown = identifiers.every((one) => sameStatement(state.identifiers.get(identifierKey(one)), one));
      return E.right(isKnown ? [] : [decided('PartyIdentified', { partyId, identifiers }, [partyId])]);
    },
};
