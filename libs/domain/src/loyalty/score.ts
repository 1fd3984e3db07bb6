import type { Configuration } from '../policy/configuration';

/** Signals −1..1 and confidences 0..1 of the four families (`domain.md §7.2`). */
export interface Signals {
  readonly a: number;
  readonly confidenceA: number;
  readonly b: number;
  readonly confidenceB: number;
  readonly c: number;
  readonly confidenceC: number;
  readonly d: number;
  readonly confidenceD: number;
}

/** Σ w·c, 0..1. */
export const coverageOf = (signals: Signals, { loyalty: { weights } }: Configuration): number =>
  weights.A * signals.confidenceA +
  weights.B * signals.confidenceB +
  weights.C * signals.confidenceC +
  weights.D * signals.confidenceD;

/** 50 + 50·Σ(w·c·s)/(Σ w·c + w0), strictly inside 0..100 (`domain.md §7.2`). */
export const scoreOf = (signals: Signals, configuration: Configuration): number => {
  const { weights, priorWeight } = configuration.loyalty;
  const sum =
    weights.A * signals.confidenceA * signals.a +
    weights.B * signals.confidenceB * signals.b +
    weights.C * signals.confidenceC * signals.c +
    weights.D * signals.confidenceD * signals.d;
  return 50 + (50 * sum) / (coverageOf(signals, configuration) + priorWeight);
};

/** S of the loyalty matrix, from families A and B (`domain.md §7.5`). */
export const satisfactionOf = (signals: Signals, { loyalty: { weights, matrix } }: Configuration): number => {
  const a = weights.A * signals.confidenceA;
  const b = weights.B * signals.confidenceB;
  return 50 + (50 * (a * signals.a + b * signals.b)) / (a + b + matrix.priorWeight);
};

/** L of the loyalty matrix, from families C and D (`domain.md §7.5`). */
export const loyaltyOf = (signals: Signals, { loyalty: { weights, matrix } }: Configuration): number => {
  const c = weights.C * signals.confidenceC;
  const d = weights.D * signals.confidenceD;
  return 50 + (50 * (c * signals.c + d * signals.d)) / (c + d + matrix.priorWeight);
};
