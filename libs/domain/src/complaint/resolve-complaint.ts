import * as E from 'fp-ts/Either';
import { type CommandDefinition, type DecidedFact, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { boolean, id, instant, MAX_STRING, oneOf, string } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { complaintDecisions } from './events';
import { complaintNotFound } from './refusals';
import { type ComplaintState, ofComplaint, resolutionLimit } from './state';

const required = { complaintId: id, decision: oneOf(complaintDecisions) };
/**
 * `immediate`: solved in the interaction in which it was received, false when absent. `resolvedAt`:
 * the command's occurredAt when absent. `responsibleAgentId`: for the acknowledgement that is still
 * missing, the actor when absent.
 */
const optional = { rootCause: string(0, MAX_STRING), immediate: boolean, resolvedAt: instant, responsibleAgentId: id };
export type ResolveComplaint = RecordOf<typeof required, typeof optional>;

/**
 * Decides the complaint (`domain.md §9.3`). A rejected complaint is resolved too and gets its
 * follow-up. Acknowledges it first when nobody has. InvalidInterval: resolved before it was received.
 */
export const resolveComplaint: CommandDefinition<ResolveComplaint, ComplaintState> = {
  name: 'ResolveComplaint',
  input: record(required, optional),
  ...ofComplaint,
  goesOn: true,
  decide:
    ({ complaintId, decision, rootCause, immediate = false, resolvedAt, responsibleAgentId }, context) =>
    (state) => {
      if (state.stage === 'unknown') return complaintNotFound(complaintId);
      if (state.stage !== 'received' && state.stage !== 'acknowledged') {
        return refuse('InvalidState', `complaint ${complaintId} is ${state.stage}`, {
          details: { stage: state.stage },
        });
      }
      if (!rootCause?.trim()) {
        return refuse('RootCauseRequired', 'a resolution names the root cause', { path: '/rootCause' });
      }
      const at = resolvedAt === undefined ? context.occurredAt : Date.parse(resolvedAt);
      const future = guardNotFuture(at, context, '/resolvedAt');
      if (future) return E.left(future);
      if (at < state.roundStartedAt) {
        return refuse('InvalidInterval', `it was received at ${toIso(state.roundStartedAt)}`, { path: '/resolvedAt' });
      }
      const subjects = [state.received.partyId];
      const resolved = { complaintId, decision, rootCause, immediate, resolvedAt: toIso(at) };
      const acknowledged = {
        complaintId,
        responsibleAgentId: responsibleAgentId ?? context.actor.id,
        resolveBy: toIso(resolutionLimit(state, context.configuration)),
      };
      const missing: ReadonlyArray<DecidedFact> =
        state.stage === 'received' ? [decided('ComplaintAcknowledged', acknowledged, subjects)] : [];
      return E.right([...missing, decided('ComplaintResolved', resolved, subjects)]);
    },
};
