import type { BgNbd } from '@afecto/domain';
import { probabilityOfRepeats } from './distribution';
import type { PurchaseSample } from './sample';

/** Customers by their number of repeat orders, as they are and as the model expects them. */
export interface RepeatCount {
  readonly repeats: number;
  /** True for the last row: this many or more. */
  readonly orMore: boolean;
  readonly observed: number;
  readonly expected: number;
}

/** Rows of the published comparison: 0 to 6, and 7 or more. */
export const HISTOGRAM_ROWS = 8;
/** One distribution serves all customers whose T falls in the same span. */
const SPAN_WEEKS = 1 / 7;

/** Observed and expected histogram of repeat orders over the customers' own T (`domain.md §13.1`), T to the day. */
export const repeatHistogram = (sample: PurchaseSample, model: BgNbd): ReadonlyArray<RepeatCount> => {
  const bySpan = new Map<number, number>();
  const observed = Array.from({ length: HISTOGRAM_ROWS }, () => 0);
  const count = (weeks: number, repeats: number, customers: number): void => {
    const span = Math.round(weeks / SPAN_WEEKS);
    bySpan.set(span, (bySpan.get(span) ?? 0) + customers);
    const row = Math.min(repeats, HISTOGRAM_ROWS - 1);
    observed[row] = (observed[row] ?? 0) + customers;
  };
  for (const [weeks, customers] of sample.once) count(weeks, 0, customers);
  for (const [index, repeats] of sample.again.repeats.entries())
    count(sample.again.observedWeeks[index] ?? 0, repeats, 1);
  const expected = observed.map(() => 0);
  for (const [span, customers] of bySpan) {
    let rest = 1;
    for (const row of expected.keys()) {
      const isLast = row === HISTOGRAM_ROWS - 1;
      const probability = isLast ? Math.max(0, rest) : probabilityOfRepeats(model, span * SPAN_WEEKS, row);
      rest -= probability;
      expected[row] = (expected[row] ?? 0) + customers * probability;
    }
  }
  return observed.map((customers, repeats) => ({
    repeats,
    orMore: repeats === HISTOGRAM_ROWS - 1,
    observed: customers,
    expected: expected[repeats] ?? 0,
  }));
};

/** χ² = Σ (observed − expected)² / expected over the rows of a histogram. */
export const chiSquare = (histogram: ReadonlyArray<Pick<RepeatCount, 'observed' | 'expected'>>): number =>
  histogram.reduce(
    (sum, { observed, expected }) => sum + (expected === 0 ? 0 : (observed - expected) ** 2 / expected),
    0,
  );
