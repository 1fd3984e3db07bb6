import type { PurchaseHistory } from '@afecto/domain';

/**
 * The purchase histories of a population, as the fit reads them hundreds of times: one-time buyers
 * differ only in how long they are known and are counted by it, the others lie in three columns of
 * numbers. Memory: 24 bytes a repeat buyer.
 */
export interface PurchaseSample {
  readonly customers: number;
  readonly repeatBuyers: number;
  /** Σ x. */
  readonly repeats: number;
  /** Longest T, weeks; 0 without customers. */
  readonly longestWeeks: number;
  /** T in weeks → how many one-time buyers. */
  readonly once: ReadonlyMap<number, number>;
  readonly again: {
    readonly repeats: Float64Array;
    readonly lastRepeatWeeks: Float64Array;
    readonly observedWeeks: Float64Array;
  };
}

export const purchaseSample = (histories: Iterable<PurchaseHistory>): PurchaseSample => {
  const once = new Map<number, number>();
  const again: { repeats: number[]; lastRepeatWeeks: number[]; observedWeeks: number[] } = {
    repeats: [],
    lastRepeatWeeks: [],
    observedWeeks: [],
  };
  let [customers, repeats, longestWeeks] = [0, 0, 0];
  for (const history of histories) {
    customers += 1;
    repeats += history.repeats;
    longestWeeks = Math.max(longestWeeks, history.observedWeeks);
    if (history.repeats === 0) once.set(history.observedWeeks, (once.get(history.observedWeeks) ?? 0) + 1);
    else {
      again.repeats.push(history.repeats);
      again.lastRepeatWeeks.push(history.lastRepeatWeeks);
      again.observedWeeks.push(history.observedWeeks);
    }
  }
  return {
    customers,
    repeatBuyers: again.repeats.length,
    repeats,
    longestWeeks,
    once,
    again: {
      repeats: Float64Array.from(again.repeats),
      lastRepeatWeeks: Float64Array.from(again.lastRepeatWeeks),
      observedWeeks: Float64Array.from(again.observedWeeks),
    },
  };
};

/** The same with times in units of `weeks`. */
export const inUnitsOf = (sample: PurchaseSample, weeks: number): PurchaseSample => ({
  ...sample,
  longestWeeks: sample.longestWeeks / weeks,
  once: new Map([...sample.once].map(([observed, count]) => [observed / weeks, count])),
  again: {
    repeats: sample.again.repeats,
    lastRepeatWeeks: sample.again.lastRepeatWeeks.map((time) => time / weeks),
    observedWeeks: sample.again.observedWeeks.map((time) => time / weeks),
  },
});
