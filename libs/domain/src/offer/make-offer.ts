import * as E from 'fp-ts/Either';
import { type CommandContext, type CommandDefinition, decided } from '../command/definition';
import { type DomainError, domainError, refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { repeats } from '../command/same-statement';
import { channel } from '../facts/channels';
import { code, id, instant, MAX_STRING, minorUnits, notBlank, oneOf } from '../facts/codec';
import { list, record, type RecordOf } from '../facts/structure';
import { toIso } from '../time/calendar';
import { offerKinds } from './events';
import { pricesConflict } from './price-conflict';
import { ofOffer, type OfferState } from './state';

const required = {
  partyId: id,
  kind: oneOf(offerKinds),
  skus: list(code, 0, 2_000),
  netMinor: minorUnits,
  listMinor: minorUnits,
  validUntil: instant,
  channel,
  propositionId: id,
};
/** `overrideReason`: why a competitor, an employee or a second price is meant all the same. */
const optional = {
  offerId: id,
  appliedPreferenceIds: list(id, 0, 100),
  campaignId: id,
  enquiryId: id,
  overrideReason: notBlank(MAX_STRING),
};
export type MakeOffer = RecordOf<typeof required, typeof optional>;

const offerIdOf = ({ offerId }: MakeOffer, { commandId }: { readonly commandId: string }): string =>
  offerId ?? idFromCommand(commandId, 'offer');

/** What is wrong with the offer itself, whoever gets it. */
const guardOffer = (
  { validUntil, netMinor, listMinor, propositionId }: MakeOffer,
  { now, occurredAt, configuration }: CommandContext,
): DomainError | null => {
  if (Date.parse(validUntil) <= Math.max(now, occurredAt)) {
    return domainError('InvalidInterval', `an offer is valid beyond now, ${toIso(now)}`, { path: '/validUntil' });
  }
  if (netMinor > listMinor) {
    return domainError('PriceAboveList', `the list price is ${listMinor}`, {
      path: '/netMinor',
      details: { listMinor },
    });
  }
  if (!configuration.propositions.some((proposition) => proposition.propositionId === propositionId)) {
    return domainError('UnknownProposition', `there is no proposition ${propositionId}`, {
      path: '/propositionId',
      details: { propositionId },
    });
  }
  return null;
};

/** What forbids an offer to this party now. */
const guardReceiver = (
  { partyId, enquiryId, overrideReason }: MakeOffer,
  { knowledge: { offerTo, contact } }: CommandContext,
): DomainError | null => {
  if (offerTo !== null && offerTo.outsideBase.length > 0 && overrideReason === undefined) {
    return domainError('OverrideRequired', `party ${partyId} is ${offerTo.outsideBase.join(' and ')}: say why`, {
      path: '/overrideReason',
      details: { roles: [...offerTo.outsideBase] },
    });
  }
  // Who asks for an offer may be answered: it is no outbound commercial contact (`domain.md §15`).
  const isAnswer = enquiryId !== undefined && offerTo?.openEnquiryIds.includes(enquiryId) === true;
  if (!isAnswer && !contact?.permitted) {
    const reason = contact?.reason ?? 'no_consent';
    return domainError('ContactNotPermitted', `an offer to party ${partyId} is not permitted: ${reason}`, {
      path: '/partyId',
      details: { reason },
    });
  }
  if (offerTo !== null && offerTo.dissatisfactionItemIds.length > 0) {
    return domainError('CommercialContactBlocked', `the dissatisfaction of party ${partyId} comes first`, {
      path: '/partyId',
      details: { itemIds: [...offerTo.dissatisfactionItemIds] },
    });
  }
  return null;
};

/** Another offer to the party that stands at the same time and asks another price for the same (`domain.md §4.4 CX1`). */
const guardPrice = (
  { skus, netMinor, validUntil, overrideReason }: MakeOffer,
  { knowledge: { offerTo }, occurredAt }: CommandContext,
): DomainError | null => {
  if (overrideReason !== undefined) return null;
  const priced = { offerId: '', skus, netMinor, madeAt: occurredAt, validUntil: Date.parse(validUntil) };
  const other = offerTo?.offers.find((offer) => pricesConflict(offer, priced));
  if (other === undefined) return null;
  return domainError('ChannelPriceConflict', `offer ${other.offerId} asks ${other.netMinor} for the same`, {
    path: '/netMinor',
    details: { offerId: other.offerId, netMinor: other.netMinor, validUntil: toIso(other.validUntil) },
  });
};

/**
 * Makes an offer, prices in minor units of the reporting currency (`domain.md §15`). A new offer is refused
 * in this order: InvalidInterval (not valid beyond now), PriceAboveList, UnknownProposition (§11.7),
 * OverrideRequired (§3: competitor, employee), ContactNotPermitted (§11.3; an answer to an open enquiry of
 * the party needs no permission), CommercialContactBlocked (an open item of Q1), ChannelPriceConflict.
 * InvalidState: the id is taken by another offer.
 */
export const makeOffer: CommandDefinition<MakeOffer, OfferState> = {
  name: 'MakeOffer',
  input: record(required, optional),
  ...ofOffer,
  needs: ({ partyId, kind, channel: through, validUntil, overrideReason }, { occurredAt: at }) => ({
    parties: [partyId],
    offerTo: { partyId, at, until: Date.parse(validUntil) },
    contact: {
      partyId,
      purpose: kind === 'winback' ? 'winback' : 'marketing',
      channel: through,
      at,
      ...(overrideReason === undefined ? {} : { overrides: 'role' }),
    },
  }),
  streamOf: (input, context) => ofOffer.streamOf({ offerId: offerIdOf(input, context) }),
  decide: (input, context) => (state) => {
    const offerId = offerIdOf(input, context);
    const partyId = rootOf(context.knowledge, input.partyId);
    const made = { ...input, offerId, partyId, appliedPreferenceIds: input.appliedPreferenceIds ?? [] };
    if (state.stage !== 'unknown') {
      return repeats(state.made, made, context.knowledge)
        ? E.right([])
        : refuse('InvalidState', `offer ${offerId} was made already`, { path: '/offerId' });
    }
    const refused = guardOffer(input, context) ?? guardReceiver(input, context) ?? guardPrice(input, context);
    return refused ? E.left(refused) : E.right([decided('OfferMade', made, [partyId], input.channel)]);
  },
};
