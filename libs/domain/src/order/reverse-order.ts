import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { code, id, minorUnits, number, oneOf, positiveMinorUnits } from '../facts/codec';
import { list, record, type RecordOf } from '../facts/structure';
import { reversalKinds } from './events';
import { ofOrder, orderNotFound, orderReversed, type OrderState, partiesOf } from './state';

const returnedLine = record(
  { sku: code, qty: number(Number.EPSILON, 1_000_000_000) },
  { productLine: code, netMinor: minorUnits },
);
const required = { orderId: id, kind: oneOf(reversalKinds), amountMinor: positiveMinorUnits, reason: code };
const optional = { reportingAmountMinor: positiveMinorUnits, lines: list(returnedLine, 1, 2_000) };
export type ReverseOrder = RecordOf<typeof required, typeof optional>;

/** Gives money back, `amountMinor` in the order's currency, never more than the order's total in all. */
export const reverseOrder: CommandDefinition<ReverseOrder, OrderState> = {
  name: 'ReverseOrder',
  input: record(required, optional),
  ...ofOrder,
  decide:
    (input, { configuration }) =>
    (state) => {
      if (state.stage === 'unknown') return orderNotFound(input.orderId);
      if (state.stage === 'fully_reversed') return orderReversed(input.orderId);
      const left = state.placed.totalNetMinor - state.reversedMinor;
      if (input.amountMinor > left) {
        return refuse('ExceedsRefundable', `${left} minor units are left of the order`, {
          path: '/amountMinor',
          details: { refundableMinor: left },
        });
      }
      const { reportingCurrency } = configuration.tenant;
      if (state.placed.currency !== reportingCurrency && input.reportingAmountMinor === undefined) {
        return refuse('CurrencyMismatch', `a reversal in ${state.placed.currency} states it in ${reportingCurrency}`, {
          path: '/reportingAmountMinor',
          details: { reportingCurrency },
        });
      }
      return E.right([decided('OrderReversed', input, partiesOf(state.placed))]);
    },
};
