import type { EnquiryEvidence, Evidence, OfferEvidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import { termsAt } from '../policy/terms';
import { DAY_MS, HOUR_MS, type Instant, NEVER } from '../time/calendar';
import { bestChannel } from './channel';
import { perFacts } from './per-facts';
import { closes, hasItem, nothing, type Opening, plainRule, type QueueRule } from './rule';

type ReceivedEnquiry = EnquiryEvidence & { readonly receivedAt: Instant };

const isOpen = (enquiry: EnquiryEvidence): enquiry is ReceivedEnquiry =>
  enquiry.receivedAt !== null && enquiry.closedAt === null;

/** Of each enquiry, when the last order was placed for it. */
const ordersOfEnquiries = perFacts((evidence) => {
  const placed = new Map<string, Instant>();
  for (const { enquiryId, placedAt } of evidence.placedOrders)
    if (enquiryId !== null && placedAt !== null)
      placed.set(enquiryId, Math.max(placedAt, placed.get(enquiryId) ?? -NEVER));
  return placed;
});

const hasOrder = (
  { enquiryId, receivedAt }: ReceivedEnquiry,
  evidence: Evidence,
  configuration: Configuration,
): boolean =>
  evidence.placedOrders.length > 0 &&
  (ordersOfEnquiries(evidence, configuration).get(enquiryId) ?? -NEVER) >= receivedAt;

/** The latest contact that took place since the enquiry; the first of them was its answer (`domain.md §4.3 MT02`). */
const lastContactAt = ({ receivedAt }: ReceivedEnquiry, evidence: Evidence): Instant | null => {
  for (let index = evidence.interactions.length - 1; index >= 0; index--) {
    const interaction = evidence.interactions[index];
    if (interaction === undefined || interaction.at < receivedAt) return null;
    if (interaction.outcome === 'answered' || interaction.outcome === 'completed') return interaction.at;
  }
  return null;
};

interface Offers {
  /** The one that was made last. */
  readonly latest: OfferEvidence;
  /** When we last made one, or the customer last answered one. */
  readonly contactedAt: Instant;
}

/** Of each enquiry, the offers made for it. */
const offersOfEnquiries = perFacts((evidence) => {
  const made = new Map<string, Offers>();
  for (const offer of evidence.offers.values()) {
    if (offer.enquiryId === null || offer.madeAt === null) continue;
    const before = made.get(offer.enquiryId);
    const isLatest = before === undefined || (before.latest.madeAt ?? -NEVER) <= offer.madeAt;
    made.set(offer.enquiryId, {
      latest: isLatest ? offer : before.latest,
      contactedAt: Math.max(offer.madeAt, offer.answeredAt ?? -NEVER, before?.contactedAt ?? -NEVER),
    });
  }
  return made;
});

const offersOf = ({ enquiryId }: ReceivedEnquiry, evidence: Evidence, configuration: Configuration): Offers | null =>
  evidence.offers.size === 0 ? null : (offersOfEnquiries(evidence, configuration).get(enquiryId) ?? null);

/** What is due next: the answer to an offer, the next contact, or the first answer (`domain.md §11.3 Q4`). */
const dueOf = (enquiry: ReceivedEnquiry, evidence: Evidence, configuration: Configuration): Instant => {
  const { Q4 } = termsAt(configuration, enquiry.receivedAt).queues;
  const offers = offersOf(enquiry, evidence, configuration);
  if (offers !== null && offers.latest.answeredAt === null && offers.latest.validUntil !== null)
    return offers.latest.validUntil;
  const contactedAt = Math.max(lastContactAt(enquiry, evidence) ?? -NEVER, offers?.contactedAt ?? -NEVER);
  if (contactedAt > -NEVER) return contactedAt + Q4.nextActionDays * DAY_MS;
  const synchronous = enquiry.channel === 'phone' || enquiry.channel === 'chat';
  return enquiry.receivedAt + (synchronous ? Q4.syncAnswerSeconds * 1_000 : Q4.answerHours * HOUR_MS);
};

/**
 * Q4 conversion (`domain.md §11.3`). Entry: an enquiry not closed. Due: the first answer after 180 s on
 * phone and chat, else 24 h; then 7 d after the last contact, an offer and its answer included; while an
 * offer waits for its answer, when the offer ends. Exit: the enquiry closed or an order placed for it. `nurture` returns after 30 d or
 * when agreed, or with an offer made since; `lost` and `disqualified` keep targeting quiet.
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
      if (!isOpen(enquiry) || hasItem(items, 'Q4', enquiry.enquiryId) || hasOrder(enquiry, evidence, configuration))
        continue;
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
  review: ({ triggerKey }, { evidence, configuration }) => {
    const enquiry = evidence.enquiries.get(triggerKey);
    return enquiry !== undefined && isOpen(enquiry) && !hasOrder(enquiry, evidence, configuration) ? 'stays' : 'exits';
  },
  currentDue: ({ triggerKey }, { evidence, configuration }) => {
    const enquiry = evidence.enquiries.get(triggerKey);
    return enquiry !== undefined && isOpen(enquiry) ? dueOf(enquiry, evidence, configuration) : null;
  },
  // An offer, and the answer to it, are news: what was agreed before does not let the item sleep through them.
  roundSince: ({ triggerKey }, { evidence, configuration }) => {
    const enquiry = evidence.enquiries.get(triggerKey);
    if (enquiry === undefined || !isOpen(enquiry)) return Number.NEGATIVE_INFINITY;
    return offersOf(enquiry, evidence, configuration)?.contactedAt ?? Number.NEGATIVE_INFINITY;
  },
  nextChange: () => undefined,
};
