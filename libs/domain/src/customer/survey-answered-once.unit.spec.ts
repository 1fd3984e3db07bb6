/**
 * A survey is answered once (`domain.md §15`, AnswerSurvey). Told by two systems, or again under another id of its
 * sender, its answer was taken for two: it counted twice in the attitude, and a detractor was called back twice.
 * Every other fact that opens something of an id counts the first time alone.
 */
import { regimeOf } from '../policy/fold-regime';
import { fact, onDay } from './fact-builder';
import { foldCustomer } from './fold';

const answered = (surveyId: string, day: number, score: number, id: string) =>
  fact(
    'SurveyAnswered',
    day,
    { surveyId, partyId: 'p1', instrument: 'nps', score, scaleMin: 0, scaleMax: 10 },
    { id, eventId: id },
  );
const foldOf = (...facts: ReadonlyArray<ReturnType<typeof answered>>) =>
  foldCustomer({ partyId: 'p1', members: ['p1'], facts, referredOrders: [] }, regimeOf([]), onDay(20));

test('a survey that is told under two ids is answered once, by the answer that happened first', () => {
  const first = answered('s1', 3, 1, 'told-by-the-shop');
  const again = answered('s1', 4, 2, 'told-by-the-survey-tool');
  const { fold, standing } = foldOf(first, again);
  expect(fold.evidence.surveys.map(({ eventId }) => eventId)).toEqual(['told-by-the-shop']);
  expect(standing).toEqual(foldOf(first).standing);
  expect(standing.items.filter(({ queue }) => queue === 'Q1')).toHaveLength(1);
  expect(foldOf(first, answered('s2', 4, 2, 'another')).fold.evidence.surveys).toHaveLength(2);
});
