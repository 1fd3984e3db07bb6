import { defaultConfiguration, type Fact } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { segmentFigures } from '../segments/figures';
import { voiceFigures } from '../voice/figures';
import { valueAt } from './indicator';

/** Segments by zone with a proposition each: what a customer is offered hangs on how it feels. */
const configured: Fact = said('ConfigurationActivated', 500, {
  version: 1,
  effectiveFrom: isoDaysAgo(500),
  config: {
    ...defaultConfiguration,
    version: 1,
    segments: [
      { segmentId: 'content', name: 'Content', zones: ['indifference', 'affection'] },
      { segmentId: 'hurt', name: 'Hurt', zones: ['defection'] },
    ],
    propositions: [
      { propositionId: 'more', segmentId: 'content', statement: 'More of what you like' },
      { propositionId: 'amends', segmentId: 'hurt', statement: 'We make it good' },
    ],
  },
});
const orders = Array.from({ length: 6 }, (_, index) => ordered('p1', 160 - 30 * index, `o${index}`));
const badSurvey = said('SurveyAnswered', 2, {
  surveyId: 's1',
  partyId: 'p1',
  instrument: 'nps',
  score: 0,
  scaleMin: 0,
  scaleMax: 10,
});

describe('the experience of customers (domain.md §11.7)', () => {
  // coverage: 167
  it('given a bad survey, then it reaches what is proposed, what is done and what is measured', async () => {
    const before = await givenCustomers([configured, ...orders]);
    const after = await givenCustomers([configured, ...orders, badSurvey]);
    const sizes = async ({ figures }: typeof before) => {
      const told = await figures(segmentFigures);
      return ['content', 'hurt'].map((segmentId) => valueAt(told, ['segments', `segmentId=${segmentId}`, 'size']));
    };
    const activities = ({ customer }: typeof before) =>
      customer('p1').standing.items.filter(({ queue, state }) => queue === 'Q1' && state === 'open').length;
    const detractors = async ({ figures }: typeof before) =>
      valueAt(await figures(voiceFigures), ['instruments', 'instrument=nps', 'detractors']);
    expect([await sizes(before), activities(before), await detractors(before)]).toEqual([[1, 0], 0, undefined]);
    expect([await sizes(after), activities(after), await detractors(after)]).toEqual([[0, 1], 1, 1]);
  });
});
