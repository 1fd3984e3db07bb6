import type { Figure } from '@afecto/server';

/** What issue and plan ask of a line: of the figure itself or of its ratio to the raw limit. */
export interface Goal {
  readonly of: 'value' | 'ratio';
  /** At least so much; of times and memory at most. */
  readonly floor: number;
  readonly aim: number;
}

/** One line of the table, measured. */
export interface MeasuredLine extends Figure {
  readonly name: string;
  readonly what: string;
  readonly goal: Goal | null;
}

/** What a line comes to. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly raw: number | null;
  /** Of each round to the raw limit beside it, the median; 1: all that the machine allows. */
  readonly ratio: number | null;
  readonly verdict: 'aim' | 'floor' | 'below' | null;
}

const LESS_IS_BETTER: ReadonlySet<string> = new Set(['ms', 's', 'MiB']);
export const lessIsBetter = (unit: string): boolean => LESS_IS_BETTER.has(unit);

/** The middle of the values, or of the two middle ones; NaN without values. */
export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
};

const ratioOf = ({ rounds, raw, unit }: Figure): number | null => {
  if (raw === null || raw.length === 0) return null;
  const reached = (value: number, limit: number): number => (lessIsBetter(unit) ? limit / value : value / limit);
  return rounds.length === raw.length
    ? median(rounds.map((value, round) => reached(value, raw[round] ?? Number.NaN)))
    : reached(median(rounds), median(raw));
};

export const summaryOf = (line: MeasuredLine): Summary => {
  const { rounds, raw, unit, goal } = line;
  const ratio = ratioOf(line);
  const value = median(rounds);
  const reached = goal?.of === 'ratio' ? (ratio ?? Number.NaN) : value;
  const isAtLeast = (wanted: number): boolean =>
    goal?.of === 'value' && lessIsBetter(unit) ? reached <= wanted : reached >= wanted;
  return {
    median: value,
    least: Math.min(...rounds),
    most: Math.max(...rounds),
    raw: raw === null || raw.length === 0 ? null : median(raw),
    ratio,
    verdict: goal === null ? null : isAtLeast(goal.aim) ? 'aim' : isAtLeast(goal.floor) ? 'floor' : 'below',
  };
};
