import type { Exact } from './exact';

/** One figure of the input beside the same figure of the facts. */
export interface Figure {
  readonly name: string;
  /** `money`: exact ten-thousandths of the currency unit. */
  readonly unit: 'count' | 'money';
  /** As the input has it, summed while reading, before any mapping. */
  readonly input: number | Exact;
  /** As the facts handed out have it. */
  readonly facts: number | Exact;
  /** What the classes of unmapped lines hold of it. */
  readonly unmapped: number | Exact;
  /** Lost or won by rounding to minor units. */
  readonly rounding: Exact;
  readonly agrees: boolean;
}

const figure = (
  unit: Figure['unit'],
  name: string,
  input: number,
  facts: number,
  unmapped: number,
  rounding: number,
): Figure => ({ name, unit, input, facts, unmapped, rounding, agrees: input === facts + unmapped + rounding });

export const countFigure = (name: string, input: number, facts: number, unmapped = 0): Figure =>
  figure('count', name, input, facts, unmapped, 0);

export const moneyFigure = (name: string, input: Exact, facts: Exact, unmapped: Exact, rounding: Exact): Figure =>
  figure('money', name, input, facts, unmapped, rounding);
