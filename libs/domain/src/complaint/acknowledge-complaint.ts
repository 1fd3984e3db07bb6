import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { id, instant } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { complaintNotFound } from './refusals';
import { type ComplaintState, ofComplaint, resolutionLimit } from './state';

const required = { complaintId: id, responsibleAgentId: id };
/** `resolveBy`: the limit of the complaint's severity when absent. */
const optional = { resolveBy: instant };
export type AcknowledgeComplaint = RecordOf<typeof required, typeof optional>;

/**
 * Names who answers for the complaint and until when (`domain.md §9.3`); once in each round. InvalidInterval: until
 * when it had not even been received.
 */
export const acknowledgeComplaint: CommandDefinition<AcknowledgeComplaint, ComplaintState> = {
  name: 'AcknowledgeComplaint',
  input: record(required, optional),
  ...ofComplaint,
  goesOn: true,
  decide:
    ({ complaintId, responsibleAgentId, resolveBy }, { configuration }) =>
    (state) => {
      if (state.stage === 'unknown') return complaintNotFound(complaintId);
      if (state.stage !== 'received') {
        return refuse('AlreadyAcknowledged', `complaint ${complaintId} is ${state.stage}`);
      }
      const limit = resolutionLimit(state, configuration);
      if (resolveBy !== undefined && Date.parse(resolveBy) > limit) {
        return refuse('AgreedTimeExceedsLimit', `the complaint is due at ${toIso(limit)} at the latest`, {
          path: '/resolveBy',
          details: { limit: toIso(limit) },
        });
      }
      if (resolveBy !== undefined && Date.parse(resolveBy) <= state.roundStartedAt) {
        const started = state.reopenCount > 0 ? 'reopened' : 'received';
        return refuse('InvalidInterval', `the complaint was ${started} at ${toIso(state.roundStartedAt)}`, {
          path: '/resolveBy',
        });
      }
      const acknowledged = { complaintId, responsibleAgentId, resolveBy: resolveBy ?? toIso(limit) };
      return E.right([decided('ComplaintAcknowledged', acknowledged, [state.received.partyId])]);
    },
};
