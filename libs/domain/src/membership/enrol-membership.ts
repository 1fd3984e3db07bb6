import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { id, instant, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { NEVER, toIso } from '../time/calendar';
import { membershipTypes } from './events';
import { type MembershipState, ofMembership } from './state';

const required = { partyId: id, programId: id, type: oneOf(membershipTypes) };
const optional = { membershipId: id, validTo: instant };
export type EnrolMembership = RecordOf<typeof required, typeof optional>;

const membershipIdOf = ({ membershipId }: EnrolMembership, { commandId }: { readonly commandId: string }): string =>
  membershipId ?? idFromCommand(commandId, 'membership');

/** Enrols in a programme; one active membership in each (`domain.md §15`): AlreadyMember. */
export const enrolMembership: CommandDefinition<EnrolMembership, MembershipState> = {
  name: 'EnrolMembership',
  input: record(required, optional),
  ...ofMembership,
  needs: ({ partyId, validTo }) => ({
    parties: [partyId],
    membershipsOf: { partyId, until: validTo === undefined ? NEVER : Date.parse(validTo) },
  }),
  streamOf: (input, context) => ofMembership.streamOf({ membershipId: membershipIdOf(input, context) }),
  decide: (input, context) => (state) => {
    const { knowledge, occurredAt } = context;
    const membershipId = membershipIdOf(input, context);
    const partyId = rootOf(knowledge, input.partyId);
    const enrolled = { ...input, membershipId, partyId };
    if (state.stage === 'enrolled' && repeats(state.enrolled, enrolled, knowledge)) return E.right([]);
    const active = knowledge.activeMemberships.find(({ programId }) => programId === input.programId);
    if (active || state.stage === 'enrolled') {
      return refuse('AlreadyMember', `the party is a member of ${input.programId}`, {
        path: '/programId',
        details: { membershipId: active?.membershipId ?? membershipId },
      });
    }
    if (input.validTo !== undefined && Date.parse(input.validTo) <= occurredAt) {
      return refuse('InvalidInterval', `the membership starts at ${toIso(occurredAt)}`, { path: '/validTo' });
    }
    return E.right([decided('MembershipEnrolled', enrolled, [partyId])]);
  },
};
