import * as fc from 'fast-check';
import { absorbedBy, type Circumstances, given, hours, iso, live, NOW, past } from '../command/given-when-then';
import type { OfferReceiver } from '../command/knowledge';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { offerKinds } from './events';
import { makeOffer } from './make-offer';
import { type PricedOffer, pricesConflict } from './price-conflict';

const configuration: Configuration = {
  ...defaultConfiguration,
  segments: [{ segmentId: 'all', name: 'Everybody' }],
  propositions: [{ propositionId: 'tea-club', segmentId: 'all', statement: 'Tea at home every month' }],
};
const offer = {
  offerId: 'f1',
  partyId: 'customer',
  kind: 'cross_sell',
  skus: ['green', 'black'],
  netMinor: 900,
  listMinor: 1_000,
  validUntil: iso(hours(24)),
  channel: 'email',
  propositionId: 'tea-club',
} as const;
const fact = { ...offer, appliedPreferenceIds: [] };
const standing = (other: Partial<PricedOffer> = {}): PricedOffer => ({
  offerId: 'f0',
  skus: ['green'],
  netMinor: 950,
  madeAt: NOW - hours(24),
  validUntil: NOW + hours(1),
  ...other,
});
const receiver = (known: Partial<OfferReceiver> = {}): OfferReceiver => ({
  outsideBase: [],
  openEnquiryIds: [],
  dissatisfactionItemIds: [],
  offers: [],
  ...known,
});
type Refusal = 'no_consent' | 'cap' | 'quiet_hours' | 'do_not_contact';
/** A receiver who may be contacted, unless a reason says why not. */
const to = (known: Partial<OfferReceiver> = {}, reason: Refusal | null = null): Circumstances => ({
  configuration,
  knowledge: {
    offerTo: receiver(known),
    contact: reason === null ? { permitted: true } : { permitted: false, reason },
  },
});

describe('MakeOffer', () => {
  it('makes the offer in a stream of its own', () => {
    const outcome = given().when(makeOffer, offer, to());
    outcome.then(['OfferMade', fact, ['customer']]);
    expect(outcome.streamId).toBe('offer-f1');
  });

  // coverage: 97, 136
  it.each(offerKinds)('may be a %s', (kind) => {
    given()
      .when(makeOffer, { ...offer, kind }, to())
      .then(['OfferMade', { ...fact, kind }, ['customer']]);
  });

  // coverage: 132
  it('keeps what of the customer it was made for: a need, a preference or a goal of its business', () => {
    const appliedPreferenceIds = ['goal-export'];
    given()
      .when(makeOffer, { ...offer, appliedPreferenceIds }, to())
      .then(['OfferMade', { ...fact, appliedPreferenceIds }, ['customer']]);
  });

  it('is made to the survivor of a merge', () => {
    given()
      .when(makeOffer, offer, { ...to(), parties: { customer: absorbedBy('root'), root: live('root') } })
      .then(['OfferMade', { ...fact, partyId: 'root' }, ['root']]);
  });

  // coverage: 163
  it.each([
    ['valid until now', { validUntil: iso() }, 'InvalidInterval', '/validUntil'],
    ['dearer than the list', { netMinor: 1_001 }, 'PriceAboveList', '/netMinor'],
    ['of an unknown proposition', { propositionId: 'gold' }, 'UnknownProposition', '/propositionId'],
    ['of no proposition', { propositionId: undefined }, 'ValidationFailed', '/propositionId'],
    ['with an empty reason', { overrideReason: ' ' }, 'ValidationFailed', '/overrideReason'],
  ] as const)('refuses an offer %s', (_, change, code, path) => {
    given()
      .when(makeOffer, { ...offer, ...change }, to())
      .thenRefused(code, { path });
  });

  it.each([
    ['a millisecond', { validUntil: iso(1) }],
    ['the list price', { netMinor: 1_000 }],
    ['nothing', { netMinor: 0, listMinor: 0, skus: [] }],
  ])('accepts the bound: %s', (_, change) => {
    given()
      .when(makeOffer, { ...offer, ...change }, to())
      .thenAccepted();
  });

  it('refuses an offer that has ended by now, though it was made before', () => {
    given()
      .when(makeOffer, { ...offer, validUntil: iso(-1) }, { ...to(), occurredAt: NOW - hours(5) })
      .thenRefused('InvalidInterval');
  });

  it('says nothing new when it is made again, even after it has ended, and refuses another one with its id', () => {
    const made = past('OfferMade', fact, -hours(1));
    given(made).when(makeOffer, offer, to({}, 'cap')).thenNothing();
    given(made)
      .when(makeOffer, offer, { ...to(), now: NOW + hours(48), occurredAt: NOW + hours(48) })
      .thenNothing();
    given(made)
      .when(makeOffer, { ...offer, netMinor: 800 }, to())
      .thenRefused('InvalidState', { path: '/offerId' });
  });
});

describe('MakeOffer: who may get it', () => {
  it.each(['no_consent', 'cap', 'quiet_hours', 'do_not_contact'] as const)('refuses for the reason %s', (reason) => {
    given().when(makeOffer, offer, to({}, reason)).thenRefused('ContactNotPermitted', { details: { reason } });
  });

  it('takes what nobody answered for no consent', () => {
    given()
      .when(makeOffer, offer, { configuration })
      .thenRefused('ContactNotPermitted', { details: { reason: 'no_consent' } });
  });

  it('needs no permission to answer an open enquiry of the party, and only such a one', () => {
    const enquired = to({ openEnquiryIds: ['e1'] }, 'no_consent');
    given()
      .when(makeOffer, { ...offer, enquiryId: 'e1' }, enquired)
      .thenAccepted();
    given()
      .when(makeOffer, { ...offer, enquiryId: 'e2' }, enquired)
      .thenRefused('ContactNotPermitted');
    given().when(makeOffer, offer, enquired).thenRefused('ContactNotPermitted');
  });

  it('waits until the dissatisfaction is managed, whoever asked for it and for any reason', () => {
    const unhappy = to({ dissatisfactionItemIds: ['i1'], openEnquiryIds: ['e1'] });
    given()
      .when(makeOffer, { ...offer, enquiryId: 'e1', overrideReason: 'urgent' }, unhappy)
      .thenRefused('CommercialContactBlocked', { details: { itemIds: ['i1'] } });
  });

  // coverage: 69
  it.each([['competitor'], ['employee']] as const)('needs a reason for a %s', (role) => {
    given()
      .when(makeOffer, offer, to({ outsideBase: [role] }))
      .thenRefused('OverrideRequired', { path: '/overrideReason', details: { roles: [role] } });
    given()
      .when(makeOffer, { ...offer, overrideReason: 'staff sale' }, to({ outsideBase: [role] }))
      .thenAccepted();
  });

  it('gives no permission with the reason', () => {
    given()
      .when(makeOffer, { ...offer, overrideReason: 'staff sale' }, to({ outsideBase: ['employee'] }, 'no_consent'))
      .thenRefused('ContactNotPermitted');
  });

  it.each([
    ['unknown', 'PartyNotFound'],
    ['erased', 'PartyErased'],
  ] as const)('refuses a party that is %s', (status, code) => {
    given()
      .when(makeOffer, offer, { ...to(), parties: { customer: { status } } })
      .thenRefused(code);
  });
});

describe('MakeOffer: one price (domain.md §4.4 CX1)', () => {
  it('refuses another price for the same sku while the other offer stands', () => {
    given()
      .when(makeOffer, offer, to({ offers: [standing()] }))
      .thenRefused('ChannelPriceConflict', {
        path: '/netMinor',
        details: { offerId: 'f0', netMinor: 950, validUntil: iso(hours(1)) },
      });
  });

  it('accepts it for a reason, which the fact keeps', () => {
    given()
      .when(makeOffer, { ...offer, overrideReason: 'negotiated' }, to({ offers: [standing()] }))
      .then(['OfferMade', { ...fact, overrideReason: 'negotiated' }, ['customer']]);
  });

  it.each([
    ['the same price', { netMinor: 900 }],
    ['other goods', { skus: ['cup'] }],
    ['no goods', { skus: [] }],
    ['the other offer ends when this one is made', { validUntil: NOW }],
    ['the other offer begins when this one ends', { madeAt: NOW + hours(24), validUntil: NOW + hours(30) }],
  ])('accepts it: %s', (_, other) => {
    given()
      .when(makeOffer, offer, to({ offers: [standing(other)] }))
      .thenAccepted();
  });

  it('compares two offers the same from both sides, and none with itself', () => {
    const priced = fc.record({
      offerId: fc.constantFrom('a', 'b'),
      skus: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')),
      netMinor: fc.integer({ min: 1, max: 2 }),
      madeAt: fc.integer({ min: 0, max: 5 }),
      validUntil: fc.integer({ min: 1, max: 6 }),
    });
    fc.assert(
      fc.property(priced, priced, (one, other) => {
        expect(pricesConflict(one, other)).toBe(pricesConflict(other, one));
        expect(pricesConflict(one, one)).toBe(false);
      }),
    );
  });
});
