import type { OrderDay } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import type { Review } from '../policy/regime';
import { ageInDays, DAY_MS, type Instant } from '../time/calendar';

/** Own cadence of a customer (`domain.md §7.3 C`). */
export interface Rhythm {
  /** n: distinct order days. */
  readonly orderDays: number;
  /** Whole calendar days between consecutive order days, lapsed periods left out, ascending in time. */
  readonly keptGapsDays: ReadonlyArray<number>;
  /** Own interpurchase interval in days, at least `minIpiDays`. */
  readonly ipiDays: number;
  /** Latest order that stands; null without any. */
  readonly lastAt: Instant | null;
  /** Order that made the first order day; null without any. */
  readonly firstAt: Instant | null;
}

interface Known {
  readonly defaultIpiDays: number;
  readonly configuration: Configuration;
  readonly rhythm: Rhythm;
}

const known = new WeakMap<ReadonlyArray<OrderDay>, Known>();
/** An evaluation asks about the same days many times in a row. */
let latestDays: ReadonlyArray<OrderDay> | null = null;
let latestKnown: Known | null = null;

const meanOfLast = (gaps: ReadonlyArray<number>, count: number): number => {
  const from = Math.max(0, gaps.length - count);
  let sum = 0;
  for (let index = from; index < gaps.length; index++) sum += gaps[index] ?? 0;
  return sum / (gaps.length - from);
};

/** A gap that is long in itself and against the cadence is a lost period; it must not reset the cadence. */
const keptGaps = (orderDays: ReadonlyArray<OrderDay>, configuration: Configuration): ReadonlyArray<number> => {
  const { cadenceGaps, lapsedGapMinDays, lapsedGapFactor } = configuration.loyalty.behaviour;
  const kept: number[] = [];
  let previous: OrderDay | null = null;
  for (const day of orderDays) {
    if (previous !== null) {
      // Day boundaries lie 23 or 25 hours apart when the clocks change: count calendar days.
      const gap = Math.round((day.day - previous.day) / DAY_MS);
      const lapsed =
        kept.length >= 2 && gap >= lapsedGapMinDays && gap >= lapsedGapFactor * meanOfLast(kept, cadenceGaps);
      if (!lapsed) kept.push(gap);
    }
    previous = day;
  }
  return kept;
};

const interval = (kept: ReadonlyArray<number>, defaultIpiDays: number, configuration: Configuration): number => {
  const { cadenceGaps, minIpiDays } = configuration.loyalty.behaviour;
  const mean =
    kept.length >= 2
      ? meanOfLast(kept, cadenceGaps)
      : kept.length === 1
        ? (meanOfLast(kept, 1) + defaultIpiDays) / 2
        : defaultIpiDays;
  return Math.max(minIpiDays, mean);
};

/**
 * Cadence of the order days (`domain.md §7.3 C`): mean of the last six kept gaps; with one kept gap the
 * mean of it and the default; with none the default, which is the last review's median or the
 * configured one. Cached by the identity of `orderDays`.
 */
export const rhythmOf = (
  orderDays: ReadonlyArray<OrderDay>,
  review: Review | null,
  configuration: Configuration,
): Rhythm => {
  const defaultIpiDays = review?.medianIpiDays ?? configuration.loyalty.behaviour.defaultIpiDays;
  const cached = orderDays === latestDays && latestKnown !== null ? latestKnown : known.get(orderDays);
  if (cached !== undefined && cached.defaultIpiDays === defaultIpiDays && cached.configuration === configuration) {
    latestDays = orderDays;
    latestKnown = cached;
    return cached.rhythm;
  }
  const keptGapsDays = keptGaps(orderDays, configuration);
  const rhythm: Rhythm = {
    orderDays: orderDays.length,
    keptGapsDays,
    ipiDays: interval(keptGapsDays, defaultIpiDays, configuration),
    lastAt: orderDays.at(-1)?.lastAt ?? null,
    firstAt: orderDays[0]?.firstAt ?? null,
  };
  latestDays = orderDays;
  latestKnown = { defaultIpiDays, configuration, rhythm };
  known.set(orderDays, latestKnown);
  return rhythm;
};

/** RR: days since the last order over the own interval; null without orders (`domain.md §7.3 C`). */
export const recencyRatio = (rhythm: Rhythm, asOf: Instant): number | null =>
  rhythm.lastAt === null ? null : ageInDays(rhythm.lastAt, asOf) / rhythm.ipiDays;
