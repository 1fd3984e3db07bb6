import { given, hours, past } from '../command/given-when-then';
import { answerSurvey } from './answer-survey';

const answer = { surveyId: 's1', partyId: 'customer', instrument: 'nps', score: 9 } as const;
const fact = { ...answer, scaleMin: 0, scaleMax: 10 };

describe('AnswerSurvey', () => {
  it('takes the scale of the instrument', () => {
    given()
      .when(answerSurvey, answer)
      .then(['SurveyAnswered', fact, ['customer']]);
  });

  it.each([
    ['nps', 0, 10],
    ['ces', 1, 7],
    ['csat_transactional', 1, 5],
    ['csat_relationship', 1, 5],
  ] as const)('%s goes from %i to %i', (instrument, min, max) => {
    for (const score of [min, max])
      given()
        .when(answerSurvey, { ...answer, instrument, score })
        .thenAccepted();
    for (const score of [min - 1, max + 1]) {
      given()
        .when(answerSurvey, { ...answer, instrument, score })
        .thenRefused('ScoreOutOfRange', { path: '/score', details: { scaleMin: min, scaleMax: max } });
    }
  });

  it.each(['nps', 'ces'] as const)('%s has no other scale and no half points', (instrument) => {
    given()
      .when(answerSurvey, { ...answer, instrument, score: 2, scaleMin: 1, scaleMax: 5 })
      .thenRefused('ScaleMismatch');
    given()
      .when(answerSurvey, { ...answer, instrument, score: 2.5 })
      .thenRefused('ScoreOutOfRange');
  });

  it('takes a declared scale of csat', () => {
    given()
      .when(answerSurvey, { ...answer, instrument: 'csat_relationship', score: 9, scaleMin: 1, scaleMax: 10 })
      .thenAccepted();
  });

  it('needs a scale for a custom instrument', () => {
    const custom = { ...answer, instrument: 'custom' };
    given().when(answerSurvey, custom).thenRefused('ScaleMismatch');
    given()
      .when(answerSurvey, { ...custom, scaleMin: 10, scaleMax: 10 })
      .thenRefused('ScaleMismatch');
    given()
      .when(answerSurvey, { ...custom, scaleMin: 0, scaleMax: 9 })
      .thenAccepted();
  });

  it('is answered once', () => {
    given(past('SurveyAnswered', fact, -hours(1)))
      .when(answerSurvey, answer)
      .thenRefused('AlreadyAnswered', { path: '/surveyId' });
  });

  it('refuses an unknown party', () => {
    given()
      .when(answerSurvey, answer, { parties: { customer: { status: 'unknown' } } })
      .thenRefused('PartyNotFound');
  });
});
