import type { EnquiryEvidence, Evidence, OfferEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { DAY_MS, HOUR_MS, type Instant, NEVER } from '../time/calendar';
import { bestChannel } from './channel';
import { closes, hasItem, nothing, type Opening, plainRule, type QueueRule } from './rule';

type ReceivedEnquiry = EnquiryEvidence & { readonly receivedAt: Instant };

const isOpen = (enquiry: EnquiryEvidence): enquiry is ReceivedEnquiry =>
  enquiry.receivedAt !== null && enquiry.closedAt === null;

const hasOrder = ({ enquiryId, receivedAt }: ReceivedEnquiry, evidence: Evidence): boolean => {
  for (let index = evidence.placedOrders.length - 1; index >= 0; index--) {
    const order = evidence.placedOrders[index];
    if (order === undefined || order.placedAt === null || order.placedAt < receivedAt) return false;
    if (order.enquiryId === enquiryId) return true;
  }
  return false;
};

/** The latest contact that took place since the enquiry; the first of them was its answer (`domain.md §4.3 MT02`). */
const lastContactAt = ({ receivedAt }: ReceivedEnquiry, evidence: Evidence): Instant | null => {
  for (let index = evidence.interactions.length - 1; index >= 0; index--) {
    const interaction = evidence.interactions[index];
    if (interaction === undefined || interaction.at < receivedAt) return null;
    if (interaction.outcome === 'answered' || interaction.outcome === 'completed') return interaction.at;
  }
  return null;
};

const latestOffer = ({ enquiryId }: ReceivedEnquiry, evidence: Evidence): OfferEvidence | null => {
  let latest: OfferEvidence | null = null;
  for (const offer of evidence.offers.values())
    if (offer.enquiryId === enquiryId && offer.madeAt !== null && (latest?.madeAt ?? -NEVER) <= offer.madeAt)
      latest = offer;
  return latest;
};

/** What is due next: the answer to an offer, the next contact, or the first answer (`domain.md §11.3 Q4`). */
const dueOf = (enquiry: ReceivedEnquiry, evidence: Evidence, { queues: { Q4 } }: Configuration): Instant => {
  const offer = latestOffer(enquiry, evidence);
  if (offer !== null && offer.answeredAt === null && offer.validUntil !== null) return offer.validUntil;
  const contactedAt = Math.max(lastContactAt(enquiry, evidence) ?? -NEVER, offer?.madeAt ?? -NEVER);
  if (contactedAt > -NEVER) return contactedAt + Q4.nextActionDays * DAY_MS;
  const synchronous = enquiry.channel === 'phone' || enquiry.channel === 'chat';
  return enquiry.receivedAt + (synchronous ? Q4.syncAnswerSeconds * 1_000 : Q4.answerHours * HOUR_MS);
};

/**
 * Q4 conversion (`domain.md §11.3`). Entry: an enquiry not closed. Due: the first answer after 180 s on
 * phone and chat, else 24 h; then 7 d after the last contact; while an offer waits for its answer, when
 * the offer ends. Exit: the enquiry closed or an order placed for it. `nurture` returns after 30 d or
 * when agreed; `lost` and `disqualified` keep targeting quiet.
 */
export const conversion: QueueRule = {
  ...plainRule,
  queue: 'Q4',
  proactive: false,
  outcomes: {
    converted: () => closes,
    lost: () => closes,
    disqualified: () => closes,
    nurture: ({ queues: { Q4 } }) => ({
      then: 'retries',
      afterMs: Q4.nurtureDays * DAY_MS,
      maxAttempts: NEVER,
      agreeable: true,
    }),
  },
  openings: ({ evidence, configuration, items }) => {
    if (evidence.enquiries.size === 0) return nothing;
    const openings: Opening[] = [];
    for (const enquiry of evidence.enquiries.values()) {
      if (!isOpen(enquiry) || hasItem(items, 'Q4', enquiry.enquiryId) || hasOrder(enquiry, evidence)) continue;
      openings.push({
        triggerKey: enquiry.enquiryId,
        dueAt: dueOf(enquiry, evidence, configuration),
        obligedSince: enquiry.receivedAt,
        weight: configuration.queues.priority.weights.Q4,
        skill: null,
        what: 'Answer the enquiry and agree the next step',
        how: bestChannel(evidence, enquiry.channel),
        why: `Enquiry ${enquiry.enquiryId} about ${enquiry.productLine ?? 'our offer'} is open`,
        causedBy: enquiry.eventId === null ? [] : [enquiry.eventId],
        retentionKind: null,
      });
    }
    return openings;
  },
  review: ({ triggerKey }, { evidence }) => {
    const enquiry = evidence.enquiries.get(triggerKey);
    return enquiry !== undefined && isOpen(enquiry) && !hasOrder(enquiry, evidence) ? 'stays' : 'exits';
  },
  currentDue: ({ triggerKey }, { evidence, configuration }) => {
    const enquiry = evidence.enquiries.get(triggerKey);
    return enquiry !== undefined && isOpen(enquiry) ? dueOf(enquiry, evidence, configuration) : null;
  },
  nextChange: () => undefined,
};
