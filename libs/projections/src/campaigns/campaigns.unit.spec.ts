import {
  campaignArm,
  DAY_MS,
  defaultConfiguration,
  type Fact,
  type FactData,
  type SegmentDefinition,
} from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, ordered, reviewed, said } from '../tally/given-customers';
import { campaignFigures, responseRates } from './figures';
import { campaignView } from './view';
import { welch } from './welch';

const everyone = { segmentId: 'all', name: 'All' };
const configured = (segments: ReadonlyArray<SegmentDefinition> = [everyone]): Fact =>
  said('ConfigurationActivated', 900, {
    version: 1,
    effectiveFrom: isoDaysAgo(900),
    config: { ...defaultConfiguration, version: 1, segments },
  });
const launched = (
  campaignId: string,
  from: number,
  to: number,
  parts: Partial<FactData['CampaignLaunched']> = {},
): Fact =>
  said('CampaignLaunched', from + 1, {
    campaignId,
    name: campaignId,
    objective: 'growth',
    segmentId: 'all',
    propositionId: 'v1',
    channels: ['email'],
    startsAt: isoDaysAgo(from),
    endsAt: isoDaysAgo(to),
    budgetMinor: 1_000,
    holdoutPct: 0,
    warningAcknowledged: false,
    ...parts,
  });
const registered = (partyId: string, ago = 800): Fact =>
  said('PartyRegistered', ago, { partyId, kind: 'person', displayName: partyId, source: 'test' });
const approached = (
  partyId: string,
  ago: number,
  outcome: 'answered' | 'no_answer' | 'bounced',
  direction: 'inbound' | 'outbound' = 'outbound',
): Fact => contacted(partyId, ago, { direction, outcome, purpose: 'campaign', links: { campaignId: 'c1' } });
const offered = (partyId: string, ago: number, validUntilAgo: number): Fact =>
  said('OfferMade', ago, {
    offerId: `offer-${partyId}`,
    partyId,
    kind: 'new',
    skus: [],
    netMinor: 100,
    listMinor: 100,
    validUntil: isoDaysAgo(validUntilAgo),
    channel: 'email',
    propositionId: 'v1',
    appliedPreferenceIds: [],
    campaignId: 'c1',
  });
const answered = (partyId: string, ago: number, answer: 'accepted' | 'declined'): Fact =>
  said('OfferAnswered', ago, { offerId: `offer-${partyId}`, answer }, partyId);

/** Parties that a holdout of one half puts into each arm of c1. */
const parties = Array.from({ length: 40 }, (_, index) => `p${index}`);
const ofArm = (arm: 'test' | 'control') => parties.filter((partyId) => campaignArm('c1', partyId, 50) === arm);

describe('acquisition', () => {
  // coverage: 79
  test('ranks value before volume: ten customers worth 50 each come before a hundred worth 1 each', async () => {
    const brought = (campaignId: string, many: number, minor: number): ReadonlyArray<Fact> =>
      Array.from({ length: many }, (_, index) =>
        ordered(`${campaignId}-${index}`, 30, `${campaignId}-o${index}`, {
          netMinor: minor + 5,
          costMinor: 5,
          campaignId,
        }),
      );
    const given = await givenCustomers([
      configured(),
      launched('A', 60, 20),
      launched('B', 60, 20),
      ...brought('A', 100, 1),
      ...brought('B', 10, 50),
    ]);
    expect(await given.figures(campaignFigures)).toMatchObject({
      ranking: [
        { campaignId: 'B', customers: 10, meanContributionMinor: 50 },
        { campaignId: 'A', customers: 100, meanContributionMinor: 1 },
      ],
    });
  });

  test('counts the first 180 days of whom the first standing order cites the campaign', async () => {
    const given = await givenCustomers([
      configured(),
      launched('c1', 300, 200),
      // 100 at once, 20 on the 180th day, and 7 a day too late.
      ordered('p1', 250, 'o1', { netMinor: 100, costMinor: 0, campaignId: 'c1' }),
      ordered('p1', 70, 'o2', { netMinor: 20, costMinor: 0 }),
      ordered('p1', 69, 'o3', { netMinor: 7, costMinor: 0 }),
      // Not brought by it: it had ordered before.
      ordered('p2', 400, 'o4'),
      ordered('p2', 250, 'o5', { campaignId: 'c1' }),
      // Its first order was taken back; the first that stands cites the campaign by its offer.
      ordered('p3', 260, 'o6', { netMinor: 50 }),
      said('OrderReversed', 259, { orderId: 'o6', kind: 'returned', amountMinor: 50, reason: 'no' }, 'p3'),
      offered('p3', 240, 200),
      ordered('p3', 60, 'o7', { netMinor: 60, costMinor: 0, offerId: 'offer-p3' }),
    ]);
    expect(await given.figures(campaignFigures)).toMatchObject({
      campaigns: [{ acquisition: { customers: 2, complete: 1, meanContributionMinor: 90 }, orders: 3 }],
    });
  });
});

describe('response', () => {
  // coverage: 41
  test('counts parties reached, those of them that answered, and offers by answer', async () => {
    const given = await givenCustomers([
      configured(),
      launched('c1', 30, 5),
      approached('p1', 29, 'no_answer'),
      approached('p1', 28, 'answered'),
      approached('p2', 29, 'answered'),
      approached('p3', 29, 'bounced'),
      approached('p4', 29, 'answered'),
      approached('p4', 27, 'answered', 'inbound'),
      approached('p5', 26, 'answered', 'inbound'),
      offered('p1', 27, 20),
      answered('p1', 25, 'accepted'),
      offered('p2', 27, 20),
      answered('p2', 25, 'declined'),
      offered('p3', 27, 1),
      offered('p4', 27, -1),
      // Valid for some hours more.
      offered('p7', 27, -0.2),
      said('EnquiryReceived', 20, {
        enquiryId: 'e1',
        partyId: 'p6',
        channel: 'web',
        productLine: 'x',
        campaignId: 'c1',
      }),
      ordered('p1', 20, 'o1', { netMinor: 100, enquiryId: 'e1', campaignId: 'c1' }),
      said('OrderReversed', 19, { orderId: 'o1', kind: 'returned', amountMinor: 30, reason: 'no' }, 'p1'),
    ]);
    expect(await given.figures(campaignFigures)).toMatchObject({
      campaigns: [
        {
          campaignId: 'c1',
          contacts: 5,
          reached: 3,
          // p1, p4, p5 and p6; of those reached p1 and p4.
          responded: 4,
          responseRate: 2 / 3,
          enquiries: 1,
          offers: { made: 5, accepted: 1, declined: 1, open: 2, expired: 1 },
          orders: 1,
          revenueMinor: 70,
          terms: { costMinor: 1_000 },
        },
      ],
    });
  });

  test('of a segment without a campaign is that of all campaigns', async () => {
    const given = await givenCustomers([
      configured([everyone, { segmentId: 'few', name: 'Few' }]),
      launched('c1', 30, 5),
      approached('p1', 29, 'answered'),
      approached('p1', 28, 'answered', 'inbound'),
      approached('p2', 29, 'answered'),
    ]);
    const rateOf = await responseRates(given.readModels, given.question().policy);
    expect([rateOf('all'), rateOf('few')]).toEqual([1 / 2, 1 / 2]);
  });

  test('of campaigns that did not run in the window is not shown; one that nobody launched is', async () => {
    const given = await givenCustomers([
      configured(),
      launched('old', 700, 600),
      launched('c1', 30, 5),
      ordered('p1', 20, 'o1', { campaignId: 'unheard' }),
    ]);
    const idsOf = (figures: unknown) =>
      (figures as { campaigns: ReadonlyArray<{ campaignId: string }> }).campaigns.map(({ campaignId }) => campaignId);
    expect(idsOf(await given.figures(campaignFigures))).toEqual(['c1', 'unheard']);
    expect(idsOf(await given.figures(campaignFigures, { from: 650, to: 640 }))).toEqual(['old', 'unheard']);
    // Its end is the first instant at which it runs no more.
    expect(idsOf(await given.figures(campaignFigures, { from: 601, to: 590 }))).toEqual(['old', 'unheard']);
    expect(idsOf(await given.figures(campaignFigures, { from: 600, to: 590 }))).toEqual(['unheard']);
  });
});

describe('lift', () => {
  /** The worth of a party in its window: those contacted buy more; the numbers vary. */
  const worthOf = (partyId: string, index: number) =>
    (campaignArm('c1', partyId, 50) === 'test' ? 90_000_000 : 30_000_000) + 1_000_003 * (index % 7);
  const bought = (ago: number) =>
    parties.map((partyId, index) =>
      ordered(partyId, ago, `o-${partyId}`, { netMinor: worthOf(partyId, index), costMinor: 0 }),
    );
  const sampleOf = (arm: 'test' | 'control') => {
    const values = ofArm(arm).map((partyId) => BigInt(worthOf(partyId, parties.indexOf(partyId))));
    const squares = values.reduce((sum, value) => sum + value * value, 0n);
    return { count: values.length, sum: values.reduce((sum, value) => sum + value, 0n), squares };
  };

  // coverage: 51, 61, 166
  test('is the difference of means with its interval, exact from the sums that are kept', async () => {
    const given = await givenCustomers([
      configured(),
      launched('c1', 60, 20, { holdoutPct: 50, budgetMinor: 500_000_000 }),
      ...parties.map((partyId) => registered(partyId)),
      ...bought(40),
    ]);
    const expected = welch(sampleOf('test'), sampleOf('control'));
    const lift = expected?.difference ?? Number.NaN;
    expect(expected?.interval?.low).toBeGreaterThan(0);
    expect(await given.figures(campaignFigures)).toMatchObject({
      campaigns: [
        {
          arms: { test: ofArm('test').length, control: ofArm('control').length, controlContacted: 0 },
          lift: { liftMinor: lift, interval95: expected?.interval },
          roi: { value: (lift * ofArm('test').length - 500_000_000) / 500_000_000 },
        },
      ],
    });
  });

  test('counts what happened in the window of the campaign and nothing else', async () => {
    const figures = async (ago: number) =>
      (
        await givenCustomers([
          configured(),
          launched('c1', 60, 20, { holdoutPct: 50 }),
          ...parties.map((partyId) => registered(partyId)),
          ...bought(ago),
        ])
      ).figures(campaignFigures);
    const none = { lift: { liftMinor: 0, meanTestMinor: 0, interval95: { low: 0, high: 0 } } };
    expect(await figures(60)).not.toMatchObject({ campaigns: [none] });
    expect(await figures(20)).toMatchObject({ campaigns: [none] });
    expect(await figures(61)).toMatchObject({ campaigns: [none] });
  });

  test.each<[string, (partyId: string, ago: number) => Fact]>([
    [
      'taken back',
      (partyId, ago) =>
        said(
          'OrderReversed',
          ago,
          { orderId: `o-${partyId}`, kind: 'returned', amountMinor: 1_000, reason: 'no' },
          partyId,
        ),
    ],
    [
      'a cost',
      (partyId, ago) =>
        said('CostToServeRecorded', ago, {
          partyId,
          amountMinor: 1_000,
          activity: 'call',
          periodFrom: isoDaysAgo(ago),
          periodTo: isoDaysAgo(ago),
        }),
    ],
  ])('counts what is %s from the first instant of the window on, and not at its end', async (_, of) => {
    const meanAt = async (ago: number): Promise<unknown> => {
      const given = await givenCustomers([
        configured(),
        launched('c1', 60, 20, { holdoutPct: 50 }),
        ...parties.map((partyId) => registered(partyId)),
        ...bought(100),
        ...parties.map((partyId) => of(partyId, ago)),
      ]);
      const figures: unknown = await given.figures(campaignFigures);
      const { campaigns } = figures as { campaigns: ReadonlyArray<{ lift: { meanTestMinor: number } }> };
      return campaigns[0]?.lift.meanTestMinor;
    };
    expect([await meanAt(61), await meanAt(60), await meanAt(20)]).toEqual([0, -1_000, 0]);
  });

  // coverage: 76
  test('is unknown without a holdout and while there is nobody to compare', async () => {
    const unknown = { lift: 'unknown', roi: 'unknown' };
    const withoutHoldout = await givenCustomers([configured(), launched('c1', 60, 20), ...bought(40)]);
    expect(await withoutHoldout.figures(campaignFigures)).toMatchObject({ campaigns: [unknown] });
    const withoutAnybody = await givenCustomers([configured(), launched('c1', 60, 20, { holdoutPct: 50 })]);
    expect(await withoutAnybody.figures(campaignFigures)).toMatchObject({ campaigns: [unknown] });
  });

  test('has no interval with a lone control, and no return of what cost nothing', async () => {
    const [control = ''] = ofArm('control');
    const [one = '', other = ''] = ofArm('test');
    const given = await givenCustomers([
      configured(),
      launched('c1', 60, 20, { holdoutPct: 50, budgetMinor: 0 }),
      ...[control, one, other].map((partyId) => registered(partyId)),
      ordered(one, 40, 'o1', { netMinor: 300, costMinor: 0 }),
      ordered(other, 40, 'o2', { netMinor: 500, costMinor: 0 }),
      ordered(control, 40, 'o3', { netMinor: 100, costMinor: 0 }),
    ]);
    expect(await given.figures(campaignFigures)).toMatchObject({
      campaigns: [{ lift: { liftMinor: 300, interval95: null }, roi: { value: null, interval95: null } }],
    });
  });

  test('shows when the control arm was contacted after all', async () => {
    const [control = ''] = ofArm('control');
    const given = await givenCustomers([
      configured(),
      launched('c1', 60, 20, { holdoutPct: 50 }),
      registered(control),
      approached(control, 40, 'answered'),
    ]);
    expect(await given.figures(campaignFigures)).toMatchObject({
      campaigns: [{ arms: { test: 0, control: 1, controlContacted: 1 } }],
    });
  });
});

describe('the population of a campaign', () => {
  const armsOf = async (segment: SegmentDefinition, facts: ReadonlyArray<Fact>) =>
    (await givenCustomers([configured([segment]), launched('c1', 60, 20), ...facts])).figures(campaignFigures);

  test('is the segment as it was at the start: becoming a customer later changes nothing', async () => {
    const prospects = { ...everyone, phases: ['suspect'] };
    const facts = [
      registered('p1'),
      ordered('p1', 40, 'o1'),
      // Was a customer already.
      registered('p2'),
      ordered('p2', 61, 'o2'),
      // Became known while it ran, and after it.
      registered('p3', 30),
      registered('p4', 19),
    ];
    expect(await armsOf(prospects, facts)).toMatchObject({ campaigns: [{ arms: { test: 2, control: 0 } }] });
  });

  test('leaves out employees and competitors, and what they order', async () => {
    const given = await armsOf(everyone, [
      registered('p1'),
      registered('p2'),
      said('PartyRoleAssigned', 100, { partyId: 'p2', role: 'employee', validFrom: isoDaysAgo(100) }),
      ordered('p2', 40, 'o2', { campaignId: 'c1' }),
    ]);
    expect(given).toMatchObject({ campaigns: [{ arms: { test: 1 }, orders: 0 }] });
  });

  test('of a segment by needs is who had told the need by the start, however often it is told again', async () => {
    const told = (partyId: string, ago: number, key: string): Fact =>
      said('PreferenceRecorded', ago, {
        partyId,
        preferenceId: `need-${partyId}`,
        kind: 'need',
        key,
        value: `as of ${ago}`,
        origin: 'stated',
        horizon: 'current',
      });
    const given = await armsOf({ ...everyone, needs: ['fast_delivery'] }, [
      ...['p1', 'p2', 'p3'].map((partyId) => registered(partyId)),
      told('p1', 100, 'fast_delivery'),
      told('p1', 40, 'fast_delivery'),
      told('p2', 100, 'fast_delivery'),
      told('p2', 40, 'low_price'),
      // Only since the campaign runs.
      told('p3', 100, 'low_price'),
      told('p3', 40, 'fast_delivery'),
    ]);
    expect(given).toMatchObject({ campaigns: [{ arms: { test: 2, control: 0 } }] });
  });

  test('of a segment by tier is who had the tier by the review in force at the start', async () => {
    // p1 earns 1 000 before the campaign and is gold by the first review, p2 only by the second.
    const given = await armsOf({ ...everyone, tiers: ['gold'] }, [
      ordered('p1', 100, 'o1', { netMinor: 2_000, costMinor: 0 }),
      ordered('p2', 100, 'o2', { netMinor: 500, costMinor: 0 }),
      reviewed(90),
      ordered('p2', 50, 'o3', { netMinor: 2_000, costMinor: 0 }),
      reviewed(10),
    ]);
    expect(given).toMatchObject({ campaigns: [{ arms: { test: 1, control: 0 } }] });
  });
});

test('an offer is open until it ends and expired from that instant on, as its answer is refused', async () => {
  const given = await givenCustomers([offered('p1', 15, 0), offered('p2', 15, -1 / DAY_MS)]);
  const views = await Promise.all(['p1', 'p2'].map((partyId) => given.view(campaignView, partyId)));
  expect(views).toMatchObject([{ offers: [{ state: 'expired' }] }, { offers: [{ state: 'open' }] }]);
});

test('a party sees its campaigns with its arm, its offers and its enquiries', async () => {
  const [control = ''] = ofArm('control');
  const given = await givenCustomers([
    configured(),
    launched('c1', 60, 20, { holdoutPct: 50 }),
    launched('c2', 10, -10),
    registered(control),
    offered(control, 15, 10),
  ]);
  expect(await given.view(campaignView, control)).toMatchObject({
    campaigns: [
      { campaignId: 'c1', arm: 'control', running: false },
      { campaignId: 'c2', arm: 'test', running: true },
    ],
    offers: [{ offerId: `offer-${control}`, state: 'expired', answer: null }],
    enquiries: [],
  });
});
