import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { id, instant, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { dataSubjectRequestKinds } from './events';
import { answerDueAt } from './legal-term';
import { type DataSubjectState, ofDataSubject, openRequests } from './state';

const required = { partyId: id, kind: oneOf(dataSubjectRequestKinds) };
/** `receivedAt`: the command's occurredAt when absent. When the answer is due follows from it and is not said. */
const optional = { dsrId: id, receivedAt: instant };
export type ReceiveDataSubjectRequest = RecordOf<typeof required, typeof optional>;

/**
 * A data subject uses a right (`domain.md §17.6`). DuplicateRequest: one of this kind is open.
 * InvalidState: the id is taken by another one.
 */
export const receiveDataSubjectRequest: CommandDefinition<ReceiveDataSubjectRequest, DataSubjectState> = {
  name: 'ReceiveDataSubjectRequest',
  input: record(required, optional),
  ...ofDataSubject,
  decide: (input, context) => (state) => {
    const { kind } = input;
    const receivedAt = input.receivedAt === undefined ? context.occurredAt : Date.parse(input.receivedAt);
    const future = guardNotFuture(receivedAt, context, '/receivedAt');
    if (future) return E.left(future);
    const dsrId = input.dsrId ?? idFromCommand(context.commandId, 'data-subject-request');
    const known = state.received.get(dsrId);
    if (known) {
      const isSame =
        known.kind === kind && (input.receivedAt === undefined || Date.parse(known.receivedAt) === receivedAt);
      return isSame ? E.right([]) : refuse('InvalidState', `request ${dsrId} was received already`, { path: '/dsrId' });
    }
    const open = openRequests(state).find((request) => request.kind === kind);
    if (open) {
      return refuse('DuplicateRequest', `a request of kind ${kind} is open until ${open.dueAt}`, {
        path: '/kind',
        details: { dsrId: open.dsrId },
      });
    }
    const partyId = rootOf(context.knowledge, input.partyId);
    const dueAt = toIso(answerDueAt(receivedAt, context.configuration.tenant.timeZone));
    const received = { partyId, dsrId, kind, receivedAt: toIso(receivedAt), dueAt };
    return E.right([decided('DataSubjectRequestReceived', received, [partyId])]);
  },
};
