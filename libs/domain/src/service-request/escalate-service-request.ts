import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { code, id, integer, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { escalationOrigins, escalationTargets } from './events';
import { requestClosed, requestNotFound } from './refusals';
import { ofServiceRequest, presentTier, type ServiceRequestState } from './state';

const required = { requestId: id, to: oneOf(escalationTargets), level: integer(1, 3), reason: code };
/** `from`: who has the request now when absent. */
const optional = { from: oneOf(escalationOrigins) };
export type EscalateServiceRequest = RecordOf<typeof required, typeof optional>;

/** Hands the request on, each time at a higher level 1..3 (`domain.md §10.3`). The original openedAt stays. */
export const escalateServiceRequest: CommandDefinition<EscalateServiceRequest, ServiceRequestState> = {
  name: 'EscalateServiceRequest',
  input: record(required, optional),
  ...ofServiceRequest,
  goesOn: true,
  decide: (input) => (state) => {
    if (state.stage === 'unknown') return requestNotFound(input.requestId);
    if (state.stage === 'resolved') return requestClosed(input.requestId);
    const level = state.escalation?.level ?? 0;
    if (input.level <= level) {
      return refuse('EscalationNotHigher', `the request is at level ${level}`, { path: '/level', details: { level } });
    }
    const escalated = { ...input, from: input.from ?? presentTier(state) };
    return E.right([decided('ServiceRequestEscalated', escalated, [state.opened.partyId])]);
  },
};
