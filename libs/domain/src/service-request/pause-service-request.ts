import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { id, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { HOUR_MS } from '../time/calendar';
import { pauseReasons } from './events';
import { requestNotFound, wrongStage } from './refusals';
import { isImmediate, ofServiceRequest, type ServiceRequestState } from './state';

const required = { requestId: id };
/** `reason`: the only one there is when absent. */
const optional = { reason: oneOf(pauseReasons) };
export type PauseServiceRequest = RecordOf<typeof required, typeof optional>;

/**
 * Stops the SLA clock while the customer is asked (`domain.md §10.4`), 72 h in all. The limit binds
 * here: once it is used up no pause can start, and a running one stops counting when it is reached.
 */
export const pauseServiceRequest: CommandDefinition<PauseServiceRequest, ServiceRequestState> = {
  name: 'PauseServiceRequest',
  input: record(required, optional),
  ...ofServiceRequest,
  goesOn: true,
  decide:
    ({ requestId, reason = 'waiting_customer' }, { configuration: { service } }) =>
    (state) => {
      if (state.stage === 'unknown') return requestNotFound(requestId);
      if (state.stage !== 'open') return wrongStage(requestId, state.stage, 'only an open one can be paused');
      if (isImmediate(state)) return wrongStage(requestId, 'immediate', 'it cannot be paused, only escalated');
      if (state.pausedMs >= service.maxPauseHours * HOUR_MS) {
        return refuse('PauseLimitExceeded', `the request was paused for ${service.maxPauseHours} h already`, {
          details: { maxPauseHours: service.maxPauseHours },
        });
      }
      return E.right([decided('ServiceRequestPaused', { requestId, reason }, [state.opened.partyId])]);
    },
};
