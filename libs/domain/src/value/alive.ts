import type { OrderDay } from '../customer/evidence';
import { DAY_MS, type Instant, NEVER } from '../time/calendar';

/** Parameters of BG/NBD, all > 0, time in weeks (`domain.md §13.1`). */
export interface BgNbd {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

/** What the model knows of a customer: repeat order days, weeks from the first to the last, weeks from the first to now. */
export interface PurchaseHistory {
  readonly repeats: number;
  readonly lastRepeatWeeks: number;
  readonly observedWeeks: number;
}

const WEEK_MS = 7 * DAY_MS;

/** Counted on days: orders of one day are one; null without an order (`domain.md §13.1`). */
export const purchaseHistory = (days: ReadonlyArray<OrderDay>, asOf: Instant): PurchaseHistory | null => {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    repeats: days.length - 1,
    lastRepeatWeeks: (last.day - first.day) / WEEK_MS,
    observedWeeks: (asOf - first.day) / WEEK_MS,
  };
};

/**
 * P(alive) 0..1, in logarithms so that long histories do not overflow (`domain.md §13.1`). It is 1 for
 * one-time buyers, an artefact of the model: never judge them by it.
 */
export const probabilityAlive = (history: PurchaseHistory, model: BgNbd): number => {
  const { repeats, lastRepeatWeeks, observedWeeks } = history;
  if (repeats === 0) return 1;
  const logOdds =
    Math.log(model.a) -
    Math.log(model.b + repeats - 1) +
    (model.r + repeats) * (Math.log(model.alpha + observedWeeks) - Math.log(model.alpha + lastRepeatWeeks));
  return 1 / (1 + Math.exp(logOdds));
};

/**
 * The instant, at most one millisecond early, at which P(alive) reaches `threshold` (0..1) when no further order comes: it only falls
 * with time, so its formula can be solved for T. `NEVER` for one-time buyers.
 */
export const aliveUntil = (days: ReadonlyArray<OrderDay>, model: BgNbd, threshold: number): Instant => {
  const first = days[0];
  const last = days.at(-1);
  if (first === undefined || last === undefined || days.length < 2) return NEVER;
  const repeats = days.length - 1;
  const lastRepeatWeeks = (last.day - first.day) / WEEK_MS;
  const logOdds = Math.log(1 / threshold - 1) - Math.log(model.a) + Math.log(model.b + repeats - 1);
  const weeks = (model.alpha + lastRepeatWeeks) * Math.exp(logOdds / (model.r + repeats)) - model.alpha;
  // Parameters beyond what numbers can multiply say nothing: then the earliest instant is right.
  if (Number.isNaN(weeks)) return last.day;
  // One millisecond early, so that rounding never makes it late.
  return first.day + Math.floor(weeks * WEEK_MS) - 1;
};
