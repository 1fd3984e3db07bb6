import { campaignArm, defaultConfiguration, type Fact, type FactData, itemIdOf } from '@afecto/domain';
import { contacted, daysAgo, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { defectionFigures } from './figures';
import { defectionView } from './view';

let made = 0;

const notice = (partyId: string, ago: number, given: Partial<FactData['DefectionNoticeReceived']> = {}): Fact =>
  said('DefectionNoticeReceived', ago, {
    partyId,
    effectiveAt: isoDaysAgo(ago),
    reasonCodes: [],
    channel: 'phone',
    ...given,
  });
const diagnosed = (partyId: string, ago: number, ...reasonCodes: FactData['DefectionDiagnosed']['reasonCodes']): Fact =>
  said('DefectionDiagnosed', ago, { partyId, reasonCodes, controllable: true });
const complaint = (partyId: string, ago: number, complaintId?: string): Fact => {
  made += 1;
  return said('ComplaintReceived', ago, {
    complaintId: complaintId ?? `c${made}`,
    partyId,
    channel: 'phone',
    category: 'billing',
    severity: 2,
  });
};
const followedUp = (complaintId: string, ago: number, verdict: number): Fact =>
  said('ComplaintFollowedUp', ago, { complaintId, verdict, attempt: 1 }, 'p1');
const acknowledged = (complaintId: string, ago: number): Fact =>
  said('ComplaintAcknowledged', ago, { complaintId, responsibleAgentId: 'a', resolveBy: isoDaysAgo(ago - 1) }, 'p1');
/** A solution for p1, and what it said of that. */
const solved = (complaintId: string, ago: number, verdict: number, verdictAgo: number): ReadonlyArray<Fact> => {
  const solution = { decision: 'upheld', rootCause: 'tariff', immediate: false, resolvedAt: isoDaysAgo(ago) } as const;
  return [
    said('ComplaintResolved', ago, { complaintId, ...solution }, 'p1'),
    followedUp(complaintId, verdictAgo, verdict),
  ];
};
const measure = (partyId: string, ago: number, costMinor: number): Fact =>
  said('RetentionMeasureTaken', ago, {
    partyId,
    kind: 'reactive',
    measure: 'save_call',
    triggerEventId: 'f1',
    costMinor,
  });

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

describe('retention (PR16, domain.md §9.2, §13.4)', () => {
  it('of ten customers of whom seven stay the churn is 0.3 to the last digit', async () => {
    const ten = Array.from({ length: 10 }, (_, index) => ordered(`p${index}`, 400, `first-${index}`));
    const seven = Array.from({ length: 7 }, (_, index) => ordered(`p${index}`, 20, `again-${index}`));
    const { figures } = await givenCustomers([...ten, ...seven]);
    expect(await figures(defectionFigures)).toMatchObject({ activeAtStart: 10, retentionRate: 0.7, churnRate: 0.3 });
  });

  // coverage: 36, 113
  it('CRR is (E − N)/S and churn the rest: active is an order in the last 180 days', async () => {
    const { figures } = await givenCustomers([
      // Active at the start, and at the end; an interval of 180 days exactly is none of inactivity.
      ordered('kept', 420, 'o1'),
      ordered('kept', 240, 'o2'),
      ordered('kept', 60, 'o3'),
      ordered('churned', 400, 'o4'),
      ordered('also-churned', 370, 'o5'),
      // New: one is still active at the end, one was so only for a while.
      ordered('new', 20, 'o6'),
      ordered('new-and-gone', 360, 'o7'),
    ]);
    const told = await figures(defectionFigures);
    expect(told).toMatchObject({
      activeAtStart: 3,
      activeAtEnd: 2,
      newAtEnd: 1,
      newCustomers: 2,
      retentionRate: 1 / 3,
    });
    expect(told['churnRate']).toBeCloseTo(2 / 3, 12);
    // The window starts between the first orders of two of them.
    expect(await figures(defectionFigures, { from: 365, to: 300 })).toMatchObject({
      activeAtStart: 3,
      activeAtEnd: 4,
      newAtEnd: 1,
      retentionRate: 1,
    });
    // And in the month in which one of them ordered first, some days before.
    expect(await figures(defectionFigures, { from: 358, to: 300 })).toMatchObject({
      activeAtStart: 4,
      activeAtEnd: 4,
      newAtEnd: 0,
      retentionRate: 1,
    });
  });

  /**
   * What staff contributed before it was lost stood above the line of the revenue churn, and only what customers
   * contributed below it: one employee made it 100,000 %.
   */
  it.each(['employee', 'competitor'] as const)('is of customers: a lost %s is no loss and no churn', async (role) => {
    const { figures } = await givenCustomers([
      ordered('p1', 400, 'o1', { netMinor: 1_000, costMinor: 0 }),
      ordered('p1', 30, 'o2', { netMinor: 1_000, costMinor: 0 }),
      said('PartyRoleAssigned', 700, { partyId: 'rival', role, validFrom: isoDaysAgo(700) }),
      ...[460, 430, 400].map((ago) => ordered('rival', ago, `r${ago}`, { netMinor: 100_000, costMinor: 0 })),
      notice('rival', 300),
      measure('rival', 300, 500),
    ]);
    expect(await figures(defectionFigures)).toMatchObject({
      lost: 0,
      contributionLostMinor: 0,
      revenueChurnRate: 0,
      activeAtStart: 1,
      notices: { received: 0 },
      measures: [{ taken: 0 }, { taken: 0 }, { taken: 0 }],
    });
  });

  it('an order on the last active day goes on, one later begins anew', async () => {
    const { figures } = await givenCustomers([
      ordered('p1', 200, 'o1'),
      ordered('p1', 20, 'o2'),
      ordered('p2', 202, 'o3'),
      ordered('p2', 20, 'o4'),
    ]);
    const activeAt = async (ago: number) => (await figures(defectionFigures, { from: 250, to: ago }))['activeAtEnd'];
    expect([await activeAt(22), await activeAt(21), await activeAt(20), await activeAt(0)]).toEqual([2, 1, 2, 2]);
  });

  it('measures by kind with their cost', async () => {
    const { figures } = await givenCustomers([measure('p1', 20, 500), measure('p2', 10, 0), measure('p2', 400, 900)]);
    const { measures } = await figures(defectionFigures);
    expect(measures).toMatchObject([
      { kind: 'proactive', taken: 0, costMinor: 0, measures: {} },
      { kind: 'preventive', taken: 0 },
      { kind: 'reactive', taken: 2, costMinor: 500, measures: { save_call: 2 } },
    ]);
  });

  const launched = (campaignId: string, holdoutPct: number): Fact =>
    said('CampaignLaunched', 121, {
      campaignId,
      name: campaignId,
      objective: 'keep',
      segmentId: 'all',
      propositionId: 'v1',
      channels: ['phone'],
      startsAt: isoDaysAgo(120),
      endsAt: isoDaysAgo(20),
      budgetMinor: 1_000,
      holdoutPct,
      warningAcknowledged: false,
    });
  const configured: Fact = said('ConfigurationActivated', 900, {
    version: 1,
    effectiveFrom: isoDaysAgo(900),
    config: { ...defaultConfiguration, version: 1, segments: [{ segmentId: 'all', name: 'All' }] },
  });
  const taken = (partyId: string, kind: 'proactive' | 'preventive' | 'reactive', trigger: Fact): Fact =>
    said('RetentionMeasureTaken', 60, {
      partyId,
      kind,
      measure: 'needs_review',
      triggerEventId: trigger.eventId,
      costMinor: 0,
    });
  /** Customers of whom the campaign holds every other back; those of the test arm bring more. */
  const arms = (campaign: Fact, kind: 'proactive' | 'preventive' | 'reactive'): ReadonlyArray<Fact> =>
    Array.from({ length: 12 }, (_, index) => `p${index}`).flatMap((partyId) => {
      const isTest = campaignArm('keep', partyId, 50) === 'test';
      return [
        ordered(partyId, 300, `early-${partyId}`),
        ordered(partyId, 50, `late-${partyId}`, { netMinor: isTest ? 900 : 300, costMinor: 0 }),
        ...(isTest ? [taken(partyId, kind, campaign)] : []),
      ];
    });
  const isTest = (index: number): boolean => campaignArm('keep', `p${index}`, 50) === 'test';
  const test = Array.from({ length: 12 }, (_, index) => isTest(index)).filter(Boolean).length;

  // coverage: 145
  it('a kind of measure has the lift of the campaigns that set it off, against those whom they held back', async () => {
    const campaign = launched('keep', 50);
    const { figures } = await givenCustomers([configured, campaign, ...arms(campaign, 'preventive')]);
    const { measures } = await figures(defectionFigures);
    expect(test).toBeGreaterThan(1);
    expect(measures).toMatchObject([
      { kind: 'proactive', lift: 'unknown', roi: 'unknown' },
      {
        kind: 'preventive',
        taken: test,
        lift: {
          liftMinor: 600,
          test,
          control: 12 - test,
          campaigns: [
            { campaignId: 'keep', liftMinor: 600, interval95: { low: 600, high: 600 }, taken: test, onControl: 0 },
          ],
        },
        roi: (600 * test - 1_000) / 1_000,
      },
      { kind: 'reactive', lift: 'unknown', roi: 'unknown' },
    ]);
  });

  // coverage: 145
  it.each([
    ['nobody was held back', launched('keep', 0), []],
    ['one campaign set off measures of two kinds', launched('keep', 50), ['reactive' as const]],
    ['they were set off by something else', ordered('p0', 70, 'trigger'), []],
  ])('no kind has a lift where %s', async (_, trigger, further) => {
    const { figures } = await givenCustomers([
      configured,
      trigger,
      ...arms(trigger, 'preventive'),
      ...further.map((kind) => taken('p0', kind, trigger)),
    ]);
    const { measures } = await figures(defectionFigures);
    expect(measures).toMatchObject([{ lift: 'unknown' }, { taken: test, lift: 'unknown' }, { lift: 'unknown' }]);
  });

  it('revenue churn is what the lost contributed before, of what all contributed in the year before', async () => {
    const { figures } = await givenCustomers([
      ordered('lost', 450, 'o1', { netMinor: 3_000, costMinor: 2_000 }),
      notice('lost', 200),
      // A day before that year, and on the first day of the window.
      ordered('kept', 730, 'o0', { netMinor: 7_000, costMinor: 0 }),
      ordered('kept', 364, 'o3', { netMinor: 8_000, costMinor: 0 }),
      ordered('kept', 430, 'o2', { netMinor: 6_000, costMinor: 2_500 }),
      said('CostToServeRecorded', 420, {
        partyId: 'kept',
        amountMinor: 500,
        activity: 'call',
        periodFrom: isoDaysAgo(425),
        periodTo: isoDaysAgo(420),
      }),
    ]);
    expect(await figures(defectionFigures)).toMatchObject({
      lost: 1,
      contributionLostMinor: 1_000,
      revenueChurnRate: 1_000 / (1_000 + 3_500 - 500),
    });
    // Nobody contributed anything in the year before that.
    expect(await figures(defectionFigures, { from: 800, to: 700 })).toMatchObject({ revenueChurnRate: null });
  });

  // coverage: 99
  it('saves are finished items of Q7 by their kind', async () => {
    const leaving = notice('p1', 20, { effectiveAt: isoDaysAgo(-20) });
    const itemId = itemIdOf('Q7', 'p1', `notice:${leaving.eventId}`);
    const { figures, view } = await givenCustomers([
      ordered('p1', 60, 'o1'),
      leaving,
      said(
        'WorkItemClaimed',
        19.9,
        { itemId, queue: 'Q7', partyId: 'p1', agentId: 'a', leaseUntil: isoDaysAgo(19.8), slot: 'priority' },
        'p1',
      ),
      said('WorkItemCompleted', 19.85, { itemId, agentId: 'a', outcome: 'saved' }, 'p1'),
    ]);
    const told = await figures(defectionFigures);
    expect(told['saves']).toEqual({ itemsClosed: 1, saved: 1, share: 1 });
    expect(told['measures']).toMatchObject([{}, {}, { kind: 'reactive', itemsClosed: 1, saved: 1, savedShare: 1 }]);
    expect((await view(defectionView, 'p1'))['retentionItems']).toMatchObject([
      { kind: 'reactive', outcome: 'saved', closedAt: isoDaysAgo(19.85) },
    ]);
  });

  it('win-backs are those of the lost that we have tried to win back', async () => {
    const lost = (partyId: string): Fact[] => [ordered(partyId, 200, `o-${partyId}`), notice(partyId, 100)];
    const tried = (partyId: string, ago: number) =>
      contacted(partyId, ago, { purpose: 'winback', direction: 'outbound' });
    const { figures, view } = await givenCustomers([
      ...lost('back'),
      tried('back', 80),
      ordered('back', 60, 'o1'),
      ...lost('gone'),
      tried('gone', 80),
      ...lost('by-itself'),
      ordered('by-itself', 60, 'o2'),
      tried('by-itself', 50),
      ...lost('stayed'),
      notice('stayed', 90, { withdrawn: true }),
    ]);
    const told = await figures(defectionFigures);
    expect(told['winBacks']).toEqual({ wonBack: 2, attempted: 2, wonBackAfterAttempt: 1, rate: 0.5 });
    expect(told['notices']).toEqual({ received: 4, withdrawn: 1, toCompetitor: 0 });
    expect((await view(defectionView, 'back'))['losses']).toMatchObject([
      { from: isoDaysAgo(100), to: new Date(daysAgo(60)).toISOString(), attempted: true, wonBack: true },
    ]);
  });
});
