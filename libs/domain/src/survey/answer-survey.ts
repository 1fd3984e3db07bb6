import * as E from 'fp-ts/Either';
import { type CommandDefinition, decided } from '../command/definition';
import { refuse } from '../command/errors';
import { idFromCommand } from '../command/identity';
import { rootOf } from '../command/knowledge';
import { freeText, id, number, oneOf, reference } from '../facts/codec';
import type { Fact } from '../facts/envelope';
import { dictionary, record, type RecordOf, said } from '../facts/structure';
import { surveyInstruments } from './events';

const scalePoint = number(-1_000, 1_000);
const required = { partyId: id, instrument: oneOf(surveyInstruments), score: scalePoint };
/** `scaleMin`, `scaleMax`: those of the instrument when absent; a custom instrument declares them. */
const optional = {
  surveyId: id,
  scaleMin: scalePoint,
  scaleMax: scalePoint,
  items: dictionary(scalePoint, 50),
  aboutEventId: reference,
  verbatim: said(freeText),
};
export type AnswerSurvey = RecordOf<typeof required, typeof optional>;

export type SurveyState = { readonly stage: 'open' } | { readonly stage: 'answered' };

interface Scale {
  readonly min: number;
  readonly max: number;
  /** Another scale may be declared. */
  readonly declarable: boolean;
  /** Only whole points exist on it. */
  readonly whole: boolean;
}

/** The scales of the instruments (`domain.md §15`, AnswerSurvey). */
const scales: Readonly<Record<AnswerSurvey['instrument'], Scale | null>> = {
  nps: { min: 0, max: 10, declarable: false, whole: true },
  ces: { min: 1, max: 7, declarable: false, whole: true },
  csat_transactional: { min: 1, max: 5, declarable: true, whole: false },
  csat_relationship: { min: 1, max: 5, declarable: true, whole: false },
  custom: null,
};

const surveyIdOf = ({ surveyId }: AnswerSurvey, { commandId }: { readonly commandId: string }): string =>
  surveyId ?? idFromCommand(commandId, 'survey');

/** One answer to a survey (`domain.md §15`): on the instrument's scale, once. */
export const answerSurvey: CommandDefinition<AnswerSurvey, SurveyState> = {
  name: 'AnswerSurvey',
  input: record(required, optional),
  needs: ({ partyId }) => ({ parties: [partyId] }),
  streamOf: (input, context) => `survey-${surveyIdOf(input, context)}`,
  initial: { stage: 'open' },
  evolve: (state: SurveyState, fact: Fact) => (fact.type === 'SurveyAnswered' ? { stage: 'answered' } : state),
  decide: (input, context) => (state) => {
    const surveyId = surveyIdOf(input, context);
    const { instrument, score } = input;
    const scale = scales[instrument];
    const scaleMin = input.scaleMin ?? scale?.min;
    const scaleMax = input.scaleMax ?? scale?.max;
    if (scaleMin === undefined || scaleMax === undefined || scaleMin >= scaleMax) {
      return refuse('ScaleMismatch', 'the answer declares a scale with scaleMin < scaleMax', { path: '/scaleMax' });
    }
    if (scale && !scale.declarable && (scaleMin !== scale.min || scaleMax !== scale.max)) {
      return refuse('ScaleMismatch', `the scale of ${instrument} is ${scale.min}..${scale.max}`, {
        path: '/scaleMax',
        details: { scaleMin: scale.min, scaleMax: scale.max },
      });
    }
    if (score < scaleMin || score > scaleMax || (scale?.whole && !Number.isInteger(score))) {
      const points = scale?.whole ? 'a whole number' : 'a number';
      return refuse('ScoreOutOfRange', `the score is ${points} ${scaleMin}..${scaleMax}`, {
        path: '/score',
        details: { scaleMin, scaleMax },
      });
    }
    if (state.stage === 'answered') {
      return refuse('AlreadyAnswered', `survey ${surveyId} was answered`, { path: '/surveyId' });
    }
    const partyId = rootOf(context.knowledge, input.partyId);
    return E.right([decided('SurveyAnswered', { ...input, surveyId, partyId, scaleMin, scaleMax }, [partyId])]);
  },
};
