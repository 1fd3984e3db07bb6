import { defaultConfiguration } from '@afecto/domain';
import { scorecardFigures } from '../scorecard/figures';
import { goalFigures } from '../scorecard/goals';
import { contacted, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { defectionFigures } from './figures';

/*
 * Who is active on a day is told by sums up to it, and orders stop counting by days that are known ahead. Asked about
 * this month or this year, whose end lies ahead, everybody stopped being active by that end, for nobody can have
 * ordered yet: churn came out as high as 1, and the contacts of ten days were divided by the days of the whole year.
 */
describe('a window that reaches beyond today', () => {
  const buyers = [
    ...[700, 550, 400, 250, 100].map((ago) => ordered('stays', ago, `stays-${ago}`)),
    ordered('left', 300, 'left'),
    ordered('new', 20, 'new'),
  ];
  const told = (from: number, to: number) => ({ from, to });

  it('has the retention of today, not that of a day on which nobody can have ordered yet', async () => {
    const { figures } = await givenCustomers(buyers);
    const retention = { activeAtStart: 2, activeAtEnd: 2, newAtEnd: 1, newCustomers: 1, retentionRate: 0.5 };
    expect(await figures(defectionFigures, told(150, 0))).toMatchObject({ ...retention, churnRate: 0.5 });
    expect(await figures(defectionFigures, told(150, -200))).toMatchObject({ ...retention, churnRate: 0.5 });
  });

  it('looks back from today in the scorecard, and at what better retention is worth', async () => {
    const { figures } = await givenCustomers(buyers);
    const { customers, economics } = await figures(scorecardFigures, told(150, 0));
    expect(await figures(scorecardFigures, told(150, -200))).toMatchObject({ customers, economics });
  });

  it('that has not begun has no rate', async () => {
    const { figures } = await givenCustomers(buyers);
    expect(await figures(defectionFigures, told(-10, -40))).toMatchObject({
      activeAtStart: 2,
      activeAtEnd: 2,
      newAtEnd: 0,
      newCustomers: 0,
      retentionRate: null,
      churnRate: null,
    });
  });

  it('counts the days that have come for what an agent does a day', async () => {
    const { figures } = await givenCustomers([
      said('ConfigurationActivated', 900, {
        version: 1,
        effectiveFrom: isoDaysAgo(900),
        config: {
          ...defaultConfiguration,
          version: 1,
          agentGoals: [{ agentId: 'ada', measure: 'contactsPerDay', atLeast: 0.5 }],
        },
      }),
      ...[1, 3, 5, 7, 9].map((ago) => contacted('p1', ago, { agentId: 'ada' })),
    ]);
    const goals = (contactsPerDay: number | null, isMet: boolean | null) => ({
      agents: [{ agentId: 'ada', contactsPerDay, goals: [{ measure: 'contactsPerDay', isMet }] }],
    });
    expect(await figures(goalFigures, told(9, -21))).toMatchObject(goals(0.5, true));
    expect(await figures(goalFigures, told(-1, -21))).toMatchObject(goals(null, null));
  });
});
