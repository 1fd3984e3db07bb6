import * as E from 'fp-ts/Either';
import { consentChannels, consentPurposes, lawfulBases } from '../consent/events';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { id, oneOf, reference, string } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { ofParty, type PartyState } from './state';

const required = {
  partyId: id,
  purpose: oneOf(consentPurposes),
  channel: oneOf(consentChannels),
  lawfulBasis: oneOf(lawfulBases),
  policyVersion: reference,
};
const optional = { evidenceRef: string(0, 256) };
export type GrantConsent = RecordOf<typeof required, typeof optional>;

/** A consent counts only with its proof (`domain.md §17.5`): EvidenceRequired without `evidenceRef`. */
export const grantConsent: CommandDefinition<GrantConsent, PartyState> = {
  name: 'GrantConsent',
  input: record(required, optional),
  ...ofParty,
  asOfThen: true,
  decide:
    (input, { knowledge }) =>
    (state) => {
      const evidenceRef = input.evidenceRef?.trim();
      if (!evidenceRef) return refuse('EvidenceRequired', 'a consent names its proof', { path: '/evidenceRef' });
      const partyId = rootOf(knowledge, input.partyId);
      const granted = { ...input, partyId, evidenceRef };
      const inForce = state.consents.get(input.purpose)?.get(input.channel);
      if (inForce?.granted && repeats(inForce.grant, granted, knowledge)) return E.right([]);
      return E.right([decided('ConsentGranted', granted, [partyId])]);
    },
};
