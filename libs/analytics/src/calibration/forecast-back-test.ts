import {
  DAY_MS,
  type Evidence,
  type Instant,
  orderDaysAt,
  type PurchaseHistory,
  purchaseHistory,
  toIso,
} from '@afecto/domain';
import * as E from 'fp-ts/Either';
import { expectedFuture } from '../buying/expectation';
import { fitBgNbd, type FittedBgNbd, MIN_REPEAT_BUYERS, type Unavailable } from '../buying/fit';
import { HISTOGRAM_ROWS } from '../buying/histogram';
import { expectedWithoutLeaving, fitWithoutLeaving, type WithoutLeaving } from '../buying/leaving';
import { purchaseSample } from '../buying/sample';
import { isRecognisable } from '../population/buyer';

/** Customers by their repeat orders before the cut, and mean numbers of order days after it. */
export interface ForecastRow {
  readonly repeats: number;
  /** True for the last row: this many or more. */
  readonly orMore: boolean;
  readonly customers: number;
  readonly actual: number;
  /** Null without a model. */
  readonly expected: number | null;
  readonly expectedWithoutLeaving: number;
}

export interface ForecastBackTest {
  readonly cut: string;
  readonly withinDays: number;
  readonly customers: number;
  /** Order days of all customers after the cut. */
  readonly actual: number;
  readonly buying: (FittedBgNbd & { readonly expected: number }) | { readonly unavailable: Unavailable };
  /** The yardstick: the best model in which nobody leaves; null without 100 repeat buyers. */
  readonly withoutLeaving: (WithoutLeaving & { readonly expected: number }) | null;
  readonly rows: ReadonlyArray<ForecastRow>;
}

/**
 * Back-test of BG/NBD: the model is fitted to what was known `withinDays` before the end, and its
 * forecast compared with the order days that came, beside that of a model in which nobody leaves (`domain.md §13.1`). Memory: four numbers a customer.
 */
export const forecastBackTest = (end: Instant, withinDays: number) => {
  const cut = end - withinDays * DAY_MS;
  const customers: Array<{ readonly history: PurchaseHistory; readonly actual: number }> = [];
  return {
    /** Takes a customer of evidence folded to the end. */
    add: (evidence: Evidence): void => {
      const history = purchaseHistory(orderDaysAt(evidence, cut), cut);
      if (history === null || !isRecognisable(evidence, cut)) return;
      customers.push({ history, actual: evidence.orderDays.filter(({ day }) => day > cut).length });
    },
    /** Run with `atOnce` or `inTurns`. */
    result: function* (): Generator<void, ForecastBackTest> {
      const sample = purchaseSample(customers.map(({ history }) => history));
      const fitted = yield* fitBgNbd(sample);
      const without = sample.repeatBuyers < MIN_REPEAT_BUYERS ? null : yield* fitWithoutLeaving(sample);
      const weeks = withinDays / 7;
      const rows = Array.from({ length: HISTOGRAM_ROWS }, () => ({ customers: 0, actual: 0, leaving: 0, staying: 0 }));
      for (const { history, actual } of customers) {
        const row = rows[Math.min(history.repeats, HISTOGRAM_ROWS - 1)];
        if (row === undefined) throw new Error('every count has a row');
        row.customers += 1;
        row.actual += actual;
        if (E.isRight(fitted)) row.leaving += expectedFuture(fitted.right, history, weeks) ?? 0;
        if (without !== null) row.staying += expectedWithoutLeaving(without, history, weeks);
        yield;
      }
      const sumOf = (column: 'actual' | 'leaving' | 'staying'): number =>
        rows.reduce((sum, row) => sum + row[column], 0);
      const meanOf = (sum: number, count: number): number => (count === 0 ? 0 : sum / count);
      return {
        cut: toIso(cut),
        withinDays,
        customers: customers.length,
        actual: sumOf('actual'),
        buying: E.isRight(fitted) ? { ...fitted.right, expected: sumOf('leaving') } : { unavailable: fitted.left },
        withoutLeaving: without === null ? null : { ...without, expected: sumOf('staying') },
        rows:
          without === null
            ? []
            : rows.map((row, repeats) => ({
                repeats,
                orMore: repeats === HISTOGRAM_ROWS - 1,
                customers: row.customers,
                actual: meanOf(row.actual, row.customers),
                expected: E.isRight(fitted) ? meanOf(row.leaving, row.customers) : null,
                expectedWithoutLeaving: meanOf(row.staying, row.customers),
              })),
      };
    },
  };
};
