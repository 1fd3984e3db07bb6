/**
 * Of two answers of one instant the later in order is the newer. A detractor's with a better one after it opened an item
 * whose exit held already: it was closed by whichever evaluation came next, so that folding every day closed it on
 * the next morning, and a fold that skips days at the next fact.
 */
import { foldCustomer } from '../customer/fold';
import { foldDaily } from '../customer/fold-daily';
import { fact, onDay } from '../customer/fact-builder';
import { regimeOf } from '../policy/fold-regime';

const answered = (score: number, id: string) =>
  fact(
    'SurveyAnswered',
    3,
    { surveyId: id, partyId: 'p1', instrument: 'nps', score, scaleMin: 0, scaleMax: 10 },
    { id, eventId: id },
  );

test.each([
  ['a better answer after it opens nothing', [answered(1, 's1'), answered(9, 's2')], 0],
  ['a better answer before it opens an item', [answered(9, 's1'), answered(1, 's2')], 1],
])('a detractor with %s', (_, facts, items) => {
  const history = { partyId: 'p1', members: ['p1'], facts, referredOrders: [] };
  const { standing } = foldCustomer(history, regimeOf([]), onDay(20));
  expect(standing.items.filter(({ queue }) => queue === 'Q1')).toHaveLength(items);
  expect(foldDaily(history, regimeOf([]), onDay(20))).toEqual(standing);
});
