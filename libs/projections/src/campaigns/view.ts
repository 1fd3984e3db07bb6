import type { PartyView } from '../figures/definition';
import { isoOrNull } from '../iso';
import { armOf } from './population';
import { campaignOfOrder, campaignTraces } from './traces';

/** PR15 of one customer: the campaigns it is in and its arm, what they brought, its offers and enquiries. */
export const campaignView: PartyView = {
  code: 'PR15',
  name: 'campaigns',
  title: 'Campaigns with arm and response, offers, enquiries and what they led to',
  read: async (customer) => {
    const { evidence, policy, asOf } = customer;
    const traces = campaignTraces(evidence);
    const launched = policy.launched.map((campaign) => ({ campaign, arm: armOf(campaign, customer) }));
    const known = new Set(launched.map(({ campaign }) => campaign.campaignId));
    const ofCampaign = (campaignId: string) => traces.get(campaignId) ?? null;
    const state = (answeredAt: number | null, validUntil: number | null) =>
      answeredAt !== null ? 'answered' : validUntil !== null && validUntil <= asOf ? 'expired' : 'open';
    return {
      campaigns: [
        ...launched
          .filter(({ campaign, arm }) => arm !== null || traces.has(campaign.campaignId))
          .map(({ campaign: { campaignId, name, startsAt, endsAt }, arm }) => ({
            campaignId,
            name,
            startsAt: isoOrNull(startsAt),
            endsAt: isoOrNull(endsAt),
            running: startsAt <= asOf && asOf < endsAt,
            arm,
            trace: { ...ofCampaign(campaignId) },
          })),
        ...[...traces.keys()]
          .filter((campaignId) => !known.has(campaignId))
          .map((campaignId) => ({
            campaignId,
            name: null,
            startsAt: null,
            endsAt: null,
            running: null,
            arm: null,
            trace: { ...ofCampaign(campaignId) },
          })),
      ],
      offers: [...evidence.offers.values()].map((offer) => ({
        offerId: offer.offerId,
        kind: offer.kind,
        channel: offer.channel,
        madeAt: isoOrNull(offer.madeAt),
        validUntil: isoOrNull(offer.validUntil),
        campaignId: offer.campaignId,
        enquiryId: offer.enquiryId,
        answeredAt: isoOrNull(offer.answeredAt),
        answer: offer.answer,
        state: state(offer.answeredAt, offer.validUntil),
      })),
      enquiries: [...evidence.enquiries.values()].map((enquiry) => ({
        enquiryId: enquiry.enquiryId,
        channel: enquiry.channel,
        productLine: enquiry.productLine,
        campaignId: enquiry.campaignId,
        receivedAt: isoOrNull(enquiry.receivedAt),
        closedAt: isoOrNull(enquiry.closedAt),
        outcome: enquiry.outcome,
        orderId: enquiry.orderId,
      })),
      orders: evidence.placedOrders.flatMap((order) => {
        const campaignId = campaignOfOrder(order, evidence);
        return campaignId === null
          ? []
          : [{ orderId: order.orderId, placedAt: isoOrNull(order.placedAt), campaignId, netMinor: order.netMinor }];
      }),
    };
  },
};
