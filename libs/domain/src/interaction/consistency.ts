import type { Evidence, InconsistencyEvidence, InteractionEvidence, OfferEvidence } from '../customer/evidence';
import { pricesConflict, type PricedOffer } from '../offer/price-conflict';
import { DAY_MS } from '../time/calendar';
import { isKnownField } from './known-fields';

/** So many skus or fields are named of one contradiction; the facts have them all. */
const NAMED_AT_MOST = 10;

/** CX2: two answers about one topic within so many days are compared (`domain.md §4.4`). */
export const ANSWER_WINDOW_DAYS = 30;

const priced = ({ offerId, skus, netMinor, madeAt, validUntil }: OfferEvidence): PricedOffer | null =>
  netMinor === null || madeAt === null || validUntil === null ? null : { offerId, skus, netMinor, madeAt, validUntil };

/**
 * CX1: an offer that asks another price for a sku than one that still stands (`domain.md §4.4`). A
 * reason given for it (`overrideReason`) does not make the prices equal. Null: no such offer.
 */
export const otherPrice = (offers: Iterable<OfferEvidence>, offer: OfferEvidence): InconsistencyEvidence | null => {
  const now = priced(offer);
  if (now === null || offer.eventId === null) return null;
  let earlier: OfferEvidence | null = null;
  for (const other of offers) {
    if (other === offer) continue;
    const before = priced(other);
    if (before === null || !pricesConflict(before, now)) continue;
    if (earlier === null || before.madeAt >= (earlier.madeAt ?? before.madeAt)) earlier = other;
  }
  if (earlier === null) return null;
  const { skus } = earlier;
  return {
    rule: 'CX1',
    eventId: offer.eventId,
    at: now.madeAt,
    channel: offer.channel ?? '',
    earlierEventId: earlier.eventId,
    earlierChannel: earlier.channel,
    about: now.skus.filter((sku) => skus.includes(sku)).slice(0, NAMED_AT_MOST),
  };
};

/**
 * CX2: a contact with another answer about the same topic than one of the 30 days before, the bound
 * inclusive (`domain.md §4.4`). `before`: the earlier contacts of the party, oldest first.
 */
export const otherAnswer = (
  before: ReadonlyArray<InteractionEvidence>,
  contact: InteractionEvidence,
): InconsistencyEvidence | null => {
  const { topicCode, answerCode, at } = contact;
  if (topicCode === null || answerCode === null) return null;
  for (let index = before.length - 1; index >= 0; index--) {
    const earlier = before[index];
    if (earlier === undefined || earlier.at < at - ANSWER_WINDOW_DAYS * DAY_MS) return null;
    if (earlier.topicCode !== topicCode || earlier.answerCode === null || earlier.answerCode === answerCode) continue;
    return {
      rule: 'CX2',
      eventId: contact.eventId,
      at,
      channel: contact.channel,
      earlierEventId: earlier.eventId,
      earlierChannel: earlier.channel,
      about: [topicCode],
    };
  }
  return null;
};

/** CX3: the party was asked for what it had told before (`domain.md §4.4`, continuity). */
export const askedAgain = (
  evidence: Pick<Evidence, 'person' | 'wallets'>,
  contact: InteractionEvidence,
  reAskedFields: ReadonlyArray<string>,
): InconsistencyEvidence | null => {
  if (reAskedFields.length === 0) return null;
  const about = [...new Set(reAskedFields)].filter((field) => isKnownField(evidence, field));
  return about.length === 0
    ? null
    : {
        rule: 'CX3',
        eventId: contact.eventId,
        at: contact.at,
        channel: contact.channel,
        earlierEventId: null,
        earlierChannel: null,
        about: about.slice(0, NAMED_AT_MOST),
      };
};
