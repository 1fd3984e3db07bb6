import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { rootOf } from '../command/knowledge';
import { code, id, oneOf } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { enquiryOutcomes } from './events';
import { enquiryNotFound, type EnquiryState, ofEnquiry } from './state';

const required = { enquiryId: id, outcome: oneOf(enquiryOutcomes) };
/** `orderId`: what it was converted into. */
const optional = { orderId: id, reason: code };
export type CloseEnquiry = RecordOf<typeof required, typeof optional>;

/**
 * Ends an enquiry, once (`domain.md §11.3 Q4`, §15). OrderMismatch: it is converted and names no order, or
 * the order that it names is not one that the enquiring party placed. InvalidInterval: closed before it
 * was received.
 */
export const closeEnquiry: CommandDefinition<CloseEnquiry, EnquiryState> = {
  name: 'CloseEnquiry',
  input: record(required, optional),
  ...ofEnquiry,
  needs: ({ orderId }) => ({ orderIds: orderId === undefined ? [] : [orderId] }),
  decide: (input, context) => (state) => {
    const { enquiryId, outcome, orderId } = input;
    const { knowledge, occurredAt } = context;
    if (state.stage === 'unknown') return enquiryNotFound(enquiryId);
    if (state.stage === 'closed') {
      return refuse('EnquiryClosedAlready', `enquiry ${enquiryId} is ${state.closed.outcome}`, {
        path: '/enquiryId',
        details: { outcome: state.closed.outcome },
      });
    }
    if (occurredAt < state.receivedAt) {
      return refuse('InvalidInterval', `it was received at ${toIso(state.receivedAt)}`, { path: '/occurredAt' });
    }
    const { partyId } = state.received;
    if (orderId === undefined && outcome === 'converted') {
      return refuse('OrderMismatch', 'a converted enquiry names its order', {
        path: '/orderId',
        details: { partyId: rootOf(knowledge, partyId) },
      });
    }
    if (orderId !== undefined && knowledge.orderPayers.get(orderId) !== rootOf(knowledge, partyId)) {
      return refuse('OrderMismatch', `party ${partyId} placed no order ${orderId}`, {
        path: '/orderId',
        details: { orderId, partyId: rootOf(knowledge, partyId) },
      });
    }
    return E.right([decided('EnquiryClosed', input, [partyId])]);
  },
};
