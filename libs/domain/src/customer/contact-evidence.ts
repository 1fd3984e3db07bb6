import type { Instant } from '../time/calendar';

/** Contacts of a customer and what agents did: parts of `Evidence`. */

export interface InteractionEvidence {
  readonly interactionId: string;
  readonly eventId: string;
  readonly at: Instant;
  readonly direction: 'inbound' | 'outbound';
  readonly channel: string;
  readonly purpose: string;
  readonly topicCode: string | null;
  readonly outcome: string;
  readonly agentId: string | null;
  readonly orderId: string | null;
  readonly requestId: string | null;
  readonly complaintId: string | null;
  readonly campaignId: string | null;
  readonly surveyId: string | null;
}

export interface EnquiryEvidence {
  readonly enquiryId: string;
  readonly eventId: string | null;
  readonly receivedAt: Instant | null;
  readonly channel: string | null;
  readonly productLine: string | null;
  readonly campaignId: string | null;
  readonly closedAt: Instant | null;
  readonly outcome: 'converted' | 'lost' | 'disqualified' | null;
  readonly orderId: string | null;
}

export interface OfferEvidence {
  readonly offerId: string;
  readonly eventId: string | null;
  readonly madeAt: Instant | null;
  readonly kind: string | null;
  readonly validUntil: Instant | null;
  readonly channel: string | null;
  readonly campaignId: string | null;
  readonly enquiryId: string | null;
  readonly appliedPreferenceIds: ReadonlyArray<string>;
  readonly answeredAt: Instant | null;
  readonly answer: 'accepted' | 'declined' | null;
}

/** The stored outcomes of one work item, in fold order. */
export interface WorkItemEvidence {
  readonly itemId: string;
  readonly queue: string | null;
  readonly acts: ReadonlyArray<
    | {
        readonly act: 'claimed';
        readonly at: Instant;
        readonly eventId: string;
        readonly agentId: string;
        readonly leaseUntil: Instant;
        readonly slot: 'priority' | 'fifo';
      }
    | {
        readonly act: 'released';
        readonly at: Instant;
        readonly eventId: string;
        readonly agentId: string;
        readonly snoozeUntil: Instant | null;
        readonly reason: string;
      }
    | {
        readonly act: 'completed';
        readonly at: Instant;
        readonly eventId: string;
        readonly agentId: string;
        readonly outcome: string;
        readonly evidenceEventId: string | null;
        readonly nextActionAt: Instant | null;
      }
  >;
}
