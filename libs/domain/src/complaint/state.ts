import type { Fact } from '../facts/envelope';
import type { FactData } from '../facts/catalogue';
import type { Configuration } from '../policy/configuration';
import { HOUR_MS, type Instant } from '../time/calendar';

/** A complaint as its stream tells it (`domain.md §9.3`); a reopening starts a new round of the same complaint. */
export type ComplaintState =
  UnknownComplaint | ReceivedComplaint | AcknowledgedComplaint | ResolvedComplaint | ClosedComplaint;

export interface UnknownComplaint {
  readonly stage: 'unknown';
}

interface KnownComplaint {
  readonly received: FactData['ComplaintReceived'];
  readonly receivedAt: Instant;
  /** Start of the present round: receipt, or the last reopening. */
  readonly roundStartedAt: Instant;
  readonly reopenCount: number;
}

export interface ReceivedComplaint extends KnownComplaint {
  readonly stage: 'received';
}

export interface AcknowledgedComplaint extends KnownComplaint {
  readonly stage: 'acknowledged';
  readonly acknowledged: FactData['ComplaintAcknowledged'];
}

export interface ResolvedComplaint extends KnownComplaint {
  readonly stage: 'resolved';
  readonly resolved: FactData['ComplaintResolved'];
  /** Attempts to follow up the present resolution, all of them unreachable. */
  readonly attempts: number;
}

export interface ClosedComplaint extends KnownComplaint {
  readonly stage: 'closed';
  /** Null: closed after the last attempt found nobody. */
  readonly verdict: number | null;
}

export type OpenComplaint = ReceivedComplaint | AcknowledgedComplaint;

const known = ({ received, receivedAt, roundStartedAt, reopenCount }: KnownComplaint): KnownComplaint => ({
  received,
  receivedAt,
  roundStartedAt,
  reopenCount,
});

const reopened = (state: ResolvedComplaint | ClosedComplaint, at: Instant): ReceivedComplaint => ({
  ...known(state),
  stage: 'received',
  roundStartedAt: at,
  reopenCount: state.reopenCount + 1,
});

/**
 * Verdict ≤ 2 reopens, ≥ 3 closes; so does the last unreachable attempt (`domain.md §9.3`, follow up). No command
 * asks after a closed complaint; a bad verdict told from elsewhere reopens that one, too.
 */
const followedUp = (
  state: ResolvedComplaint | ClosedComplaint,
  { verdict }: FactData['ComplaintFollowedUp'],
  at: Instant,
  { notRecoveredUpTo, followUpAttempts }: Configuration['complaints'],
): ComplaintState => {
  if (verdict !== undefined) {
    return verdict <= notRecoveredUpTo ? reopened(state, at) : { ...known(state), stage: 'closed', verdict };
  }
  if (state.stage === 'closed') return state;
  const attempts = state.attempts + 1;
  return attempts >= followUpAttempts ? { ...known(state), stage: 'closed', verdict: null } : { ...state, attempts };
};

export const evolveComplaint = (state: ComplaintState, fact: Fact, configuration: Configuration): ComplaintState => {
  switch (fact.type) {
    case 'ComplaintReceived':
      if (state.stage !== 'unknown') return state;
      return {
        stage: 'received',
        received: fact.data,
        receivedAt: fact.occurredAt,
        roundStartedAt: fact.occurredAt,
        reopenCount: 0,
      };
    case 'ComplaintAcknowledged':
      return state.stage === 'received' ? { ...state, stage: 'acknowledged', acknowledged: fact.data } : state;
    case 'ComplaintResolved':
      if (state.stage !== 'received' && state.stage !== 'acknowledged') return state;
      // It resolved the round that the reopening ended.
      if (state.reopenCount > 0 && Date.parse(fact.data.resolvedAt) < state.roundStartedAt) return state;
      return { ...known(state), stage: 'resolved', resolved: fact.data, attempts: 0 };
    case 'ComplaintFollowedUp':
      if (state.stage !== 'resolved' && state.stage !== 'closed') return state;
      return followedUp(state, fact.data, fact.occurredAt, configuration.complaints);
    default:
      return state;
  }
};

/** Latest instant by which the present round must be resolved: 24 h, severity 4 in 4 h (`domain.md §9.3`). */
export const resolutionLimit = (
  { received, roundStartedAt }: OpenComplaint,
  { criticalSeverity, resolveHours, resolveHoursCritical }: Configuration['complaints'],
): Instant => roundStartedAt + (received.severity >= criticalSeverity ? resolveHoursCritical : resolveHours) * HOUR_MS;

/** What all commands on an existing complaint share. */
export const ofComplaint = {
  streamOf: ({ complaintId }: { readonly complaintId: string }): string => `complaint-${complaintId}`,
  initial: { stage: 'unknown' } as ComplaintState,
  evolve: evolveComplaint,
  partiesIn: (state: ComplaintState): ReadonlyArray<string> =>
    state.stage === 'unknown' ? [] : [state.received.partyId],
};
