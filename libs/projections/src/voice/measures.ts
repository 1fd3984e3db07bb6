import type { SurveyEvidence } from '@afecto/domain';
import type { JsonObject } from '../figures/definition';

export const instruments = ['csat_transactional', 'csat_relationship', 'ces', 'nps', 'custom'] as const;
export type Instrument = (typeof instruments)[number];

/** Under so many answers a figure is not shown (`domain.md §13.4`). */
export const LEAST_ANSWERS = 30;
/** Instead of a figure that too few answers stand behind. */
export const TOO_FEW = 'n<30';
export type Shown = number | typeof TOO_FEW | null;

const show = (answers: number, figure: number): Shown =>
  answers === 0 ? null : answers < LEAST_ANSWERS ? TOO_FEW : figure;

/** Answers are added up in thousandths of a point: sums over customers are whole numbers. */
const MILLI = 1_000;
/** z of a 95 % interval. */
const Z_95 = 1.96;
const PER_CENT = 100;

/** The ends of the scale on which an instrument is judged; null for one without. */
const scaleOf = (instrument: Instrument): readonly [from: number, to: number] | null => {
  switch (instrument) {
    case 'nps':
      return [0, 10];
    case 'ces':
      return [1, 7];
    case 'csat_transactional':
    case 'csat_relationship':
      return [1, 5];
    case 'custom':
      return null;
  }
};

export const isCsat = (instrument: Instrument): boolean =>
  instrument === 'csat_transactional' || instrument === 'csat_relationship';

/** What an answer counts as; which ones there are depends on the instrument. */
export type AnswerClass = 'best' | 'good' | 'rest';
export const answerClasses: ReadonlyArray<AnswerClass> = ['best', 'good', 'rest'];

/** From which score on an answer is `best`, and from which on `good` (`domain.md §13.4`): CSAT 5 and 4, CES 5, NPS 9 and 7. */
const classOf = (instrument: Instrument, score: number): AnswerClass => {
  const [best, good] = isCsat(instrument) ? [5, 4] : instrument === 'ces' ? [5, 5] : [9, 7];
  return score >= best ? 'best' : score >= good ? 'good' : 'rest';
};

export interface Scored {
  readonly class: AnswerClass;
  /** On the scale of the instrument, in thousandths of a point; 0 without a scale. */
  readonly milli: number;
}

/** An answer on the scale of its instrument, whatever scale it was asked on; null when its own scale says nothing. */
export const scoredOf = ({ instrument, score, scaleMin, scaleMax }: SurveyEvidence): Scored | null => {
  const scale = scaleOf(instrument);
  if (scale === null) return { class: 'rest', milli: 0 };
  if (!(scaleMax > scaleMin)) return null;
  const [from, to] = scale;
  const milli = Math.round((from + ((to - from) * (score - scaleMin)) / (scaleMax - scaleMin)) * MILLI);
  return { class: classOf(instrument, milli / MILLI), milli };
};

/** Answers to one instrument, added up. */
export interface Answers {
  readonly best: number;
  readonly good: number;
  readonly rest: number;
  /** Sum of the scores in thousandths of a point. */
  readonly milli: number;
}

export const noAnswers: Answers = { best: 0, good: 0, rest: 0, milli: 0 };

/** Adds what was counted under `AnswerClass` or `milli`. */
export const plus = (answers: Answers, what: string, count: number): Answers =>
  what === 'best' || what === 'good' || what === 'rest' || what === 'milli'
    ? { ...answers, [what]: answers[what] + count }
    : answers;

export const countOf = ({ best, good, rest }: Answers): number => best + good + rest;

/** Mean score in points; null without answers. */
export const meanScore = (answers: Answers): number | null => {
  const count = countOf(answers);
  return count === 0 ? null : answers.milli / (MILLI * count);
};

/**
 * NPS −100..100 and its 95 % margin in points: 1.96·√((p+d−(p−d)²)/n)·100 (`domain.md §13.4`). At least
 * one answer.
 */
export const netPromoter = (
  promoters: number,
  passives: number,
  detractors: number,
): { readonly nps: number; readonly margin: number } => {
  const answers = promoters + passives + detractors;
  const [p, d] = [promoters / answers, detractors / answers];
  return {
    // From the counts: of 57 in a hundred the shares give 56.99999999999999.
    nps: ((promoters - detractors) * PER_CENT) / answers,
    margin: Z_95 * Math.sqrt((p + d - (p - d) ** 2) / answers) * PER_CENT,
  };
};

/** What the answers to an instrument come to (`domain.md §13.4`): counts always, figures from 30 answers on. */
export const measuredBy = (instrument: Instrument, answers: Answers): JsonObject => {
  const count = countOf(answers);
  const share = (part: number): Shown => show(count, part / count);
  const { best, good, rest } = answers;
  if (instrument === 'nps') {
    const { nps, margin } = netPromoter(best, good, rest);
    return {
      answers: count,
      promoters: best,
      passives: good,
      detractors: rest,
      nps: show(count, nps),
      margin: show(count, margin),
    };
  }
  if (instrument === 'ces')
    return { answers: count, easy: best, easyShare: share(best), mean: show(count, meanScore(answers) ?? 0) };
  if (instrument === 'custom') return { answers: count };
  return {
    answers: count,
    topTwo: best + good,
    topBox: best,
    topTwoShare: share(best + good),
    topBoxShare: share(best),
    mean: show(count, meanScore(answers) ?? 0),
  };
};
