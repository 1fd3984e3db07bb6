/** Under this many answers a bare figure says more than is known (`domain.md §13.4`). */
export const ENOUGH_ANSWERS = 30;
/** Standard deviations that hold 95 % of a normal distribution. */
const NORMAL_95 = 1.96;

export interface Satisfaction {
  readonly answers: number;
  /** Fewer than 30 answers: to be shown as "n<30", not as a bare figure. */
  readonly tooFew: boolean;
  /** Share 0..1 of 4 and 5 of 5. */
  readonly topTwo: number;
  /** Share 0..1 of 5 of 5, always shown beside it. */
  readonly topBox: number;
}

export interface Effort {
  readonly answers: number;
  readonly tooFew: boolean;
  /** 1..7. */
  readonly mean: number;
  /** Share 0..1 of 5 and more of 7. */
  readonly easy: number;
}

export interface Recommendation {
  readonly answers: number;
  readonly tooFew: boolean;
  readonly promoters: number;
  readonly passives: number;
  readonly detractors: number;
  /** % promoters − % detractors, −100..100. */
  readonly score: number;
  /** Half the width of the 95 % interval, in points. */
  readonly margin: number;
}

const sizeOf = (values: ReadonlyArray<number>) => ({
  answers: values.length,
  tooFew: values.length < ENOUGH_ANSWERS,
});

const shareOf = (values: ReadonlyArray<number>, counts: (value: number) => boolean): number =>
  values.filter(counts).length / values.length;

/** CSAT of answers 1..5; null without any (`domain.md §13.4`). */
export const satisfaction = (values: ReadonlyArray<number>): Satisfaction | null =>
  values.length === 0
    ? null
    : {
        ...sizeOf(values),
        topTwo: shareOf(values, (value) => value >= 4),
        topBox: shareOf(values, (value) => value === 5),
      };

/** CES of answers 1..7; null without any (`domain.md §13.4`). */
export const effort = (values: ReadonlyArray<number>): Effort | null =>
  values.length === 0
    ? null
    : {
        ...sizeOf(values),
        mean: values.reduce((sum, value) => sum + value, 0) / values.length,
        easy: shareOf(values, (value) => value >= 5),
      };

/** NPS of answers 0..10 with its 95 % margin 1.96·√((p + d − (p−d)²)/n); null without any (`domain.md §13.4`). */
export const recommendation = (values: ReadonlyArray<number>): Recommendation | null => {
  if (values.length === 0) return null;
  const promoters = values.filter((value) => value >= 9).length;
  const detractors = values.filter((value) => value <= 6).length;
  const n = values.length;
  const [p, d] = [promoters / n, detractors / n];
  return {
    ...sizeOf(values),
    promoters,
    passives: n - promoters - detractors,
    detractors,
    score: ((promoters - detractors) / n) * 100,
    margin: NORMAL_95 * Math.sqrt((p + d - (p - d) ** 2) / n) * 100,
  };
};
