import { defaultConfiguration, type Fact, type SegmentDefinition } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, ordered, reviewed, said } from '../tally/given-customers';
import { segmentFigures } from './figures';

const configured = (segments: ReadonlyArray<SegmentDefinition>): Fact =>
  said('ConfigurationActivated', 900, {
    version: 1,
    effectiveFrom: isoDaysAgo(900),
    config: { ...defaultConfiguration, version: 1, segments },
  });
const registered = (partyId: string, kind: 'person' | 'organization' = 'person'): Fact =>
  said('PartyRegistered', 800, { partyId, kind, displayName: partyId, source: 'test' });
const reachable = (partyId: string): ReadonlyArray<Fact> => [
  said('PartyIdentified', 800, {
    partyId,
    identifiers: [{ scheme: 'email', value: `${partyId}@example.org`, verified: true, preferred: true, valid: true }],
  }),
  said('ConsentGranted', 799, {
    partyId,
    purpose: 'marketing',
    channel: 'email',
    lawfulBasis: 'consent',
    policyVersion: '1',
    evidenceRef: 'form/1',
  }),
];
const earned = (partyId: string, minor: number, ago = 100): Fact =>
  ordered(partyId, ago, `o-${partyId}-${ago}`, { netMinor: minor, costMinor: 0 });

const people: SegmentDefinition = { segmentId: 'people', name: 'People', kinds: ['person'] };
const firms: SegmentDefinition = { segmentId: 'firms', name: 'Firms', kinds: ['organization'] };
const best: SegmentDefinition = { segmentId: 'best', name: 'Best', tiers: ['gold'] };

describe('the table of segments', () => {
  // coverage: 110
  test('gives size, reach, contribution as last reviewed and the mix of tiers', async () => {
    const given = await givenCustomers([
      configured([people, firms, best]),
      registered('p1'),
      ...reachable('p1'),
      earned('p1', 1_500),
      registered('p2'),
      earned('p2', 300),
      registered('p3'),
      registered('p4', 'organization'),
      ...reachable('p4'),
      earned('p4', 5_000),
      registered('staff'),
      earned('staff', 9_000),
      said('PartyRoleAssigned', 500, { partyId: 'staff', role: 'employee', validFrom: isoDaysAgo(500) }),
      reviewed(50),
      // After the review: counts from the next one on.
      earned('p2', 7_000, 10),
    ]);
    expect(await given.figures(segmentFigures)).toMatchObject({
      reviewedAsOf: isoDaysAgo(50),
      segments: [
        {
          segmentId: 'people',
          name: 'People',
          size: 3,
          reachable: 1,
          reachableShare: 1 / 3,
          totalCm365Minor: 1_800,
          meanCm365Minor: 600,
          responseRate: null,
          expectedContributionMinor: null,
          tiers: { gold: 1, iron: 1, none: 1 },
        },
        { segmentId: 'firms', size: 1, reachable: 1, totalCm365Minor: 5_000, tiers: { gold: 1 } },
        { segmentId: 'best', size: 2, totalCm365Minor: 6_500, tiers: { gold: 2 } },
      ],
      pareto: { customers: 3, topShare: 5_000 / 6_800, neededShare: 2 / 3 },
    });
  });

  test('expects of those reachable what those reached responded before', async () => {
    const approached = (partyId: string): Fact =>
      contacted(partyId, 80, { direction: 'outbound', purpose: 'campaign', links: { campaignId: 'c1' } });
    const given = await givenCustomers([
      configured([people]),
      said('CampaignLaunched', 91, {
        campaignId: 'c1',
        name: 'c1',
        objective: 'growth',
        segmentId: 'people',
        propositionId: 'v1',
        channels: ['email'],
        startsAt: isoDaysAgo(90),
        endsAt: isoDaysAgo(60),
        budgetMinor: 0,
        holdoutPct: 0,
        warningAcknowledged: false,
      }),
      ...['p1', 'p2', 'p3', 'p4'].flatMap((partyId) => [
        registered(partyId),
        ...reachable(partyId),
        approached(partyId),
      ]),
      ordered('p1', 70, 'o1', { netMinor: 400, costMinor: 0, campaignId: 'c1' }),
      reviewed(50),
    ]);
    // 4 reachable × 1/4 responded × mean 100.
    expect(await given.figures(segmentFigures)).toMatchObject({
      segments: [{ responseRate: 0.25, meanCm365Minor: 100, expectedContributionMinor: 100 }],
    });
  });
});

const preferring = (partyId: string, kind: 'need' | 'preference', key: string, ago = 300): Fact =>
  said('PreferenceRecorded', ago, {
    partyId,
    preferenceId: `${partyId}-${key}`,
    kind,
    key,
    value: 'yes',
    origin: 'stated',
    horizon: 'current',
  });
const wallet = (partyId: string, ownSpendMinor: number, ago: number): Fact =>
  said('WalletReported', ago, {
    partyId,
    category: 'books',
    ownSpendMinor,
    totalSpendMinor: 1_000,
    competitorIds: [],
    origin: 'survey',
  });

describe('segments by needs', () => {
  const segments: ReadonlyArray<SegmentDefinition> = [
    { segmentId: 'delivered', name: 'Delivered', needs: ['delivery', 'credit'] },
    { segmentId: 'shared', name: 'Shared', wallet: { atLeast: 0.2, below: 0.5 } },
  ];
  const facts = [
    configured(segments),
    registered('p1'),
    preferring('p1', 'need', 'delivery'),
    wallet('p1', 200, 100),
    registered('p2'),
    preferring('p2', 'preference', 'delivery'),
    wallet('p2', 500, 100),
    registered('p3'),
    preferring('p3', 'need', 'training'),
    // Told too long ago to be still so.
    wallet('p3', 200, 365.5),
  ];
  // coverage: 42
  test('have those who recorded a need of theirs, and those who are known to give us such a share', async () => {
    expect(await (await givenCustomers(facts)).figures(segmentFigures)).toMatchObject({
      segments: [
        { segmentId: 'delivered', size: 1 },
        { segmentId: 'shared', size: 1 },
      ],
    });
  });

  // coverage: 42
  test('are the same in whatever order the facts came', async () => {
    const forwards = await (await givenCustomers(facts)).figures(segmentFigures);
    const backwards = await (await givenCustomers(facts.toReversed())).figures(segmentFigures);
    expect(backwards).toEqual(forwards);
  });
});

describe('the majority rule', () => {
  const three = [
    { segmentId: 'people', name: 'People', kinds: ['person' as const] },
    { segmentId: 'firms', name: 'Firms', kinds: ['organization' as const] },
    { segmentId: 'gold', name: 'Gold', tiers: ['gold'] },
  ];
  const customers = (ofPeople: number): ReadonlyArray<Fact> => [
    ...['p1', 'p2', 'p3', 'p4'].flatMap((partyId) => [
      registered(partyId),
      ...reachable(partyId),
      earned(partyId, ofPeople),
    ]),
    ...['f1', 'f2'].flatMap((partyId) => [registered(partyId, 'organization'), earned(partyId, 900)]),
    registered('g1', 'organization'),
    earned('g1', 3_000),
    reviewed(50),
  ];

  test('warns of the largest segment where it is the poorest, and names the better ones', async () => {
    const given = await givenCustomers([configured(three), ...customers(100)]);
    expect(await given.figures(segmentFigures)).toMatchObject({
      majorityRule: [{ chosen: 'people', betterSegments: ['gold', 'firms'] }],
    });
  });

  test('warns of nothing where the largest segment is also the richest', async () => {
    const given = await givenCustomers([configured(three), ...customers(50_000)]);
    expect(await given.figures(segmentFigures)).toMatchObject({ majorityRule: [] });
  });
});

describe('concentration', () => {
  const halves = async (ofFirms: number) =>
    (
      await givenCustomers([
        configured([people, firms]),
        registered('p1'),
        earned('p1', 500),
        registered('f1', 'organization'),
        earned('f1', ofFirms),
        reviewed(50),
      ])
    ).figures(segmentFigures);

  // coverage: 80
  test('is the sum of squared shares, and warns above a quarter', async () => {
    expect(await halves(500)).toMatchObject({ concentration: { hhi: 0.5, warnAbove: 0.25, warning: true } });
    expect(await halves(1_500)).toMatchObject({ concentration: { hhi: 0.625, warning: true } });
  });

  // coverage: 80
  test('of four equal segments is exactly a quarter: no warning yet', async () => {
    const zones = ['suspect', 'new', 'repeat', 'loyal', 'at_risk'];
    const kinds = ['person', 'organization'] as const;
    const tiers = ['gold', 'iron'];
    const segments = kinds.flatMap((kind) =>
      tiers.map((tier) => ({ segmentId: `${kind}-${tier}`, name: tier, kinds: [kind], tiers: [tier], phases: zones })),
    );
    const given = await givenCustomers([
      configured(segments),
      ...kinds.flatMap((kind) => [
        registered(`${kind}-g`, kind),
        earned(`${kind}-g`, 1_000),
        ...['1', '2'].flatMap((number) => [registered(`${kind}-i${number}`, kind), earned(`${kind}-i${number}`, 500)]),
      ]),
      reviewed(50),
    ]);
    expect(await given.figures(segmentFigures)).toMatchObject({ concentration: { hhi: 0.25, warning: false } });
  });
});
