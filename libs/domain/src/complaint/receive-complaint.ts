import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { channel } from '../facts/channels';
import { code, freeText, id, integer, reference } from '../facts/codec';
import { record, type RecordOf, said } from '../facts/structure';
import { type ComplaintState, ofComplaint } from './state';

const required = { partyId: id, channel, category: code, severity: integer(1, 4) };
const optional = {
  complaintId: id,
  desiredRemedy: code,
  aboutEventId: reference,
  requestId: id,
  text: said(freeText),
};
export type ReceiveComplaint = RecordOf<typeof required, typeof optional>;

const complaintIdOf = ({ complaintId }: ReceiveComplaint, { commandId }: { readonly commandId: string }): string =>
  complaintId ?? idFromCommand(commandId, 'complaint');

/** Any channel may bring a complaint (`domain.md §9.3`, receive). InvalidState: the id is taken by another one. */
export const receiveComplaint: CommandDefinition<ReceiveComplaint, ComplaintState> = {
  name: 'ReceiveComplaint',
  input: record(required, optional),
  ...ofComplaint,
  needs: ({ partyId }) => ({ parties: [partyId] }),
  streamOf: (input, context) => ofComplaint.streamOf({ complaintId: complaintIdOf(input, context) }),
  decide: (input, context) => (state) => {
    const complaintId = complaintIdOf(input, context);
    const partyId = rootOf(context.knowledge, input.partyId);
    const received = { ...input, complaintId, partyId };
    if (state.stage === 'unknown') return E.right([decided('ComplaintReceived', received, [partyId], input.channel)]);
    return repeats(state.received, received, context.knowledge)
      ? E.right([])
      : refuse('InvalidState', `complaint ${complaintId} was received already`, { path: '/complaintId' });
  },
};
