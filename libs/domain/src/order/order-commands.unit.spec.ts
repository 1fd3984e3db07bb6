import { absorbedBy, given, hours, iso, live, past } from '../command/given-when-then';
import type { FactData } from '../facts/catalogue';
import { fulfilOrder } from './fulfil-order';
import { placeOrder } from './place-order';
import { reverseOrder } from './reverse-order';

const line = (netMinor: number) => ({ sku: 's1', productLine: 'tea', qty: 1, listMinor: netMinor, netMinor });
const order = {
  orderId: 'o1',
  partyId: 'customer',
  channel: 'web',
  lines: [line(600), line(400)],
  totalNetMinor: 1_000,
  currency: 'GBP',
} as const;
const fact: FactData['OrderPlaced'] = { ...order, appliedPreferenceIds: [] };
const placed = past('OrderPlaced', fact, -hours(9));
const delivered = (complete: boolean) =>
  past('OrderFulfilled', { orderId: 'o1', deliveredAt: iso(-hours(2)), complete }, -hours(2));
const reversal = (amountMinor: number) => ({ orderId: 'o1', kind: 'refunded', amountMinor, reason: 'broken' }) as const;
const reversed = (amountMinor: number) => past('OrderReversed', reversal(amountMinor), -hours(1));

describe('PlaceOrder', () => {
  it('places the order', () => {
    given()
      .when(placeOrder, order)
      .then(['OrderPlaced', fact, ['customer']]);
  });

  // coverage: 68
  it('is about the beneficiary too, both as survivors of their merges', () => {
    const parties = { customer: absorbedBy('root'), root: live('root') };
    given()
      .when(placeOrder, { ...order, beneficiaryId: 'child' }, { parties })
      .then(['OrderPlaced', { ...fact, partyId: 'root', beneficiaryId: 'child' }, ['root', 'child']]);
  });

  it('is about its customer once, who is its beneficiary too, as is what follows', () => {
    const own = { ...fact, beneficiaryId: 'customer' };
    given()
      .when(placeOrder, { ...order, beneficiaryId: 'customer' })
      .then(['OrderPlaced', own, ['customer']]);
    given(past('OrderPlaced', own, -hours(9)))
      .when(reverseOrder, reversal(1_000))
      .then(['OrderReversed', reversal(1_000), ['customer']]);
  });

  it('refuses a total that is not the sum of its lines', () => {
    given()
      .when(placeOrder, { ...order, totalNetMinor: 1_001 })
      .thenRefused('TotalMismatch', { path: '/totalNetMinor', details: { sum: 1_000 } });
  });

  it('states the amount in the reporting currency when it is sold in another one', () => {
    given()
      .when(placeOrder, { ...order, currency: 'EUR' })
      .thenRefused('CurrencyMismatch');
    given()
      .when(placeOrder, { ...order, currency: 'EUR', reportingAmountMinor: 850 })
      .thenAccepted();
  });

  it('says nothing new when it is placed again, and refuses another one with its id', () => {
    given(placed).when(placeOrder, order).thenNothing();
    given(placed)
      .when(placeOrder, { ...order, channel: 'phone' })
      .thenRefused('InvalidState', { path: '/orderId' });
  });
});

describe('FulfilOrder', () => {
  const o1 = { orderId: 'o1' };

  it('is told to the beneficiary as to the payer, and so is a return', () => {
    const gift = past('OrderPlaced', { ...fact, beneficiaryId: 'child' }, -hours(2));
    given(gift)
      .when(fulfilOrder, o1)
      .then(['OrderFulfilled', { ...o1, deliveredAt: iso(), complete: true }, ['customer', 'child']]);
    given(gift)
      .when(reverseOrder, reversal(1_000))
      .then(['OrderReversed', reversal(1_000), ['customer', 'child']]);
  });

  it('is delivered whole at the instant of the command', () => {
    given(placed)
      .when(fulfilOrder, o1)
      .then(['OrderFulfilled', { ...o1, deliveredAt: iso(), complete: true }, ['customer']]);
  });

  it('happens once; a part may be followed by the whole', () => {
    given(placed, delivered(true)).when(fulfilOrder, o1).thenRefused('AlreadyFulfilled');
    given(placed, delivered(false)).when(fulfilOrder, o1).thenAccepted();
    given(placed, delivered(false))
      .when(fulfilOrder, { ...o1, complete: false })
      .thenRefused('AlreadyFulfilled');
  });

  it('refuses a fully reversed order, not a partly reversed one', () => {
    given(placed, reversed(1_000)).when(fulfilOrder, o1).thenRefused('OrderReversedAlready');
    given(placed, reversed(999)).when(fulfilOrder, o1).thenAccepted();
  });

  it('refuses an unknown order', () => {
    given().when(fulfilOrder, o1).thenRefused('OrderNotFound');
  });
});

describe('ReverseOrder', () => {
  it('gives back up to the whole total, and no more', () => {
    given(placed)
      .when(reverseOrder, reversal(1_000))
      .then(['OrderReversed', reversal(1_000), ['customer']]);
    given(placed)
      .when(reverseOrder, reversal(1_001))
      .thenRefused('ExceedsRefundable', { details: { refundableMinor: 1_000 } });
    given(placed, reversed(400)).when(reverseOrder, reversal(600)).thenAccepted();
    given(placed, reversed(400)).when(reverseOrder, reversal(601)).thenRefused('ExceedsRefundable');
  });

  it('refuses a fully reversed or unknown order', () => {
    given(placed, reversed(1_000)).when(reverseOrder, reversal(1)).thenRefused('OrderReversedAlready');
    given().when(reverseOrder, reversal(1)).thenRefused('OrderNotFound');
  });
});
