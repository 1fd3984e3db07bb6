import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { boolean, code, currency, id, instant, minorUnits, number, oneOf, positiveMinorUnits } from '../facts/codec';
import { list, record } from '../facts/structure';

export const reversalKinds = ['cancelled', 'returned', 'refunded'] as const;

/** More than nothing; fractions are allowed (goods by weight). */
const quantity = number(Number.EPSILON, 1_000_000_000);
/** Real invoices reach 1 114 lines (`domain.md §14.1`). */
const MAX_LINES = 2_000;

/** Amounts are of the whole line, quantity included, in the order's currency. */
const orderLine = record(
  { sku: code, productLine: code, qty: quantity, listMinor: minorUnits, netMinor: minorUnits },
  { costMinor: minorUnits },
);

/**
 * Schema version 2; version 1 called the total `totalMinor`. When `currency` is not the tenant's
 * reporting currency, `reportingAmountMinor` is the total in it (`domain.md §1`, Money).
 */
export const OrderPlaced = record(
  {
    orderId: id,
    partyId: id,
    channel,
    lines: list(orderLine, 1, MAX_LINES),
    totalNetMinor: minorUnits,
    currency,
    appliedPreferenceIds: list(id, 0, 100),
  },
  {
    beneficiaryId: id,
    reportingAmountMinor: minorUnits,
    promisedAt: instant,
    renewalDueAt: instant,
    campaignId: id,
    enquiryId: id,
    offerId: id,
  },
);
export type OrderPlaced = t.TypeOf<typeof OrderPlaced>;

export const OrderFulfilled = record({ orderId: id, deliveredAt: instant, complete: boolean });
export type OrderFulfilled = t.TypeOf<typeof OrderFulfilled>;

/**
 * `amountMinor` is in the order's currency, `reportingAmountMinor` the same in the reporting
 * currency. `lines` names what came back when it was not the whole order.
 */
export const OrderReversed = record(
  { orderId: id, kind: oneOf(reversalKinds), amountMinor: positiveMinorUnits, reason: code },
  {
    reportingAmountMinor: positiveMinorUnits,
    lines: list(record({ sku: code, qty: quantity }, { productLine: code, netMinor: minorUnits }), 1, MAX_LINES),
  },
);
export type OrderReversed = t.TypeOf<typeof OrderReversed>;
