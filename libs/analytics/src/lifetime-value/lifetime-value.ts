import type { BgNbd, PurchaseHistory } from '@afecto/domain';
import { expectedFuture } from '../buying/expectation';
import { expectedSpend, type GammaGamma, type Spending } from '../spending/gamma-gamma';

const WEEKS_A_YEAR = 52;

export interface LifetimeTerms {
  /** Weeks ahead that count, a whole number ≥ 0. */
  readonly horizonWeeks: number;
  /** Annual discount rate ≥ 0. */
  readonly annualDiscount: number;
  /** Share of an order's value that remains, 0..1. */
  readonly marginRate: number;
}

/** Terms of the golden numbers, where nothing else is asked: 52 weeks, 15 % a year (`domain.md §13.3`). */
export const YEAR_AHEAD = { horizonWeeks: 52, annualDiscount: 0.15 } as const;

/** δ = (1 + annual)^(1/52) − 1 (`domain.md §13.3`). */
export const weeklyDiscount = (annual: number): number => (1 + annual) ** (1 / WEEKS_A_YEAR) - 1;

/** Order days expected over the horizon, each discounted to today from the end of its week (`domain.md §13.3`). */
export const discountedOrders = (
  model: BgNbd,
  history: PurchaseHistory,
  { horizonWeeks, annualDiscount }: Pick<LifetimeTerms, 'horizonWeeks' | 'annualDiscount'>,
): number | null => {
  const weekly = weeklyDiscount(annualDiscount);
  let before = 0;
  let sum = 0;
  for (let week = 1; week <= horizonWeeks; week++) {
    const until = expectedFuture(model, history, week);
    if (until === null) return null;
    sum += (until - before) / (1 + weekly) ** week;
    before = until;
  }
  return sum;
};

/**
 * CLV over a horizon: E[M] · margin · discounted expected orders, in the unit of money of `spending`
 * (`domain.md §13.3`). `spending` null: no repeat order yet. Null where E[M] or E[Y] does not exist.
 */
export const lifetimeValue = (
  models: { readonly buying: BgNbd; readonly spending: GammaGamma },
  customer: { readonly history: PurchaseHistory; readonly spending: Spending | null },
  terms: LifetimeTerms,
): number | null => {
  const spend = expectedSpend(models.spending, customer.spending);
  const orders = discountedOrders(models.buying, customer.history, terms);
  return spend === null || orders === null ? null : spend * terms.marginRate * orders;
};
