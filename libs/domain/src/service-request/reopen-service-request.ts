import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { code, id } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { DAY_MS, toIso } from '../time/calendar';
import { requestNotFound, wrongStage } from './refusals';
import { ofServiceRequest, type ServiceRequestState } from './state';

const required = { requestId: id, reason: code };
export type ReopenServiceRequest = RecordOf<typeof required, Record<never, never>>;

/**
 * Within 7 d (exactly 7 d included) it is the same request again; later it is a new one (`domain.md §10.7`).
 * InvalidInterval: reopened before it was resolved.
 */
export const reopenServiceRequest: CommandDefinition<ReopenServiceRequest, ServiceRequestState> = {
  name: 'ReopenServiceRequest',
  input: record(required),
  ...ofServiceRequest,
  decide:
    (input, { occurredAt, configuration }) =>
    (state) => {
      if (state.stage === 'unknown') return requestNotFound(input.requestId);
      if (state.stage !== 'resolved') {
        return wrongStage(input.requestId, state.stage, 'only a resolved one can be reopened');
      }
      if (occurredAt < state.resolvedAt) {
        return refuse('InvalidInterval', `it was resolved at ${toIso(state.resolvedAt)}`, { path: '/occurredAt' });
      }
      const until = state.resolvedAt + configuration.service.reopenDays * DAY_MS;
      if (occurredAt > until) {
        return refuse('ReopenWindowPassed', `it could be reopened until ${toIso(until)}; open a new request`, {
          details: { until: toIso(until) },
        });
      }
      return E.right([decided('ServiceRequestReopened', input, [state.opened.partyId])]);
    },
};
