import type { BgNbd, PurchaseHistory } from '@afecto/domain';
import type { GammaGamma, Spending } from '../spending/gamma-gamma';

/** Numbers 0 < x < 1 that repeat for a seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4_294_967_296;
  };
};

type Uniform = () => number;

const normal = (next: Uniform): number => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());

/** Gamma with a shape and rate 1 (Marsaglia & Tsang 2000). */
export const gamma = (shape: number, next: Uniform): number => {
  if (shape < 1) return gamma(shape + 1, next) * next() ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(next);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(next()) < x ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
};

const beta = (a: number, b: number, next: Uniform): number => {
  const [x, y] = [gamma(a, next), gamma(b, next)];
  return x / (x + y);
};

/** The weeks, from the first order on, in which a customer of the model's world buys again. */
export const simulatedOrders = ({ r, alpha, a, b }: BgNbd, weeks: number, next: Uniform): ReadonlyArray<number> => {
  const rate = gamma(r, next) / alpha;
  const leaves = beta(a, b, next);
  const orders: number[] = [];
  for (let at = 0; ;) {
    at += -Math.log(next()) / rate;
    if (at > weeks) return orders;
    orders.push(at);
    if (next() < leaves) return orders;
  }
};

/** Histories of customers of the model's world who first bought in the first third of `weeks`. */
export const simulatedHistories = (
  model: BgNbd,
  customers: number,
  weeks: number,
  seed: number,
): ReadonlyArray<PurchaseHistory> => {
  const next = seeded(seed);
  return Array.from({ length: customers }, () => {
    const observedWeeks = weeks * (1 - next() / 3);
    const orders = simulatedOrders(model, observedWeeks, next);
    return { repeats: orders.length, lastRepeatWeeks: orders.at(-1) ?? 0, observedWeeks };
  });
};

/** Means of customers of the model's world, each with 1 to 10 repeat orders. */
export const simulatedSpendings = (
  { p, q, v }: GammaGamma,
  customers: number,
  seed: number,
): ReadonlyArray<Spending> => {
  const next = seeded(seed);
  return Array.from({ length: customers }, () => {
    const repeats = 1 + Math.floor(10 * next());
    const scale = gamma(q, next) / v;
    return { repeats, mean: gamma(p * repeats, next) / scale / repeats };
  });
};
