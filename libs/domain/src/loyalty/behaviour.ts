import type { Evidence } from '../customer/evidence';
import type { Configuration } from '../policy/configuration';
import type { Policy } from '../policy/regime';
import { ageInDays, type Instant } from '../time/calendar';
import { recencyRatio, type Rhythm, rhythmOf } from './rhythm';
import { type Trend, trendIn, type TrendWindows } from './trend';

export interface Behaviour {
  /** C, −1..1. */
  readonly signal: number;
  /** c_C: 1, 0.6, 0.35 or 0. */
  readonly confidence: number;
  readonly rhythm: Rhythm;
  /** RR; null without orders. */
  readonly recencyRatio: number | null;
  /** rec(RR); never rises with time. */
  readonly recency: number;
  /** Days since the last order; null without orders. */
  readonly quietDays: number | null;
  readonly trend: Trend | null;
}

/** rec(RR): linear between the knots, constant outside (`domain.md §7.3 C`). */
export const recencySignal = (ratio: number, configuration: Configuration): number => {
  const knots = configuration.loyalty.behaviour.recencyKnots;
  let fromAt = Number.NEGATIVE_INFINITY;
  let from = 0;
  for (let index = 0; index < knots.length; index++) {
    const knot = knots[index];
    const at = knot?.[0] ?? 0;
    const value = knot?.[1] ?? 0;
    if (ratio <= at) return index === 0 ? value : from + ((ratio - fromAt) / (at - fromAt)) * (value - from);
    fromAt = at;
    from = value;
  }
  return from;
};

/** Shares of the three parts that are present, summing to 1 (`domain.md §7.3 C`). */
export const behaviourShares = (
  trend: Pick<Trend, 'money'> | null,
  configuration: Configuration,
): { readonly recency: number; readonly frequency: number; readonly money: number } => {
  if (trend === null) return { recency: 1, frequency: 0, money: 0 };
  const { recency, frequency, money } = configuration.loyalty.behaviour.shares;
  const counted = trend.money === null ? 0 : money;
  const whole = recency + frequency + counted;
  return { recency: recency / whole, frequency: frequency / whole, money: counted / whole };
};

const confidenceOf = (rhythm: Rhythm, configuration: Configuration): number => {
  const { steady, oneGap, oneOrder } = configuration.loyalty.behaviour.confidence;
  if (rhythm.orderDays === 0) return 0;
  const gaps = rhythm.keptGapsDays.length;
  return gaps >= 2 ? steady : gaps === 1 ? oneGap : oneOrder;
};

/** Family C (`domain.md §7.2`, §7.3 C), of windows as counted at `asOf`. */
export const behaviourOf = (
  evidence: Evidence,
  windows: TrendWindows | null,
  policy: Policy,
  asOf: Instant,
): Behaviour => {
  const { configuration } = policy;
  const rhythm = rhythmOf(evidence.orderDays, policy.review, configuration);
  const ratio = recencyRatio(rhythm, asOf);
  if (ratio === null || rhythm.lastAt === null)
    return { signal: 0, confidence: 0, rhythm, recencyRatio: null, recency: 0, quietDays: null, trend: null };
  const recency = recencySignal(ratio, configuration);
  const trend = windows === null ? null : trendIn(windows, policy, asOf);
  const shares = behaviourShares(trend, configuration);
  return {
    signal:
      trend === null
        ? recency
        : shares.recency * recency + shares.frequency * trend.frequency + shares.money * (trend.money ?? 0),
    confidence: confidenceOf(rhythm, configuration),
    rhythm,
    recencyRatio: ratio,
    recency,
    quietDays: ageInDays(rhythm.lastAt, asOf),
    trend,
  };
};
