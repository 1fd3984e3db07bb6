import type * as t from 'io-ts';
import { channel } from '../facts/channels';
import { code, id, instant, minorUnits, oneOf } from '../facts/codec';
import { list, record } from '../facts/structure';

export const offerKinds = ['new', 'cross_sell', 'up_sell', 'bundle', 'retention', 'winback'] as const;
export const offerAnswers = ['accepted', 'declined'] as const;

/** Amounts are in the reporting currency. */
export const OfferMade = record(
  {
    offerId: id,
    partyId: id,
    kind: oneOf(offerKinds),
    skus: list(code, 0, 2_000),
    netMinor: minorUnits,
    listMinor: minorUnits,
    validUntil: instant,
    channel,
    propositionId: id,
    appliedPreferenceIds: list(id, 0, 100),
  },
  { campaignId: id, enquiryId: id, overrideReason: code },
);
export type OfferMade = t.TypeOf<typeof OfferMade>;

export const OfferAnswered = record({ offerId: id, answer: oneOf(offerAnswers) }, { reason: code, orderId: id });
export type OfferAnswered = t.TypeOf<typeof OfferAnswered>;
