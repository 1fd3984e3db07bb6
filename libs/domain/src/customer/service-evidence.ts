import type { ActorKind } from '../facts/envelope';
import type { Instant } from '../time/calendar';

/** What was asked, complained about, promised and done wrong: parts of `Evidence`. */

/** Who put a fact into the log: an agent, or what was not said by one of ours (`domain.md §10.10`). */
export interface Recorded {
  readonly by: ActorKind;
  /** Id of that actor. */
  readonly id: string;
  /** The event that caused it, as it says itself. */
  readonly causationId: string | null;
}

/** An attempt to follow a complaint up; the verdict 1..5 is null when the customer was not reached. */
export interface FollowUpEvidence {
  readonly at: Instant;
  readonly eventId: string;
  readonly verdict: number | null;
}

/** One verdict round of a complaint: resolution, then what the follow-up found. */
export interface ComplaintRound {
  /** The reopening that it began with; null: the reception. */
  readonly reopenedAt: Instant | null;
  readonly acknowledgedAt: Instant | null;
  /** Promised in the acknowledgement; the configured limit applies when absent. */
  readonly resolveBy: Instant | null;
  readonly resolvedAt: Instant | null;
  readonly resolvedEventId: string | null;
  readonly rootCause: string | null;
  readonly unreachableAttempts: number;
  /** In fold order. */
  readonly followUps: ReadonlyArray<FollowUpEvidence>;
}

/** A complaint, and the round of it that runs: a reopening (verdict ≤ 2 by default) begins the next. */
export interface ComplaintEvidence extends ComplaintRound {
  readonly complaintId: string;
  /** eventId of ComplaintReceived. */
  readonly eventId: string | null;
  readonly receivedAt: Instant | null;
  readonly channel: string | null;
  readonly category: string | null;
  readonly severity: 1 | 2 | 3 | 4;
  readonly aboutEventId: string | null;
  readonly requestId: string | null;
  /** Null while the reception is not known. */
  readonly recorded: Recorded | null;
  readonly responsibleAgentId: string | null;
  /** Of the round that runs. */
  readonly decision: 'upheld' | 'partly' | 'rejected' | null;
  /** Latest verdict 1..5 and when it was given; kept after a reopening. */
  readonly verdict: number | null;
  readonly verdictAt: Instant | null;
  readonly verdictEventId: string | null;
  /** The rounds that reopenings ended, in order. */
  readonly earlier: ReadonlyArray<ComplaintRound>;
  /** What was granted for it, in fold order; amounts in minor units of the reporting currency. */
  readonly compensations: ReadonlyArray<{
    readonly at: Instant;
    readonly kind: string;
    readonly amountMinor: number;
    readonly justice: string;
  }>;
}

/** A round of a request that a reopening ended, as it stood then. */
export type EarlierRound = Pick<RequestEvidence, 'reopenedAt' | 'resolvedAt' | 'resolvedEventId'> & {
  /** When it was reopened. */
  readonly until: Instant;
};

export interface RequestEvidence {
  readonly requestId: string;
  readonly eventId: string | null;
  readonly openedAt: Instant | null;
  readonly channel: string | null;
  readonly category: string | null;
  readonly requestClass: 'immediate' | 'deferred';
  readonly agreedDueAt: Instant | null;
  readonly escalations: ReadonlyArray<{ readonly at: Instant; readonly to: string; readonly level: number }>;
  /** Closed pauses and the open one (to null), ascending. */
  readonly pauses: ReadonlyArray<{ readonly from: Instant; readonly to: Instant | null }>;
  readonly resolvedAt: Instant | null;
  readonly resolvedEventId: string | null;
  readonly byTier: string | null;
  readonly reopenedAt: Instant | null;
  /** The rounds that reopenings ended, in order; the fields above are of the one that runs. */
  readonly earlier: ReadonlyArray<EarlierRound>;
  /** First of all resolutions: it stays after a reopening. */
  readonly firstResolvedAt: Instant | null;
  /** Who of us opened it, and so agreed the time; null when the customer did, and while the opening is not known. */
  readonly openedBy: string | null;
  /** As told with the opening (`domain.md §10.6`); null when it was not. */
  readonly avoidableInPerson: boolean | null;
  /** Who recorded the opening; null while it is not known. */
  readonly recorded: Recorded | null;
  /** Whether the customer confirmed the resolution as it was told; null when nothing was told, and after a reopening. */
  readonly confirmed: boolean | null;
}

export interface PromiseEvidence {
  readonly promiseId: string;
  readonly eventId: string | null;
  readonly madeAt: Instant | null;
  readonly madeBy: string | null;
  /** Who recorded it; null while only its settlement is known. */
  readonly recorded: Recorded | null;
  readonly dueAt: Instant;
  readonly relatedTo: string | null;
  /** On which it was made, if told. */
  readonly channel: string | null;
  readonly settledAt: Instant | null;
  readonly settledEventId: string | null;
  readonly fulfilledAt: Instant | null;
  readonly released: boolean;
}

export interface FailureEvidence {
  readonly failureId: string;
  readonly eventId: string;
  readonly at: Instant;
  readonly kind: string;
  readonly severity: 1 | 2 | 3 | 4;
  /** The event that caused the telling, as it says itself. */
  readonly causationId: string | null;
}
