import { DAY_MS, defaultConfiguration, type FactData } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, said } from '../tally/given-customers';
import { initiativeFigures } from './figures';

type Initiative = NonNullable<FactData['ConfigurationActivated']['initiative']>;
type ControlPoint = Initiative['development']['controlPoints'][number];

const ms = 1 / DAY_MS;
const point = (controlPoint: string, dueAgo: number, owner: string, metAgo?: number): ControlPoint => ({
  controlPoint,
  dueAt: isoDaysAgo(dueAgo),
  owner,
  ...(metAgo === undefined ? {} : { metAt: isoDaysAgo(metAgo) }),
});

const initiative = (initiativeId: string, controlPoints: ReadonlyArray<ControlPoint>): Initiative => ({
  initiativeId,
  vision: 'Know every customer',
  baseline: { retentionRate: 0.8 },
  concept: { what: 'w', why: 'y', how: 'h', when: 'n', who: 'all', priority: 1, costMinor: 0 },
  development: {
    startsAt: isoDaysAgo(100),
    endsAt: isoDaysAgo(-100),
    owners: ['ana'],
    controlPoints,
    criticalSuccessFactors: ['Everybody records'],
  },
  implementation: { followUp: 'weekly' },
});

const activated = (version: number, ago: number, stated?: Initiative, fromAgo = ago) =>
  said('ConfigurationActivated', ago, {
    version,
    effectiveFrom: isoDaysAgo(fromAgo),
    config: { ...defaultConfiguration, version },
    ...(stated === undefined ? {} : { initiative: stated }),
  });

describe('control points of initiatives (domain.md §12.2)', () => {
  // coverage: 125
  it('are overdue from the instant on at which they are due, and listed by owner, the oldest first', async () => {
    const { figures } = await givenCustomers([
      activated(
        1,
        90,
        initiative('crm', [
          point('vision told', 60, 'ana', 61),
          point('baseline frozen', 50, 'ana', 40),
          point('agents trained', 30, 'luis'),
          point('queues in use', 10.5, 'ana'),
          point('now', 0, 'ana'),
          point('in a moment', -ms, 'ana'),
          // Said to be met, but later than now.
          point('foretold', 5, 'luis', -5),
        ]),
      ),
    ]);
    expect(await figures(initiativeFigures)).toMatchObject({
      controlPoints: { all: 7, met: 1, metLate: 1, overdue: 4, due: 1 },
      overdue: [
        {
          owner: 'ana',
          overdue: 2,
          controlPoints: [
            { initiativeId: 'crm', controlPoint: 'queues in use', daysLate: 10 },
            { controlPoint: 'now', daysLate: 0 },
          ],
        },
        { owner: 'luis', overdue: 2, controlPoints: [{ controlPoint: 'agents trained', daysLate: 30 }, {}] },
      ],
      initiatives: [
        {
          initiativeId: 'crm',
          baseline: { retentionRate: 0.8 },
          criticalSuccessFactors: ['Everybody records'],
          controlPoints: [{ state: 'met' }, { state: 'met_late' }, {}, {}, {}, {}, { state: 'due' }],
        },
      ],
    });
  });

  it('are as the last activation in force states their initiative; one that states none forgets none', async () => {
    const late = initiative('crm', [point('agents trained', 30, 'luis')]);
    const met = initiative('crm', [point('agents trained', 30, 'luis', 29)]);
    const { figures } = await givenCustomers([
      activated(1, 90, late),
      activated(2, 20, met),
      activated(3, 10, initiative('other', [point('other', 5, 'eva')])),
      activated(4, 9),
      // Not in force yet.
      activated(5, 8, late, -1),
    ]);
    expect(await figures(initiativeFigures)).toMatchObject({
      controlPoints: { all: 2, met: 0, metLate: 1, overdue: 1 },
      overdue: [{ owner: 'eva' }],
      initiatives: [{ initiativeId: 'crm' }, { initiativeId: 'other' }],
    });
  });
});
