import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { code, id, MAX_STRING, oneOf, string } from '../facts/codec';
import { record, type RecordOf, said } from '../facts/structure';
import { preferenceHorizons, preferenceKinds, preferenceOrigins } from './events';
import { hasAnyConsent, ofParty, type PartyState } from './state';

const required = {
  partyId: id,
  kind: oneOf(preferenceKinds),
  key: code,
  value: said(string(0, MAX_STRING)),
  origin: oneOf(preferenceOrigins),
};
/** `horizon`: current when absent. */
const optional = { preferenceId: id, horizon: oneOf(preferenceHorizons) };
export type RecordPreference = RecordOf<typeof required, typeof optional>;

/** What the customer stated may be kept; what we observed is profiling and needs that consent (`domain.md §15`). */
export const recordPreference: CommandDefinition<RecordPreference, PartyState> = {
  name: 'RecordPreference',
  input: record(required, optional),
  ...ofParty,
  decide:
    (input, { knowledge, commandId }) =>
    (state) => {
      if (input.origin === 'observed' && !hasAnyConsent(state, 'profiling')) {
        return refuse('ConsentMissing', 'an observed preference needs the consent to profiling', {
          path: '/origin',
          details: { purpose: 'profiling' },
        });
      }
      const partyId = rootOf(knowledge, input.partyId);
      const preferenceId = input.preferenceId ?? idFromCommand(commandId, 'preference');
      const recorded = { ...input, partyId, preferenceId, horizon: input.horizon ?? 'current' };
      const earlier = state.preferences.get(preferenceId);
      if (earlier && repeats(earlier, recorded, knowledge)) return E.right([]);
      return E.right([decided('PreferenceRecorded', recorded, [partyId])]);
    },
};
