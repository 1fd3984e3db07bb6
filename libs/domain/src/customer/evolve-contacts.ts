import { policyViolationOf } from '../consent/policy-violation';
import type { FactOf } from '../facts/envelope';
import { askedAgain, otherAnswer, otherPrice } from '../interaction/consistency';
import type { Configuration } from '../policy/configuration';
import type { InteractionEvidence } from './evidence';
import { eventIn, entryOf, instantIn, type MutableEvidence } from './mutable-evidence';

type MutableEnquiry = MutableEvidence['enquiries'] extends Map<string, infer E> ? E : never;
type MutableOffer = MutableEvidence['offers'] extends Map<string, infer O> ? O : never;

/** Counts for the party it was with, never for the agent who acted for it (`domain.md §3`). */
export const evolveInteractionRecorded = (
  evidence: MutableEvidence,
  fact: FactOf<'InteractionRecorded'>,
  configuration: Configuration,
): void => {
  const { data, occurredAt, eventId, actor } = fact;
  const { members, interactions, inconsistencies, policyViolations } = evidence;
  if (!members.has(data.partyId)) return;
  const { interactionId, direction, channel, purpose, topicCode, outcome, agentId, links } = data;
  const contact: InteractionEvidence = {
    interactionId,
    eventId,
    at: occurredAt,
    direction,
    channel,
    purpose,
    topicCode,
    outcome,
    momentCode: data.momentCode ?? null,
    waitSeconds: data.waitSeconds ?? null,
    answerCode: data.answerCode ?? null,
    previousChannel: data.previousChannel ?? null,
    instrument: data.instrument ?? null,
    agentId: agentId ?? null,
    recordedBy: actor.kind,
    orderId: links.orderId ?? null,
    requestId: links.requestId ?? null,
    complaintId: links.complaintId ?? null,
    campaignId: links.campaignId ?? null,
    surveyId: links.surveyId ?? null,
  };
  const answer = otherAnswer(interactions, contact);
  if (answer !== null) inconsistencies.push(answer);
  const question = askedAgain(evidence, contact, data.reAskedFields);
  if (question !== null) inconsistencies.push(question);
  const reason = policyViolationOf(evidence, fact, configuration);
  if (reason !== null) {
    const { channel: through, purpose: why } = contact;
    policyViolations.push({ eventId, at: occurredAt, channel: through, purpose: why, reason });
  }
  interactions.push(contact);
};

/** A survey is answered once (`domain.md §15`): the first answer of an id wins. */
export const evolveSurveyAnswered = ({ members, surveys }: MutableEvidence, fact: FactOf<'SurveyAnswered'>): void => {
  const { data, occurredAt, eventId } = fact;
  if (!members.has(data.partyId)) return;
  const { surveyId, instrument, score, scaleMin, scaleMax, aboutEventId } = data;
  if (surveys.some((answered) => answered.surveyId === surveyId)) return;
  surveys.push({
    surveyId,
    eventId,
    at: occurredAt,
    instrument,
    score,
    scaleMin,
    scaleMax,
    aboutEventId: eventIn(fact, aboutEventId),
    empathy: data.items?.['empathy'] ?? null,
    verbatim: data.verbatim !== undefined,
  });
};

export const evolveWordOfMouthObserved = (
  { members, wordOfMouth }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'WordOfMouthObserved'>,
): void => {
  if (members.has(data.partyId))
    wordOfMouth.push({
      eventId,
      at: occurredAt,
      polarity: data.polarity,
      verified: data.verified,
      reach: data.reach,
    });
};

const unreceived = (enquiryId: string): MutableEnquiry => ({
  enquiryId,
  eventId: null,
  receivedAt: null,
  channel: null,
  productLine: null,
  campaignId: null,
  closedAt: null,
  outcome: null,
  orderId: null,
});

/** The first receipt of an id wins. */
export const evolveEnquiryReceived = (
  { members, enquiries }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'EnquiryReceived'>,
): void => {
  if (!members.has(data.partyId)) return;
  const enquiry = entryOf(enquiries, data.enquiryId, unreceived);
  if (enquiry.eventId !== null) return;
  enquiry.eventId = eventId;
  enquiry.receivedAt = occurredAt;
  enquiry.channel = data.channel;
  enquiry.productLine = data.productLine;
  enquiry.campaignId = data.campaignId ?? null;
};

/** The first closing stands. */
export const evolveEnquiryClosed = (
  { enquiries }: MutableEvidence,
  { data, occurredAt }: FactOf<'EnquiryClosed'>,
): void => {
  const enquiry = entryOf(enquiries, data.enquiryId, unreceived);
  if (enquiry.closedAt !== null) return;
  enquiry.closedAt = occurredAt;
  enquiry.outcome = data.outcome;
  enquiry.orderId = data.orderId ?? null;
};

const unoffered = (offerId: string): MutableOffer => ({
  offerId,
  eventId: null,
  madeAt: null,
  kind: null,
  skus: [],
  netMinor: null,
  validUntil: null,
  channel: null,
  campaignId: null,
  enquiryId: null,
  appliedPreferenceIds: [],
  answeredAt: null,
  answer: null,
});

/** The first making of an id wins. */
export const evolveOfferMade = (
  { members, offers, inconsistencies }: MutableEvidence,
  { data, occurredAt, eventId }: FactOf<'OfferMade'>,
): void => {
  if (!members.has(data.partyId)) return;
  const offer = entryOf(offers, data.offerId, unoffered);
  if (offer.eventId !== null) return;
  offer.eventId = eventId;
  offer.madeAt = occurredAt;
  offer.kind = data.kind;
  offer.skus = data.skus;
  offer.netMinor = data.netMinor;
  offer.validUntil = instantIn(data.validUntil, occurredAt);
  offer.channel = data.channel;
  offer.campaignId = data.campaignId ?? null;
  offer.enquiryId = data.enquiryId ?? null;
  offer.appliedPreferenceIds = data.appliedPreferenceIds;
  const price = otherPrice(offers.values(), offer);
  if (price !== null) inconsistencies.push(price);
};

/** The first answer stands. */
export const evolveOfferAnswered = (
  { offers }: MutableEvidence,
  { data, occurredAt }: FactOf<'OfferAnswered'>,
): void => {
  const offer = entryOf(offers, data.offerId, unoffered);
  if (offer.answeredAt !== null) return;
  offer.answeredAt = occurredAt;
  offer.answer = data.answer;
};
