import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { id, instant, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { type Instant, toIso } from '../time/calendar';
import { overlap } from '../time/periods';
import { partyRoles } from './events';
import { ofParty, type PartyState, type RoleInterval } from './state';

const required = { partyId: id, role: oneOf(partyRoles) };
/** `validFrom`: that of the open interval when the role is being closed, else the command's occurredAt, when absent. */
const optional = { counterpartyId: id, validFrom: instant, validTo: instant };
export type AssignRole = RecordOf<typeof required, typeof optional>;

/** Roles that only exist towards somebody (`domain.md §3`, needs counterparty). */
const rolesWithCounterparty: ReadonlyArray<string> = ['agent', 'beneficiary', 'guarantor'];

/** Issued without its start, a role with an end closes the open interval. */
const startOf = (
  { validFrom, validTo }: AssignRole,
  sameRole: ReadonlyArray<RoleInterval>,
  occurredAt: Instant,
): Instant => {
  if (validFrom !== undefined) return Date.parse(validFrom);
  const open = validTo === undefined ? undefined : sameRole.find((interval) => interval.validTo === null);
  return open?.validFrom ?? occurredAt;
};

/** Assigns a role for a time, or closes it by issuing it again with `validTo` (`domain.md §3`). */
export const assignRole: CommandDefinition<AssignRole, PartyState> = {
  name: 'AssignRole',
  input: record(required, optional),
  ...ofParty,
  needs: ({ partyId, counterpartyId }) => ({
    parties: counterpartyId === undefined ? [partyId] : [partyId, counterpartyId],
  }),
  decide:
    (input, { knowledge, occurredAt }) =>
    (state) => {
      const { role } = input;
      const partyId = rootOf(knowledge, input.partyId);
      const survivorOf = (id: string | null) => (id === null ? null : rootOf(knowledge, id));
      const counterpartyId = survivorOf(input.counterpartyId ?? null);
      if (counterpartyId === null && rolesWithCounterparty.includes(role)) {
        return refuse('CounterpartyRequired', `a ${role} is one towards somebody`, { path: '/counterpartyId' });
      }
      if (counterpartyId === partyId) {
        return refuse('SelfCounterparty', 'nobody is a counterparty of himself', { path: '/counterpartyId' });
      }
      const sameRole = state.roles.filter(
        (one) => one.role === role && survivorOf(one.counterpartyId) === counterpartyId,
      );
      const validFrom = startOf(input, sameRole, occurredAt);
      const validTo = input.validTo === undefined ? null : Date.parse(input.validTo);
      if (validTo !== null && validTo <= validFrom) {
        return refuse('InvalidInterval', `the role starts at ${toIso(validFrom)}`, { path: '/validTo' });
      }
      const reissued = sameRole.find((one) => one.validFrom === validFrom);
      if (reissued && reissued.validTo === validTo) return E.right([]);
      const other = sameRole.find((one) => one !== reissued && overlap(one, { validFrom, validTo }));
      if (other) {
        return refuse('RoleOverlap', `the role is held from ${toIso(other.validFrom)} already`, { path: '/validFrom' });
      }
      // Issued again it names whom it named, wherever that party was merged to since: else it is another role.
      const towards = reissued === undefined ? counterpartyId : reissued.counterpartyId;
      const assigned = {
        partyId,
        role,
        validFrom: toIso(validFrom),
        ...(towards === null ? {} : { counterpartyId: towards }),
        ...(validTo === null ? {} : { validTo: toIso(validTo) }),
      };
      const subjects = towards === null ? [partyId] : [partyId, towards];
      return E.right([decided('PartyRoleAssigned', assigned, subjects)]);
    },
};
