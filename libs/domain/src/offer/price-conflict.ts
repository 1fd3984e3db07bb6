import type { Instant } from '../time/calendar';

/** What was asked for which goods, and for how long: the part of an offer that prices are compared by. */
export interface PricedOffer {
  readonly offerId: string;
  readonly skus: ReadonlyArray<string>;
  /** Minor units of the reporting currency. */
  readonly netMinor: number;
  readonly madeAt: Instant;
  /** The offer stands from `madeAt` until just before this. */
  readonly validUntil: Instant;
}

/** Whether the two stand at one instant at least. */
export const standTogether = (
  one: Pick<PricedOffer, 'madeAt' | 'validUntil'>,
  other: Pick<PricedOffer, 'madeAt' | 'validUntil'>,
): boolean => one.madeAt < other.validUntil && other.madeAt < one.validUntil;

/**
 * Whether one party would see two prices for the same (`domain.md §4.4 CX1`): a sku in common, validity
 * that overlaps, another net price. An answer does not end the validity: the price was stated until then.
 */
export const pricesConflict = (one: PricedOffer, other: PricedOffer): boolean =>
  one.netMinor !== other.netMinor && standTogether(one, other) && one.skus.some((sku) => other.skus.includes(sku));
