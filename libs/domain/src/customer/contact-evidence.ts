import type { ContactRefusal } from '../consent/contactable';
import type { ActorKind } from '../facts/envelope';
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
  /** Moment of truth, when the contact says so itself (`domain.md §4.3`). */
  readonly momentCode: string | null;
  readonly waitSeconds: number | null;
  readonly answerCode: string | null;
  /** Another channel in the same matter. */
  readonly previousChannel: string | null;
  /** Of a contact that asks for an answer. */
  readonly instrument: string | null;
  readonly agentId: string | null;
  /** Who recorded it: the agent, or a system. */
  readonly recordedBy: ActorKind;
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
  readonly skus: ReadonlyArray<string>;
  /** Reporting currency, minor units; null while only the answer is known. */
  readonly netMinor: number | null;
  readonly validUntil: Instant | null;
  readonly channel: string | null;
  readonly campaignId: string | null;
  readonly enquiryId: string | null;
  readonly appliedPreferenceIds: ReadonlyArray<string>;
  readonly answeredAt: Instant | null;
  readonly answer: 'accepted' | 'declined' | null;
}

/**
 * A fact that contradicts what the party was told or has told before (`domain.md §4.4`): CX1 another
 * price, CX2 another answer, CX3 a question whose answer was known. It follows from the facts up to it.
 */
export interface InconsistencyEvidence {
  readonly rule: 'CX1' | 'CX2' | 'CX3';
  readonly eventId: string;
  readonly at: Instant;
  readonly channel: string;
  /** The earlier fact that it contradicts, the latest of several; null for CX3. */
  readonly earlierEventId: string | null;
  /** The channel of that fact: channels may contradict one another. */
  readonly earlierChannel: string | null;
  /** What it is about: skus, a topic, fields. */
  readonly about: ReadonlyArray<string>;
}

/** A contact of ours that was told as a fact and was not permitted when it took place (`domain.md §15`, RecordInteraction). */
export interface PolicyViolationEvidence {
  readonly eventId: string;
  readonly at: Instant;
  readonly channel: string;
  readonly purpose: string;
  readonly reason: ContactRefusal;
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
