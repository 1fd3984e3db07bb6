import type { Configuration } from './configuration';
import type { FactData } from '../facts/catalogue';
import type { Instant } from '../time/calendar';
import type { Initiative } from './events';

/** A portfolio review in force from the instant it was recorded as done until the next one. */
export interface Review extends Omit<FactData['PortfolioReviewed'], 'asOf'> {
  readonly eventId: string;
  /** The instant whose population the cuts describe. */
  readonly asOf: Instant;
}

export interface Campaign {
  readonly campaignId: string;
  readonly eventId: string;
  readonly name: string;
  readonly segmentId: string;
  readonly channels: ReadonlyArray<string>;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** Whole per cents of the segment that are never contacted (`domain.md §13.6`). */
  readonly holdoutPct: number;
  /** What it may cost, minor units of the reporting currency. */
  readonly budgetMinor: number;
  readonly objective: string;
  readonly propositionId: string;
  /** The segment as the configuration in force at the start has it; null when that has none of this id. */
  readonly segment: Configuration['segments'][number] | null;
  /** The portfolio review in force at the start. */
  readonly review: Review | null;
}

/** What is in force at one instant; every decision about a customer is taken under one of these. */
export interface Policy {
  readonly configuration: Configuration;
  readonly review: Review | null;
  /** Campaigns with startsAt ≤ instant < endsAt. */
  readonly campaigns: ReadonlyArray<Campaign>;
  /** All campaigns with startsAt ≤ instant, also those that are over, by startsAt ascending. */
  readonly launched: ReadonlyArray<Campaign>;
  /** Change programmes (`domain.md §12.2`) as their last activation up to the instant states them, by id. */
  readonly initiatives: ReadonlyArray<Initiative>;
  readonly since: Instant;
}

/**
 * The policies in force over all time, folded from the global facts (configuration, reviews,
 * campaigns): disjoint, ascending by `since`, the first since -Infinity. A customer is re-evaluated
 * at each `since`.
 */
export interface Regime {
  readonly policies: ReadonlyArray<Policy>;
}
