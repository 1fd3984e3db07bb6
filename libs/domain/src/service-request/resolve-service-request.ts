import * as E from 'fp-ts/Either';
import { type CommandDefinition, type DecidedFact, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { boolean, code, id, instant, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { serviceTiers } from './events';
import { requestClosed, requestNotFound } from './refusals';
import { ofServiceRequest, type ServiceRequestState } from './state';

const required = { requestId: id, resolutionCode: code, byTier: oneOf(serviceTiers) };
/** `resolvedAt`: the command's occurredAt when absent. */
const optional = { resolvedAt: instant, confirmedByCustomer: boolean };
export type ResolveServiceRequest = RecordOf<typeof required, typeof optional>;

/**
 * Resolves the request, ending a pause first (`domain.md §10`). Lateness is never refused here: the
 * clocks judge it from the facts. InvalidInterval: resolved before it was opened or reopened.
 */
export const resolveServiceRequest: CommandDefinition<ResolveServiceRequest, ServiceRequestState> = {
  name: 'ResolveServiceRequest',
  input: record(required, optional),
  ...ofServiceRequest,
  goesOn: true,
  decide: (input, context) => (state) => {
    const { requestId } = input;
    if (state.stage === 'unknown') return requestNotFound(requestId);
    if (state.stage === 'resolved') return requestClosed(requestId);
    const at = input.resolvedAt === undefined ? context.occurredAt : Date.parse(input.resolvedAt);
    const future = guardNotFuture(at, context, '/resolvedAt');
    if (future) return E.left(future);
    if (at < state.roundStartedAt) {
      const started = state.reopenCount > 0 ? 'reopened' : 'opened';
      return refuse('InvalidInterval', `the request was ${started} at ${toIso(state.roundStartedAt)}`, {
        path: '/resolvedAt',
      });
    }
    const subjects = [state.opened.partyId];
    const resumed: ReadonlyArray<DecidedFact> =
      state.stage === 'paused' ? [decided('ServiceRequestResumed', { requestId }, subjects)] : [];
    return E.right([...resumed, decided('ServiceRequestResolved', { ...input, resolvedAt: toIso(at) }, subjects)]);
  },
};
