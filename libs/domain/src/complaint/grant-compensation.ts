import * as E from 'fp-ts/Either';
import { type CommandContext, type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { id, minorUnits, oneOf, reference } from '../facts/codec';
import { record, type RecordOf, refine } from '../facts/structure';
import { toIso } from '../time/calendar';
import { compensationKinds, justiceKinds } from './events';
import { complaintNotFound } from './refusals';
import { type ComplaintState, ofComplaint } from './state';

const required = { kind: oneOf(compensationKinds), amountMinor: minorUnits, justice: oneOf(justiceKinds) };
/** Of the complaint, or of the party when there is no complaint. `approvedBy`: the actor when absent. */
const optional = { complaintId: id, partyId: id, approvedBy: reference };
export type GrantCompensation = RecordOf<typeof required, typeof optional>;

/** Highest amount in minor units that one of the actor's roles may grant alone (`domain.md §9.3`, compensate). */
export const authorityLimit = ({ actor, configuration }: Pick<CommandContext, 'actor' | 'configuration'>): number =>
  Object.entries(configuration.complaints.authorityMinor).reduce(
    (limit, [role, amount]) => (actor.roles.includes(role) ? Math.max(limit, amount) : limit),
    0,
  );

/**
 * Amount in the reporting currency. ApprovalRequired: somebody with more authority must issue the command.
 * InvalidInterval: granted for a complaint that had not even been received.
 */
export const grantCompensation: CommandDefinition<GrantCompensation, ComplaintState> = {
  name: 'GrantCompensation',
  input: refine(record(required, optional), ({ complaintId, partyId }) =>
    (complaintId === undefined) === (partyId === undefined)
      ? { field: 'complaintId', message: 'must be given, or partyId, and not both' }
      : null,
  ),
  ...ofComplaint,
  needs: ({ partyId }) => ({ parties: partyId === undefined ? [] : [partyId] }),
  streamOf: ({ complaintId, partyId }, { knowledge }) =>
    complaintId === undefined ? `account-${rootOf(knowledge, partyId ?? '')}` : ofComplaint.streamOf({ complaintId }),
  decide:
    ({ complaintId, partyId, ...input }, context) =>
    (state) => {
      const limit = authorityLimit(context);
      if (complaintId !== undefined && state.stage === 'unknown') return complaintNotFound(complaintId);
      if (complaintId !== undefined && state.stage === 'closed') {
        return refuse('ComplaintClosed', `complaint ${complaintId} is closed`);
      }
      if (input.amountMinor > limit) {
        return refuse('ApprovalRequired', `the actor may grant ${limit} minor units alone`, {
          path: '/amountMinor',
          details: { limit },
        });
      }
      const granted = { ...input, approvedBy: input.approvedBy ?? context.actor.id };
      if (complaintId !== undefined && state.stage !== 'unknown') {
        const { occurredAt, now } = context;
        if (occurredAt < state.receivedAt && occurredAt < now) {
          return refuse('InvalidInterval', `the complaint was received at ${toIso(state.receivedAt)}`, {
            path: '/occurredAt',
          });
        }
        return E.right([decided('CompensationGranted', { ...granted, complaintId }, [state.received.partyId])]);
      }
      const root = rootOf(context.knowledge, partyId ?? '');
      return E.right([decided('CompensationGranted', { ...granted, partyId: root }, [root])]);
    },
};
