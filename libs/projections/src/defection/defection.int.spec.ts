import type { Fact } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { defectionFigures } from './figures';
import { acknowledged, complaint, diagnosed, followedUp, notice, solved } from './given-leavers';
import { defectionView } from './view';

describe('losses (PR16, domain.md §9.1)', () => {
  it('count with what they cost: the spend of the 365 days before each, what came back before it taken off', async () => {
    const { figures } = await givenCustomers([
      ordered('p1', 500, 'o1', { netMinor: 5_000 }),
      ordered('p1', 200, 'o2', { netMinor: 2_000, costMinor: 500 }),
      ordered('p1', 150, 'o3', { netMinor: 1_000, costMinor: 500 }),
      said('OrderReversed', 140, { orderId: 'o3', kind: 'returned', amountMinor: 400, reason: 'unwanted' }, 'p1'),
      notice('p1', 100),
      ordered('p2', 400, 'o4'),
    ]);
    expect(await figures(defectionFigures, { from: 120 })).toMatchObject({
      lost: 1,
      lostByNotice: 1,
      lostBySilence: 0,
      lostByTier: { none: 1 },
      revenueLostMinor: 2_600,
      contributionLostMinor: 1_500 + 300,
    });
    expect(await figures(defectionFigures, { from: 99 })).toMatchObject({ lost: 0, revenueLostMinor: 0 });
  });

  it('by silence are dated by the day on which they were decided', async () => {
    const { figures, view } = await givenCustomers([ordered('p1', 700, 'o1')]);
    // One order: cadence 90 days by default, lost at six times that.
    expect(await figures(defectionFigures, { from: 161, to: 159 })).toMatchObject({ lost: 1, lostBySilence: 1 });
    expect((await view(defectionView, 'p1'))['losses']).toMatchObject([{ from: isoDaysAgo(160), by: 'silence' }]);
  });

  it('by silence has the diagnosis of before it was decided, when that came after the last order', async () => {
    const { figures } = await givenCustomers([
      ordered('p1', 700, 'o1'),
      diagnosed('p1', 165, 'pricing'),
      ordered('p2', 700, 'o2'),
      diagnosed('p2', 701, 'pricing'),
    ]);
    const told = await figures(defectionFigures);
    expect(told).toMatchObject({ lost: 2, diagnosedInTime: 1 });
    expect(told['reasons']).toMatchObject([
      { reason: 'lack_of_interaction', byOrigin: { proposed: 1 } },
      { reason: 'pricing', count: 1, byOrigin: { diagnosed: 1 } },
    ]);
  });

  const cameBack = [
    ordered('p1', 800, 'o1'),
    notice('p1', 740, { effectiveAt: isoDaysAgo(730), reasonCodes: ['pricing'], competitorId: 'rival' }),
    diagnosed('p1', 725, 'ethical'),
  ];

  it('who ordered after a notice took effect, or took it back, and leaves again in silence leaves without it', async () => {
    const back = [ordered('p1', 700, 'o2'), ordered('p1', 670, 'o3'), ordered('p1', 640, 'o4'), contacted('p1', 480)];
    const { figures, view } = await givenCustomers([...cameBack, ...back]);
    expect(await view(defectionView, 'p1')).toMatchObject({
      proposedReasons: [{ reason: 'lack_of_interaction' }],
      losses: [
        { by: 'notice', competitorId: 'rival', origin: 'diagnosed', diagnosedAt: isoDaysAgo(725) },
        {
          by: 'silence',
          competitorId: null,
          origin: 'unknown',
          reasons: [],
          diagnosedAt: null,
          diagnosedInTime: false,
        },
      ],
    });
    const since = { from: 760 };
    expect(await figures(defectionFigures, since)).toMatchObject({
      lost: 2,
      lostByNotice: 1,
      lostBySilence: 1,
      diagnosedInTime: 1,
      reasons: [{ reason: 'ethical', count: 1 }],
    });
    const takenBack = await givenCustomers([...cameBack, notice('p1', 720, { withdrawn: true })]);
    expect((await takenBack.view(defectionView, 'p1'))['losses']).toMatchObject([
      { by: 'notice', diagnosedInTime: true },
      { by: 'silence', diagnosedInTime: false },
    ]);
  });

  it('an order of the day of the loss, placed after it, does not end the notice that made it', async () => {
    const { view } = await givenCustomers([...cameBack, ordered('p1', 729.9, 'o2')]);
    expect((await view(defectionView, 'p1'))['losses']).toMatchObject([
      { by: 'notice', from: isoDaysAgo(730), to: isoDaysAgo(729.9), wonBack: true },
      { by: 'silence' },
    ]);
  });

  it.each([
    ['30 days after the loss', 70, 1],
    ['a millisecond later', 70 - 1 / 86_400_000, 0],
    ['after the notice and before it took effect', 105, 1],
  ])('diagnosed %s', async (_, ago, inTime) => {
    const { figures } = await givenCustomers([
      ordered('p1', 150, 'o1'),
      notice('p1', 110, { effectiveAt: isoDaysAgo(100) }),
      diagnosed('p1', ago, 'pricing'),
    ]);
    const told = await figures(defectionFigures);
    expect(told).toMatchObject({ lost: 1, diagnosedInTime: inTime });
    expect(told['reasons']).toMatchObject([{ reason: 'pricing', byOrigin: { diagnosed: 1 } }]);
  });
});

describe('reasons (PR16, domain.md §9.1)', () => {
  // coverage: 102
  it('are those of the diagnosis, else those stated, else those proposed, the most frequent first', async () => {
    const { figures } = await givenCustomers([
      ordered('p1', 300, 'o1'),
      notice('p1', 50, { reasonCodes: ['inconvenience'] }),
      diagnosed('p1', 45, 'pricing', 'changing_needs'),
      ordered('p2', 300, 'o2'),
      notice('p2', 50, { reasonCodes: ['pricing'] }),
      ordered('p3', 300, 'o3'),
      notice('p3', 50),
    ]);
    const { reasons } = await figures(defectionFigures);
    expect(reasons).toEqual([
      {
        reason: 'pricing',
        count: 2,
        share: 0.5,
        cumulativeShare: 0.5,
        controllable: true,
        keaveney: 'pricing',
        byTier: { none: 2 },
        byOrigin: { diagnosed: 1, stated: 1 },
      },
      expect.objectContaining({ reason: 'changing_needs', controllable: false, keaveney: null, cumulativeShare: 0.75 }),
      expect.objectContaining({ reason: 'lack_of_interaction', byOrigin: { proposed: 1 }, cumulativeShare: 1 }),
    ]);
  });

  const proposedFor = async (...facts: ReadonlyArray<Fact>): Promise<unknown> => {
    const { view } = await givenCustomers([ordered('p1', 300, 'o1'), ...facts]);
    const { losses } = await view(defectionView, 'p1');
    return Array.isArray(losses) ? losses.map(({ proposed }: Record<string, unknown>) => proposed) : [];
  };
  it.each<[string, ReadonlyArray<Fact>, ReadonlyArray<string>]>([
    ['a contact 180 days before', [contacted('p1', 230), notice('p1', 50)], []],
    ['one a millisecond earlier', [contacted('p1', 230 + 1 / 86_400_000), notice('p1', 50)], ['lack_of_interaction']],
    ['a competitor in the notice', [contacted('p1', 60), notice('p1', 50, { competitorId: 'rival' })], ['competition']],
    [
      'a complaint still open past its due',
      [contacted('p1', 60), complaint('p1', 52), notice('p1', 50)],
      ['failed_recovery'],
    ],
    ['a complaint that was not due yet', [contacted('p1', 60), complaint('p1', 50.5), notice('p1', 50)], []],
    ['a complaint after the loss', [contacted('p1', 60), notice('p1', 50), complaint('p1', 40)], []],
    // The state of today was asked: the reason of a loss went away when the complaint was made good after it.
    [
      'a complaint not recovered at the loss, made good after it',
      [
        contacted('p1', 60),
        complaint('p1', 58, 'k'),
        ...solved('k', 57.5, 1, 55),
        notice('p1', 50),
        acknowledged('k', 41),
        ...solved('k', 40, 5, 35),
      ],
      ['failed_recovery'],
    ],
    [
      'a complaint past its due at the loss, made good after it',
      [
        contacted('p1', 60),
        complaint('p1', 52, 'k'),
        notice('p1', 50),
        ...solved('k', 45, 2, 42),
        acknowledged('k', 41),
        ...solved('k', 40, 5, 35),
      ],
      ['failed_recovery'],
    ],
    [
      'a complaint recovered at the loss, reopened after it',
      [
        contacted('p1', 60),
        complaint('p1', 58, 'k'),
        ...solved('k', 57.5, 5, 55),
        notice('p1', 50),
        followedUp('k', 45, 1),
      ],
      [],
    ],
    [
      'a complaint resolved in time, of which the first verdict came after the loss and is a bad one',
      [contacted('p1', 60), complaint('p1', 52, 'k'), notice('p1', 50), ...solved('k', 51.5, 1, 45)],
      ['failed_recovery'],
    ],
  ])('%s', async (_, facts, reasons) => {
    expect(await proposedFor(...facts)).toEqual([reasons]);
  });
});
