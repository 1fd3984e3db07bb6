import { type Configuration, defaultConfiguration, type Fact } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, said } from '../tally/given-customers';
import { goalFigures } from './goals';

const configured = (agentGoals: Configuration['agentGoals']): Fact =>
  said('ConfigurationActivated', 900, {
    version: 1,
    effectiveFrom: isoDaysAgo(900),
    config: { ...defaultConfiguration, version: 1, ...(agentGoals === undefined ? {} : { agentGoals }) },
  });
/** A complaint that an agent finished, with an outcome. */
const finished = (agentId: string, number: number, outcome: string): ReadonlyArray<Fact> => {
  const itemId = `${number}`.padStart(32, '0');
  const partyId = `p${number}`;
  return [
    said(
      'WorkItemClaimed',
      5,
      { itemId, queue: 'Q1', partyId, agentId, leaseUntil: isoDaysAgo(4.9), slot: 'priority' },
      partyId,
    ),
    said('WorkItemCompleted', 4.95, { itemId, agentId, outcome }, partyId),
  ];
};
const history = [
  ...finished('ada', 1, 'recovered'),
  ...finished('ada', 2, 'recovered'),
  ...finished('ada', 3, 'not_recovered'),
  ...finished('bob', 4, 'not_recovered'),
  ...[6, 7, 8, 9, 10].map((ago) => contacted('p1', ago, { agentId: 'ada' })),
];

describe('goals of agents (domain.md §12.2)', () => {
  // coverage: 146
  it('stand beside what each came to; an own goal takes the place of the common one', async () => {
    const { figures } = await givenCustomers([
      configured([
        { measure: 'successRate', atLeast: 0.5 },
        { measure: 'contactsPerDay', atLeast: 0.5 },
        { measure: 'successRate', agentId: 'ada', atLeast: 0.75 },
        { measure: 'completedPerDay', agentId: 'eve', atLeast: 1 },
      ]),
      ...history,
    ]);
    // Ten days.
    expect(await figures(goalFigures, { from: 9, to: 0 })).toEqual({
      agents: [
        {
          agentId: 'ada',
          contactsPerDay: 0.4,
          completedPerDay: 0.3,
          successRate: 2 / 3,
          goals: [
            expect.objectContaining({ measure: 'successRate', isOwn: true, atLeast: 0.75, isMet: false }),
            expect.objectContaining({ measure: 'contactsPerDay', isOwn: false, value: 0.4, isMet: false }),
          ],
          met: 0,
          missed: 2,
          isAttained: false,
        },
        expect.objectContaining({ agentId: 'bob', successRate: 0, met: 0, missed: 2, isAttained: false }),
        expect.objectContaining({
          agentId: 'eve',
          successRate: null,
          goals: [
            { measure: 'completedPerDay', isOwn: true, atLeast: 1, value: 0, distance: -1, isMet: false },
            // Nothing was finished: there is no share yet.
            { measure: 'successRate', isOwn: false, atLeast: 0.5, value: null, distance: null, isMet: null },
            expect.objectContaining({ measure: 'contactsPerDay', isMet: false }),
          ],
        }),
      ],
      withGoals: 3,
      attained: 0,
    });
    expect(await figures(goalFigures, { from: 7, to: 4 })).toMatchObject({
      agents: [{ agentId: 'ada', contactsPerDay: 0.5, met: 1, missed: 1 }, { agentId: 'bob' }, { agentId: 'eve' }],
    });
  });

  it('nobody is measured against where there are none', async () => {
    const { figures } = await givenCustomers([configured(undefined), ...history]);
    expect(await figures(goalFigures)).toMatchObject({
      agents: [
        { agentId: 'ada', goals: [], isAttained: null },
        { agentId: 'bob', goals: [], isAttained: null },
      ],
      withGoals: 0,
    });
  });
});
