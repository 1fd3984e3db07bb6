import type { Instant } from '../time/calendar';

export type Zone = 'unclassified' | 'defection' | 'indifference' | 'affection';
export type Extreme = 'terrorist' | 'apostle' | 'near_apostle';
export type Phase =
  'suspect' | 'prospect' | 'new' | 'repeat' | 'loyal' | 'advocate' | 'won_back' | 'at_risk' | 'lost' | 'erased';
export type Tier = 'platinum' | 'gold' | 'iron' | 'lead' | 'unranked';
export type ConsumptionClass = 'none' | 'first_time' | 'repeater' | 'loyal';
export type QueueId = 'Q1' | 'Q2' | 'Q3' | 'Q4' | 'Q5' | 'Q6' | 'Q7' | 'Q8';

/**
 * What the system has decided about one customer at an instant: everything that is derived, that
 * depends on what was decided before, and that changes in steps. Values are immutable: an evaluation
 * that changes nothing returns the same object. Numbers that drift continuously with time (score,
 * recency ratio, priority) are computed when asked, at the instant asked.
 */
export interface Standing {
  readonly value: ValueStanding;
  readonly loyalty: LoyaltyStanding;
  readonly lifecycle: LifecycleStanding;
  readonly items: ReadonlyArray<WorkItem>;
}

export interface LoyaltyStanding {
  readonly zone: Zone;
  readonly previousZone: Zone | null;
  /** When the zone was entered; null while never evaluated. */
  readonly since: Instant | null;
  readonly extreme: Extreme | null;
  readonly quadrant: 'loyalist' | 'hostage' | 'mercenary' | 'defector' | null;
  readonly subtype: 'captive' | 'inertial' | null;
  readonly confidence: 'high' | 'medium' | 'low';
  readonly heldBy: null | 'dwell' | 'step';
  /** Rules that fired and gates that failed at the last change of anything here. */
  readonly rules: ReadonlyArray<string>;
  /** Zones in order of entry, the last one open (`to` null). */
  readonly history: ReadonlyArray<ZonePeriod>;
  /** Changes of the quadrant in order; before the first it is null. */
  readonly quadrants: ReadonlyArray<QuadrantChange>;
}

export interface QuadrantChange {
  readonly quadrant: LoyaltyStanding['quadrant'];
  readonly at: Instant;
  /** Facts at the instant of change; empty when time alone caused it. */
  readonly causedBy: ReadonlyArray<string>;
}

export interface ZonePeriod {
  readonly zone: Zone;
  readonly from: Instant;
  readonly to: Instant | null;
  /** Score at entry; null for `unclassified`. */
  readonly score: number | null;
  readonly rules: ReadonlyArray<string>;
  /** Facts at the instant of change; empty when time alone caused it. */
  readonly causedBy: ReadonlyArray<string>;
  readonly configVersion: number;
}

export interface LifecycleStanding {
  readonly phase: Phase;
  readonly since: Instant | null;
  /** Start of the present lost period; null when not lost. */
  readonly lostSince: Instant | null;
  /** The order that ended the last lost period. */
  readonly wonBack: { readonly at: Instant; readonly orderId: string } | null;
  readonly history: ReadonlyArray<PhasePeriod>;
}

export interface PhasePeriod {
  readonly phase: Phase;
  readonly from: Instant;
  readonly to: Instant | null;
  /** Facts at the instant of change; empty when time alone caused it. */
  readonly causedBy: ReadonlyArray<string>;
}

/** From `at` on the customer has this tier, or none (null). */
export interface TierChange {
  readonly tier: Tier | null;
  readonly at: Instant;
  /** The review that was judged and the facts at the instant of change; empty when time alone caused it. */
  readonly causedBy: ReadonlyArray<string>;
}

export interface ValueStanding {
  readonly consumptionClass: ConsumptionClass;
  readonly tier: Tier | null;
  readonly tierSince: Instant | null;
  /** Changes of the tier in order; before the first there is none. */
  readonly tiers: ReadonlyArray<TierChange>;
  /** Kept from an earlier review because no order came in the last 365 d. */
  readonly stale: boolean;
  /** A lower tier computed at the last review, not yet confirmed by a second one. */
  readonly pendingDemotion: { readonly tier: Tier; readonly reviews: number } | null;
  /** The last review judged, also when the customer was no part of it: each review is judged once. */
  readonly lastReviewEventId: string | null;
  /** Frozen at the last review that the customer was part of. */
  readonly reviewed: {
    readonly eventId: string;
    readonly asOf: Instant;
    readonly cm365Minor: number;
    readonly spend365Minor: number;
    readonly frequency365: number;
    readonly rfm: { readonly r: number; readonly f: number; readonly m: number; readonly code: number } | null;
    readonly heavyUser: boolean;
  } | null;
  /** The tier that ended because its last order grew too old (§6.5); absent when there is none or it has another one. */
  readonly lastTier?: Tier;
}

/** A derived work item (§11.2). Stays in the list when closed: one trigger, at most one item ever. */
export interface WorkItem {
  /** First 32 hex digits of sha256(queue|rootPartyId|triggerKey). */
  readonly itemId: string;
  readonly queue: QueueId;
  readonly triggerKey: string;
  readonly enteredAt: Instant;
  /**
   * From when ageing counts: `enteredAt`, or the last return from suppression or the last retry. The
   * span of §11.5 is `dueAt − startedAt`. Earlier than `enteredAt` only when the obligation was
   * already due at entry: then it is when the obligation began.
   */
  readonly startedAt: Instant;
  readonly dueAt: Instant;
  /** Not claimable before this (snooze, retry, contact caps, quiet hours). */
  readonly notBefore: Instant;
  readonly state: 'open' | 'claimed' | 'closed';
  readonly visibility: 'visible' | 'suppressed' | 'snoozed';
  readonly suppressedSince: Instant | null;
  readonly claimedBy: { readonly agentId: string; readonly at: Instant; readonly leaseUntil: Instant } | null;
  /** When it was first claimed, or completed without; it stays when it is released. */
  readonly firstActionAt: Instant | null;
  /** Outcomes that led to another try. */
  readonly attempts: number;
  readonly closedAt: Instant | null;
  readonly closedBy: 'auto' | 'outcome' | null;
  readonly outcome: string | null;
  /** The completion that gave the outcome, else the facts at the instant of closing: none when time alone closed it. Absent while open. */
  readonly closingFacts?: ReadonlyArray<string>;
  /** Skill an agent needs, e.g. 'supervisor'; null for anyone. */
  readonly skill: string | null;
  /** Weight factors of §11.5 that are fixed with the item. */
  readonly weight: number;
  /** V and R of §11.5 as of the last evaluation. */
  readonly valueFactor: number;
  readonly riskFactor: number;
  /** Next best action (§4.6), none null. */
  readonly what: string;
  readonly how: string;
  readonly why: string;
  /** Facts that opened it. */
  readonly causedBy: ReadonlyArray<string>;
  readonly retentionKind: 'proactive' | 'preventive' | 'reactive' | null;
  readonly configVersion: number;
  /** Agents whom the customer knows, as of the last evaluation (§11.6); absent when there are none. */
  readonly namedAgents?: ReadonlyArray<string>;
}

/**
 * When time alone could change a judgement. `deadline`: an exact instant set by facts, at which the
 * customer must be evaluated. `crossing`: a bound that drifting values cannot pass earlier; evaluation
 * happens at the first day boundary at or after it. Both strictly later than the instant asked at.
 */
export interface NextChange {
  readonly deadline: Instant;
  readonly crossing: Instant;
}
