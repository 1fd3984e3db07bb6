import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { guardNotFuture } from '../command/guards';
import { boolean, id, instant } from '../facts/codec';
import { record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { ofOrder, orderNotFound, orderReversed, type OrderState, partiesOf } from './state';

const required = { orderId: id };
/** `deliveredAt`: the command's occurredAt, `complete`: true, when absent. */
const optional = { deliveredAt: instant, complete: boolean };
export type FulfilOrder = RecordOf<typeof required, typeof optional>;

/** Reports the delivery, once: AlreadyFulfilled. An incomplete delivery may be followed by the complete one. */
export const fulfilOrder: CommandDefinition<FulfilOrder, OrderState> = {
  name: 'FulfilOrder',
  input: record(required, optional),
  ...ofOrder,
  decide:
    ({ orderId, deliveredAt, complete = true }, context) =>
    (state) => {
      if (state.stage === 'unknown') return orderNotFound(orderId);
      if (state.stage === 'fully_reversed') return orderReversed(orderId);
      if (state.fulfilled !== null && (state.fulfilled.complete || !complete)) {
        return refuse('AlreadyFulfilled', `order ${orderId} was delivered at ${state.fulfilled.deliveredAt}`);
      }
      const at = deliveredAt === undefined ? context.occurredAt : Date.parse(deliveredAt);
      const future = guardNotFuture(at, context, '/deliveredAt');
      if (future) return E.left(future);
      const fulfilled = { orderId, deliveredAt: toIso(at), complete };
      return E.right([decided('OrderFulfilled', fulfilled, partiesOf(state.placed))]);
    },
};
