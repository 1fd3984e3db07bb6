/** Standard deviations that hold 95 % of a normal distribution. */
const NORMAL_95 = 1.959_963_984_540_054;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Interval of Wilson (1927) for `rate` 0..1 of `n` > 0 independent observations; `n` need not be whole. */
export const wilsonInterval = (rate: number, n: number): Interval => {
  const squared = NORMAL_95 ** 2;
  const centre = (rate + squared / (2 * n)) / (1 + squared / n);
  const half = (NORMAL_95 / (1 + squared / n)) * Math.sqrt((rate * (1 - rate)) / n + squared / (4 * n * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
};

export interface Rate {
  readonly customers: number;
  readonly observations: number;
  readonly hits: number;
  readonly rate: number;
  /** 95 %. */
  readonly interval: Interval;
}

/**
 * Collects a rate over customers who are each observed several times. Observations of one customer
 * resemble each other, so the interval counts how much they vary between customers, and takes as
 * many as would vary so if they were independent (design effect; never more than there are).
 */
export const clusteredRate = () => {
  let [customers, observations, hits] = [0, 0, 0];
  let [hitsSquared, crossed, observationsSquared] = [0, 0, 0];
  return {
    /** Takes all observations of one customer. */
    add: (ofCustomer: { readonly observations: number; readonly hits: number }): void => {
      if (ofCustomer.observations === 0) return;
      customers += 1;
      observations += ofCustomer.observations;
      hits += ofCustomer.hits;
      hitsSquared += ofCustomer.hits ** 2;
      crossed += ofCustomer.hits * ofCustomer.observations;
      observationsSquared += ofCustomer.observations ** 2;
    },
    /** Null without observations. */
    rate: (): Rate | null => {
      if (observations === 0) return null;
      const rate = hits / observations;
      const binomial = rate * (1 - rate);
      const between = hitsSquared - 2 * rate * crossed + rate ** 2 * observationsSquared;
      const variance = customers < 2 ? 0 : (between * customers) / (customers - 1) / observations ** 2;
      // Without any variation only the customers are known to be independent.
      const independent = variance <= 0 ? customers : Math.min(observations, binomial / variance);
      return { customers, observations, hits, rate, interval: wilsonInterval(rate, independent) };
    },
  };
};
