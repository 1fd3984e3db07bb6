import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { invalidField, refuse } from '../command/errors';
import { boolean, freeText, id, integer } from '../facts/codec';
import { record, type RecordOf, refine, said } from '../facts/structure';
import { complaintNotFound } from './refusals';
import { type ComplaintState, ofComplaint } from './state';

const required = { complaintId: id };
/** `attempt`: the next one of this resolution when absent. */
const optional = {
  verdict: integer(1, 5),
  unreachable: boolean,
  attempt: integer(1, 5),
  comment: said(freeText),
};
export type FollowUpComplaint = RecordOf<typeof required, typeof optional>;

/**
 * Asks after a resolution (`domain.md §9.3`, follow up): either a verdict 1..5 or `unreachable`. A bad
 * verdict reopens the complaint, a better one or the last unreachable attempt closes it: that follows
 * from the facts, see `evolveComplaint`.
 */
export const followUpComplaint: CommandDefinition<FollowUpComplaint, ComplaintState> = {
  name: 'FollowUpComplaint',
  input: refine(record(required, optional), ({ verdict, unreachable }) =>
    (verdict !== undefined) === (unreachable === true)
      ? { field: 'verdict', message: 'must be given, unless unreachable is true, and never with it' }
      : null,
  ),
  ...ofComplaint,
  goesOn: true,
  decide: (input) => (state) => {
    if (state.stage === 'unknown') return complaintNotFound(input.complaintId);
    if (state.stage === 'closed') return refuse('ComplaintClosed', `complaint ${input.complaintId} is closed`);
    if (state.stage !== 'resolved') {
      return refuse('NotResolvedYet', `complaint ${input.complaintId} is ${state.stage}`);
    }
    const attempt = state.attempts + 1;
    if (input.attempt !== undefined && input.attempt !== attempt) {
      return invalidField('/attempt', `must be ${attempt}, the attempt after the last one; got ${input.attempt}`);
    }
    return E.right([decided('ComplaintFollowedUp', { ...input, attempt }, [state.received.partyId])]);
  },
};
