import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { id } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { requestNotFound, wrongStage } from './refusals';
import { ofServiceRequest, type ServiceRequestState } from './state';

const required = { requestId: id };
export type ResumeServiceRequest = RecordOf<typeof required, Record<never, never>>;

/** Starts the SLA clock again (`domain.md §10.4`). Always possible while paused, or the request could never be solved. */
export const resumeServiceRequest: CommandDefinition<ResumeServiceRequest, ServiceRequestState> = {
  name: 'ResumeServiceRequest',
  input: record(required),
  ...ofServiceRequest,
  goesOn: true,
  decide:
    ({ requestId }) =>
    (state) => {
      if (state.stage === 'unknown') return requestNotFound(requestId);
      if (state.stage !== 'paused') return wrongStage(requestId, state.stage, 'only a paused one can be resumed');
      return E.right([decided('ServiceRequestResumed', { requestId }, [state.opened.partyId])]);
    },
};
