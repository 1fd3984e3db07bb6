import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { channel } from '../facts/channels';
import { code, currency, id, instant, minorUnits, number } from '../facts/codec';
import { list, record, type RecordOf } from '../facts/structure';
import { ofOrder, type OrderState } from './state';

const line = record(
  {
    sku: code,
    productLine: code,
    qty: number(Number.EPSILON, 1_000_000_000),
    listMinor: minorUnits,
    netMinor: minorUnits,
  },
  { costMinor: minorUnits },
);
const required = { partyId: id, channel, lines: list(line, 1, 2_000), totalNetMinor: minorUnits, currency };
const optional = {
  orderId: id,
  beneficiaryId: id,
  reportingAmountMinor: minorUnits,
  promisedAt: instant,
  renewalDueAt: instant,
  campaignId: id,
  enquiryId: id,
  offerId: id,
  appliedPreferenceIds: list(id, 0, 100),
};
export type PlaceOrder = RecordOf<typeof required, typeof optional>;

const orderIdOf = ({ orderId }: PlaceOrder, { commandId }: { readonly commandId: string }): string =>
  orderId ?? idFromCommand(commandId, 'order');

/**
 * Places an order; amounts are of whole lines. CurrencyMismatch: another currency than the tenant's of its day (of
 * before the first configuration that of now) without `reportingAmountMinor` (`domain.md §1`, Money). InvalidState: the
 * id is taken by another one.
 */
export const placeOrder: CommandDefinition<PlaceOrder, OrderState> = {
  name: 'PlaceOrder',
  input: record(required, optional),
  ...ofOrder,
  needs: ({ partyId, beneficiaryId }) => ({
    parties: beneficiaryId === undefined ? [partyId] : [partyId, beneficiaryId],
  }),
  streamOf: (input, context) => ofOrder.streamOf({ orderId: orderIdOf(input, context) }),
  decide: (input, context) => (state) => {
    const { knowledge, configuration } = context;
    const sum = input.lines.reduce((total, { netMinor }) => total + netMinor, 0);
    if (sum !== input.totalNetMinor) {
      return refuse('TotalMismatch', `the lines sum to ${sum}`, { path: '/totalNetMinor', details: { sum } });
    }
    const reportingCurrency = knowledge.reportingCurrency ?? configuration.tenant.reportingCurrency;
    if (input.currency !== reportingCurrency && input.reportingAmountMinor === undefined) {
      return refuse('CurrencyMismatch', `an order in ${input.currency} states its total in ${reportingCurrency}`, {
        path: '/reportingAmountMinor',
        details: { reportingCurrency },
      });
    }
    const orderId = orderIdOf(input, context);
    const partyId = rootOf(knowledge, input.partyId);
    const beneficiary =
      input.beneficiaryId === undefined ? {} : { beneficiaryId: rootOf(knowledge, input.beneficiaryId) };
    const appliedPreferenceIds = input.appliedPreferenceIds ?? [];
    const placed = { ...input, ...beneficiary, orderId, partyId, appliedPreferenceIds };
    if (state.stage !== 'unknown') {
      return repeats(state.placed, placed, knowledge)
        ? E.right([])
        : refuse('InvalidState', `order ${orderId} was placed already`, { path: '/orderId' });
    }
    const subjects = new Set([partyId, ...Object.values(beneficiary)]);
    return E.right([decided('OrderPlaced', placed, [...subjects], input.channel)]);
  },
};
