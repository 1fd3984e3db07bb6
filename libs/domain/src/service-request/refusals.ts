import { refuse } from '../command/errors';

export const requestNotFound = (requestId: string) =>
  refuse('ServiceRequestNotFound', `service request ${requestId} is unknown`, { path: '/requestId' });

export const requestClosed = (requestId: string) =>
  refuse('RequestClosed', `service request ${requestId} is resolved`, { path: '/requestId' });

/** The request is in a stage from which the command cannot start. */
export const wrongStage = (requestId: string, stage: string, why: string) =>
  refuse('InvalidState', `service request ${requestId} is ${stage}: ${why}`, { details: { stage } });
