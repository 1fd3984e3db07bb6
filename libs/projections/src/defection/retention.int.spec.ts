import { campaignArm, defaultConfiguration, type Fact, itemIdOf } from '@afecto/domain';
import { contacted, daysAgo, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { defectionFigures } from './figures';
import { measure, notice } from './given-leavers';
import { defectionView } from './view';

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
