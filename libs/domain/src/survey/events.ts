import type * as t from 'io-ts';
import { freeText, id, number, oneOf, reference } from '../facts/codec';
import { dictionary, personal, record, refine } from '../facts/structure';

export const surveyInstruments = ['csat_transactional', 'csat_relationship', 'ces', 'nps', 'custom'] as const;

const scalePoint = number(-1_000, 1_000);

/**
 * One answer on its declared scale. `items` holds the single questions, e.g. `empathy` 1..5
 * (`domain.md §9.1`). An NPS answer is a band and therefore a whole number.
 */
export const SurveyAnswered = refine(
  record(
    {
      surveyId: id,
      partyId: id,
      instrument: oneOf(surveyInstruments),
      score: scalePoint,
      scaleMin: scalePoint,
      scaleMax: scalePoint,
    },
    { items: dictionary(scalePoint, 50), aboutEventId: reference, verbatim: personal(freeText) },
  ),
  ({ scaleMin, scaleMax }) =>
    scaleMin < scaleMax ? null : { field: 'scaleMax', message: `must be greater than scaleMin ${scaleMin}` },
  ({ score, scaleMin, scaleMax }) =>
    score >= scaleMin && score <= scaleMax
      ? null
      : { field: 'score', message: `must lie on its scale ${scaleMin}..${scaleMax}` },
  ({ instrument, score }) =>
    instrument !== 'nps' || Number.isInteger(score)
      ? null
      : { field: 'score', message: 'must be a whole number for instrument nps' },
);
export type SurveyAnswered = t.TypeOf<typeof SurveyAnswered>;
