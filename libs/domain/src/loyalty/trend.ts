import type { Evidence } from '../customer/evidence';
import type { Policy } from '../policy/regime';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';

/** Recent window against the customer's own baseline, scaled to equal length (`domain.md §7.3 C`). */
export interface Trend {
  /** clamp(log2((nᵣ + .5)/(n_b + .5)), −1, 1). */
  readonly frequency: number;
  /** clamp(log2(max(.25, spendᵣ/spend_b)), −1, 1); null without spend in the baseline. */
  readonly money: number | null;
  /** Order days of the recent window (age < 180 d). */
  readonly recentOrders: number;
  /** Order days of the whole baseline window, not scaled. */
  readonly baselineOrders: number;
  /** Net of what was reversed of those orders, minor units. */
  readonly recentSpendMinor: number;
  /** Of the whole baseline window, not scaled. */
  readonly baselineSpendMinor: number;
  /** Length of the baseline window in days, at least one window. */
  readonly baselineDays: number;
}

const clampToUnit = (value: number): number => Math.min(1, Math.max(-1, value));

/** What lies in the two windows for as long as nothing leaves one of them. */
export interface TrendWindows {
  readonly first: Instant;
  readonly recentOrders: number;
  readonly baselineOrders: number;
  readonly recentSpendMinor: number;
  readonly baselineSpendMinor: number;
}

export interface SteadyWindows {
  /** Null below `minOrders` order days or `minTenureDays` since the first order. */
  readonly windows: TrendWindows | null;
  /** First instant after the one asked at which they are others. */
  readonly until: Instant;
}

/** Counts what lies in the windows at `asOf`; the money of an order counts where it was placed, less its reversals. */
export const trendWindows = (evidence: Evidence, { configuration }: Policy, asOf: Instant): SteadyWindows => {
  const { minOrders, minTenureDays, windowDays, baselineDays } = configuration.loyalty.behaviour.trend;
  const { orderDays, placedOrders } = evidence;
  const first = orderDays[0];
  if (first === undefined || orderDays.length < minOrders) return { windows: null, until: NEVER };
  const matureAt = first.firstAt + minTenureDays * DAY_MS;
  if (asOf < matureAt) return { windows: null, until: matureAt };
  const recentFrom = asOf - windowDays * DAY_MS;
  const oldest = asOf - baselineDays * DAY_MS;
  const baselineFrom = Math.max(first.firstAt, oldest);
  let until = NEVER;
  const leaves = (at: Instant): void => {
    const exit = at > recentFrom ? at + windowDays * DAY_MS : at + baselineDays * DAY_MS + 1;
    if (exit < until) until = exit;
  };
  let recentOrders = 0;
  let baselineOrders = 0;
  for (let index = orderDays.length - 1; index >= 0; index--) {
    const at = orderDays[index]?.lastAt ?? 0;
    if (at < baselineFrom) break;
    leaves(at);
    if (at > recentFrom) recentOrders += 1;
    else baselineOrders += 1;
  }
  let recentSpendMinor = 0;
  let baselineSpendMinor = 0;
  for (let index = placedOrders.length - 1; index >= 0; index--) {
    const order = placedOrders[index];
    if (order === undefined || order.placedAt === null) continue;
    if (order.placedAt < baselineFrom) break;
    leaves(order.placedAt);
    const spend = order.netMinor - order.reversedMinor;
    if (order.placedAt > recentFrom) recentSpendMinor += spend;
    else baselineSpendMinor += spend;
  }
  return {
    windows: {
      first: first.firstAt,
      recentOrders,
      baselineOrders,
      recentSpendMinor,
      baselineSpendMinor,
    },
    until,
  };
};

/** The trend of windows as counted, at an instant at which they are still the same. */
export const trendIn = (windows: TrendWindows, { configuration }: Policy, asOf: Instant): Trend => {
  const { windowDays, baselineDays, moneyFloor } = configuration.loyalty.behaviour.trend;
  const { first, recentOrders, baselineOrders, recentSpendMinor, baselineSpendMinor } = windows;
  const baselineFrom = Math.max(first, asOf - baselineDays * DAY_MS);
  const length = (asOf - windowDays * DAY_MS - baselineFrom) / DAY_MS;
  const scale = windowDays / length;
  return {
    frequency: clampToUnit(Math.log2((recentOrders + 0.5) / (baselineOrders * scale + 0.5))),
    money:
      baselineSpendMinor > 0
        ? clampToUnit(Math.log2(Math.max(moneyFloor, recentSpendMinor / (baselineSpendMinor * scale))))
        : null,
    recentOrders,
    baselineOrders,
    recentSpendMinor,
    baselineSpendMinor,
    baselineDays: length,
  };
};
