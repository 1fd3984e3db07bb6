import type { FactData } from '../facts/catalogue';
import type { Fact } from '../facts/envelope';
import type { Instant } from '../time/calendar';
import type { EscalationOrigin, EscalationTarget } from './events';

/** A service request as its stream tells it (`domain.md §10`). */
export type ServiceRequestState = UnknownRequest | OpenRequest | PausedRequest | ResolvedRequest;

export interface UnknownRequest {
  readonly stage: 'unknown';
}

interface KnownRequest {
  readonly opened: FactData['ServiceRequestOpened'];
  /** The last escalation; an immediate request that was escalated has become a deferred one (§10.3). */
  readonly escalation: { readonly to: EscalationTarget; readonly level: number } | null;
  /** Sum of the pauses that have ended. */
  readonly pausedMs: number;
  /** Start of the present round: opening, or the last reopening. */
  readonly roundStartedAt: Instant;
  readonly reopenCount: number;
}

export interface OpenRequest extends KnownRequest {
  readonly stage: 'open';
}

export interface PausedRequest extends KnownRequest {
  readonly stage: 'paused';
  readonly pausedAt: Instant;
}

export interface ResolvedRequest extends KnownRequest {
  readonly stage: 'resolved';
  readonly resolvedAt: Instant;
}

const known = ({ opened, escalation, pausedMs, roundStartedAt, reopenCount }: KnownRequest): KnownRequest => ({
  opened,
  escalation,
  pausedMs,
  roundStartedAt,
  reopenCount,
});

const resumed = (state: PausedRequest, at: Instant): OpenRequest => ({
  ...known(state),
  stage: 'open',
  pausedMs: state.pausedMs + Math.max(0, at - state.pausedAt),
});

const resolved = (state: OpenRequest, resolvedAt: Instant): ResolvedRequest => ({
  ...known(state),
  stage: 'resolved',
  resolvedAt,
});

/** One of which the resolution is not known yet may be reopened too. */
const reopened = (
  state: OpenRequest | PausedRequest | ResolvedRequest,
  roundStartedAt: Instant,
): OpenRequest | PausedRequest => ({
  ...(state.stage === 'resolved' ? { ...known(state), stage: 'open' } : state),
  roundStartedAt,
  reopenCount: state.reopenCount + 1,
});

export const evolveServiceRequest = (state: ServiceRequestState, fact: Fact): ServiceRequestState => {
  if (state.stage === 'unknown') {
    if (fact.type !== 'ServiceRequestOpened') return state;
    const roundStartedAt = Date.parse(fact.data.openedAt);
    return { stage: 'open', opened: fact.data, escalation: null, pausedMs: 0, roundStartedAt, reopenCount: 0 };
  }
  switch (fact.type) {
    case 'ServiceRequestEscalated':
      return state.stage === 'resolved'
        ? state
        : { ...state, escalation: { to: fact.data.to, level: fact.data.level } };
    case 'ServiceRequestPaused':
      return state.stage === 'open' ? { ...state, stage: 'paused', pausedAt: fact.occurredAt } : state;
    case 'ServiceRequestResumed':
      return state.stage === 'paused' ? resumed(state, fact.occurredAt) : state;
    case 'ServiceRequestResolved': {
      if (state.stage === 'resolved') return state;
      const at = Date.parse(fact.data.resolvedAt);
      // It resolved the round that the reopening ended.
      if (state.reopenCount > 0 && at < state.roundStartedAt) return state;
      return resolved(state.stage === 'paused' ? resumed(state, at) : state, at);
    }
    case 'ServiceRequestReopened':
      return reopened(state, fact.occurredAt);
    default:
      return state;
  }
};

/** Whether the three-minute service time still applies (`domain.md §10.1`, §10.3, §10.7). */
export const isImmediate = ({ opened, escalation, reopenCount }: OpenRequest | PausedRequest): boolean =>
  opened.class === 'immediate' && escalation === null && reopenCount === 0;

/** Who has the request: the target of the last escalation, else the front office. */
export const presentTier = ({ escalation }: OpenRequest | PausedRequest): EscalationOrigin =>
  escalation?.to ?? 'front_office';

/** What all commands on an existing request share. */
export const ofServiceRequest = {
  streamOf: ({ requestId }: { readonly requestId: string }): string => `request-${requestId}`,
  initial: { stage: 'unknown' } as ServiceRequestState,
  evolve: evolveServiceRequest,
  partiesIn: (state: ServiceRequestState): ReadonlyArray<string> =>
    state.stage === 'unknown' ? [] : [state.opened.partyId],
};
