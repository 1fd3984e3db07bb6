import type { Evidence, OrderEvidence } from '@afecto/domain';

/** What one campaign and one customer had to do with each other, as the customer's facts tell. */
export interface CampaignTrace {
  /** Outbound attempts. */
  contacts: number;
  /** An attempt reached the party. */
  reached: boolean;
  /** The party asked, wrote or called, accepted an offer or ordered because of it. */
  responded: boolean;
  enquiries: number;
  orders: number;
  /** Net of what was reversed, minor units. */
  revenueMinor: number;
}

/** Attempts that did not reach the party (`domain.md §11.3`, contacts that count). */
const unreached: ReadonlySet<string> = new Set(['no_answer', 'bounced']);

/** The campaign that an order cites, itself or through the offer or the enquiry that it answers. */
export const campaignOfOrder = (
  { campaignId, offerId, enquiryId }: OrderEvidence,
  { offers, enquiries }: Evidence,
): string | null => {
  const offer = offerId === null ? undefined : offers.get(offerId);
  const enquiry = enquiryId === null ? undefined : enquiries.get(enquiryId);
  return campaignId ?? offer?.campaignId ?? enquiry?.campaignId ?? null;
};

/** What the facts of a customer say of each campaign that they cite. */
export const campaignTraces = (evidence: Evidence): ReadonlyMap<string, CampaignTrace> => {
  const traces = new Map<string, CampaignTrace>();
  const traceOf = (campaignId: string): CampaignTrace => {
    let trace = traces.get(campaignId);
    if (trace === undefined)
      traces.set(
        campaignId,
        (trace = { contacts: 0, reached: false, responded: false, enquiries: 0, orders: 0, revenueMinor: 0 }),
      );
    return trace;
  };
  for (const { campaignId, direction, outcome } of evidence.interactions) {
    if (campaignId === null) continue;
    const trace = traceOf(campaignId);
    if (direction === 'inbound') trace.responded = true;
    else {
      trace.contacts += 1;
      trace.reached ||= !unreached.has(outcome);
    }
  }
  for (const { campaignId, receivedAt } of evidence.enquiries.values()) {
    if (campaignId === null || receivedAt === null) continue;
    const trace = traceOf(campaignId);
    trace.enquiries += 1;
    trace.responded = true;
  }
  for (const { campaignId, answer } of evidence.offers.values())
    if (campaignId !== null && answer === 'accepted') traceOf(campaignId).responded = true;
  for (const order of evidence.placedOrders) {
    const campaignId = campaignOfOrder(order, evidence);
    if (campaignId === null || order.fullyReversed) continue;
    const trace = traceOf(campaignId);
    trace.orders += 1;
    trace.revenueMinor += order.netMinor - order.reversedMinor;
    trace.responded = true;
  }
  return traces;
};
