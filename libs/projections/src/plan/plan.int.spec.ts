import { type Configuration, defaultConfiguration, type Fact, itemIdOf } from '@afecto/domain';
import { reportOf } from '../reports/definition';
import { valueAt } from '../reports/indicator';
import { models } from '../reports/models';
import { scorecardFigures } from '../scorecard/figures';
import { segmentFigures } from '../segments/figures';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { planFigures } from './figures';

const configured = (
  sections: Partial<Configuration>,
  initiative?: { readonly baseline: Readonly<Record<string, number>> },
): Fact =>
  said('ConfigurationActivated', 900, {
    version: 1,
    effectiveFrom: isoDaysAgo(900),
    config: {
      ...defaultConfiguration,
      version: 1,
      segments: [{ segmentId: 'all', name: 'All' }],
      ...sections,
    },
    ...(initiative === undefined
      ? {}
      : {
          initiative: {
            initiativeId: 'listen',
            vision: 'Listen first',
            concept: { what: 'x', why: 'x', how: 'x', when: 'x', who: 'x', priority: 1, costMinor: 0 },
            development: {
              startsAt: isoDaysAgo(900),
              endsAt: isoDaysAgo(1),
              owners: ['ada'],
              controlPoints: [{ controlPoint: 'begun', dueAt: isoDaysAgo(800), owner: 'ada' }],
              criticalSuccessFactors: ['time'],
            },
            implementation: { followUp: 'monthly' },
            ...initiative,
          },
        }),
  });

/** Revenue of 30 000 in the window; a customer who is leaving, saved in time. */
const leaving = said('DefectionNoticeReceived', 20, {
  partyId: 'p1',
  effectiveAt: isoDaysAgo(-20),
  reasonCodes: [],
  channel: 'phone',
});
const itemId = itemIdOf('Q7', 'p1', `notice:${leaving.eventId}`);
const history = [
  ordered('p1', 60, 'o1', { netMinor: 20_000, costMinor: 5_000 }),
  ordered('p2', 50, 'o2', { netMinor: 10_000, costMinor: 5_000 }),
  leaving,
  said(
    'WorkItemClaimed',
    19.9,
    { itemId, queue: 'Q7', partyId: 'p1', agentId: 'a', leaseUntil: isoDaysAgo(19.8), slot: 'priority' },
    'p1',
  ),
  said('WorkItemCompleted', 19.85, { itemId, agentId: 'a', outcome: 'saved' }, 'p1'),
];

const plan: NonNullable<Configuration['plan']> = {
  indicators: [
    { indicator: 'revenueMinor', atLeast: 40_000 },
    { indicator: 'repeatRate', atMost: 0.5 },
    { indicator: 'recoveryRate', atLeast: 0.5 },
    { indicator: 'netPromoterScore', atLeast: 20 },
  ],
  queues: [
    { queue: 'Q7', measure: 'successRate', atLeast: 0.5 },
    { queue: 'Q5', measure: 'open', atMost: 1 },
  ],
  segments: [{ segmentId: 'all', measure: 'size', atLeast: 3 }],
};

describe('the plan (domain.md §11.7)', () => {
  // coverage: 2
  it('has targets that the scorecard shows beside what was reached', async () => {
    const { figures } = await givenCustomers([configured({ plan }), ...history]);
    const { targets } = await figures(scorecardFigures);
    expect(targets).toEqual([
      {
        indicator: 'revenueMinor',
        path: 'corporate.revenueMinor',
        atLeast: 40_000,
        value: 30_000,
        distance: -10_000,
        isMet: false,
      },
      { indicator: 'repeatRate', path: 'customers.repeatRate', atMost: 0.5, value: 0, distance: 0.5, isMet: true },
    ]);
  });

  // coverage: 162
  it('shows target and actual for each queue, for segments and for indicators of any projection', async () => {
    const { figures } = await givenCustomers([configured({ plan }), ...history]);
    const told = await figures(planFigures);
    expect(told).toMatchObject({
      indicators: [
        { indicator: 'revenueMinor', from: 'PR18 scorecard corporate.revenueMinor', isMet: false },
        { indicator: 'repeatRate', isMet: true },
        // Nothing to divide by, nobody asked: neither met nor missed.
        { indicator: 'recoveryRate', from: 'PR11 complaints recovery.recoveryRate', value: null, isMet: null },
        { indicator: 'netPromoterScore', value: null, distance: null, isMet: null },
      ],
      segments: [{ segmentId: 'all', measure: 'size', value: 2, atLeast: 3, distance: -1, isMet: false }],
    });
    const queues = told['queues'] ?? [];
    expect(Array.isArray(queues) ? queues.length : 0).toBe(8);
    expect(valueAt(told, ['queues', 'queue=Q7'])).toEqual({
      queue: 'Q7',
      entered: 1,
      closed: 1,
      successRate: 1,
      inTimeShare: 1,
      open: 0,
      targets: [{ measure: 'successRate', atLeast: 0.5, value: 1, distance: 0.5, isMet: true }],
    });
    expect(valueAt(told, ['queues', 'queue=Q5'])).toMatchObject({
      open: 2,
      targets: [{ measure: 'open', atMost: 1, value: 2, distance: -1, isMet: false }],
    });
    expect(await figures(segmentFigures)).toMatchObject({
      segments: [{ plan: [{ measure: 'size', atLeast: 3, value: 2, distance: -1, isMet: false }] }],
    });
  });

  // coverage: 162
  it('stands beside the indicators of the reports', async () => {
    const { question } = await givenCustomers([configured({ plan }), ...history]);
    const model = models.find(({ name }) => name === 'gartner');
    if (model === undefined) throw new Error('no such model');
    const report = await reportOf(model, question());
    const indicatorOf = (step: string, label: string) =>
      valueAt(report, ['steps', `name=${step}`, 'indicators', `label=${label}`]);
    expect(indicatorOf('Metrics', 'Net promoter score')).toMatchObject({
      targets: [{ indicator: 'netPromoterScore', atLeast: 20, value: null, isMet: null }],
    });
    expect(indicatorOf('Metrics', 'Contribution, minor units')).toMatchObject({ value: 20_000, targets: [] });
  });

  it('measures an initiative from the baseline that it froze at its start', async () => {
    const { figures } = await givenCustomers([
      configured({}, { baseline: { revenueMinor: 25_000, recoveryRate: 0.5, laughter: 3 } }),
      ...history,
    ]);
    expect(await figures(planFigures)).toMatchObject({
      indicators: [],
      initiatives: [
        {
          initiativeId: 'listen',
          indicators: [
            { indicator: 'revenueMinor', baseline: 25_000, now: 30_000, change: 5_000 },
            { indicator: 'recoveryRate', baseline: 0.5, now: null, change: null },
            { indicator: 'laughter', baseline: 3, now: null, change: null },
          ],
        },
      ],
    });
  });
});
