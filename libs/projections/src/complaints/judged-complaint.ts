import {
  type ComplaintEvidence,
  type ComplaintRound,
  type Configuration,
  HOUR_MS,
  type Instant,
  isClosedByFollowUp,
  isUnrecovered,
  termsAt,
  DAY_MS,
  type Evidence,
} from '@afecto/domain';

export type ReceivedComplaint = ComplaintEvidence & { readonly receivedAt: Instant };

export const isReceived = (complaint: ComplaintEvidence): complaint is ReceivedComplaint =>
  complaint.receivedAt !== null;

/** `domain.md §9.3`: a reopened complaint is a received one again. */
export type ComplaintStage = 'received' | 'acknowledged' | 'resolved' | 'closed';

export const stageOf = (complaint: ComplaintEvidence, configuration: Configuration): ComplaintStage => {
  if (isClosedByFollowUp(complaint, configuration)) return 'closed';
  if (complaint.resolvedAt !== null) return 'resolved';
  return complaint.acknowledgedAt === null ? 'received' : 'acknowledged';
};

/** What the last verdict says: recovered from 4 on, partly at 3 (`domain.md §9.3`). */
export type Recovery = 'recovered' | 'partly' | 'not_recovered' | 'unreachable' | 'none';

export const recoveryOf = (complaint: ComplaintEvidence, configuration: Configuration): Recovery => {
  const { recoveredFrom, notRecoveredUpTo } = termsAt(configuration, complaint.receivedAt).complaints;
  if (complaint.verdict === null) return isClosedByFollowUp(complaint, configuration) ? 'unreachable' : 'none';
  if (complaint.verdict >= recoveredFrom) return 'recovered';
  return complaint.verdict <= notRecoveredUpTo ? 'not_recovered' : 'partly';
};

/** A step that is due, and when it was done; null while it is not. */
export interface Step {
  readonly dueAt: Instant;
  readonly doneAt: Instant | null;
}

/** The steps of one round, counted from the reception or from the reopening that it began with (`domain.md §9.3`). */
export interface JudgedRound {
  readonly acknowledge: Step;
  readonly resolve: Step;
  /** Null while there is nothing to follow up. */
  readonly followUp: Step | null;
}

/** The rounds of a complaint in order, the last one runs: what an earlier one kept or missed the next does not change. */
export const complaintRoundsOf = (complaint: ComplaintEvidence): readonly [...ComplaintRound[], ComplaintRound] => [
  ...complaint.earlier,
  complaint,
];

/** When a verdict closed the round, or the last of the attempts that the flow asks for after a resolution; null while none has. */
const followedUpAt = (
  { followUps, resolvedAt }: ComplaintRound,
  { followUpAttempts, notRecoveredUpTo }: Configuration['complaints'],
): Instant | null => {
  const verdict = followUps.find((followUp) => followUp.verdict !== null && followUp.verdict > notRecoveredUpTo);
  const attempt =
    resolvedAt === null ? undefined : followUps.filter((followUp) => followUp.verdict === null)[followUpAttempts - 1];
  return verdict === undefined || (attempt !== undefined && attempt.at < verdict.at)
    ? (attempt?.at ?? null)
    : verdict.at;
};

export const judgedRound = (
  round: ComplaintRound,
  complaint: ReceivedComplaint,
  configuration: Configuration,
): JudgedRound => {
  const rules = termsAt(configuration, complaint.receivedAt).complaints;
  const { acknowledgedAt, resolvedAt, resolveBy } = round;
  const from = round.reopenedAt ?? complaint.receivedAt;
  const hours = complaint.severity >= rules.criticalSeverity ? rules.resolveHoursCritical : rules.resolveHours;
  const followUpDays = round.unreachableAttempts === 0 ? rules.followUpDays : rules.followUpWithinDays;
  // The verdict that reopened a complaint is a follow-up too, whatever it is under the rules of today.
  const reopenedAt = round === complaint ? null : (round.followUps.at(-1)?.at ?? null);
  const endedAt = followedUpAt(round, rules) ?? reopenedAt;
  return {
    // Who has the solution knows that the complaint was heard.
    acknowledge: { dueAt: from + rules.acknowledgeHours * HOUR_MS, doneAt: acknowledgedAt ?? resolvedAt },
    resolve: { dueAt: resolveBy ?? from + hours * HOUR_MS, doneAt: resolvedAt ?? endedAt },
    followUp:
      resolvedAt === null
        ? null
        : {
            dueAt: resolvedAt + followUpDays * DAY_MS,
            doneAt: endedAt,
          },
  };
};

/**
 * Receptions of complaints that make a double deviation (`domain.md §7.4 H2`): unrecovered, with another
 * unrecovered one received in the 365 days before.
 */
export const doubleDeviations = (
  { complaints }: Pick<Evidence, 'complaints'>,
  configuration: Configuration,
  asOf: Instant,
): ReadonlyArray<Instant> => {
  const unrecovered = [...complaints.values()]
    .filter(isReceived)
    .filter((complaint) => isUnrecovered(complaint, configuration, asOf))
    .map(({ receivedAt }) => receivedAt)
    .sort((a, b) => a - b);
  const { complaints: many, windowDays } = configuration.loyalty.zones.h2;
  return unrecovered.filter((at, index) => {
    const earlier = unrecovered[index - many + 1];
    return earlier !== undefined && at - earlier <= windowDays * DAY_MS;
  });
};
