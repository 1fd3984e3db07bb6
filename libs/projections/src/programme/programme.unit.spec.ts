import { calendarOf, DAY_MS, defaultConfiguration, type Fact, type FactData } from '@afecto/domain';
import { NOW } from '../engine/testing/given-log';
import { givenCustomers, isoDaysAgo, ordered, reviewed, said } from '../tally/given-customers';
import { keyOf, prefixOf } from '../tally/contribute';
import { REPORT } from './contribution';
import { programmeFigures } from './figures';
import { programmeView } from './view';

const enrolled = (partyId: string, ago: number, parts: Partial<FactData['MembershipEnrolled']> = {}): Fact =>
  said('MembershipEnrolled', ago, {
    membershipId: `m-${partyId}`,
    partyId,
    programId: 'club',
    type: 'continuous',
    ...parts,
  });
const rewarded = (partyId: string, ago: number, parts: Partial<FactData['RewardGranted']> = {}): Fact =>
  said('RewardGranted', ago, {
    partyId,
    membershipId: `m-${partyId}`,
    kind: 'points',
    benefit: 'value',
    valueMinor: 0,
    pointsDelta: 0,
    reason: 'order',
    ...parts,
  });
const bonded = (partyId: string, ago: number, parts: Partial<FactData['BondEstablished']> = {}): Fact =>
  said('BondEstablished', ago, {
    partyId,
    bondType: 'structural',
    subtype: 'joint_investment',
    validFrom: isoDaysAgo(ago),
    ...parts,
  });
const barred = (
  partyId: string,
  ago: number,
  amountMinor: number,
  parts: Partial<FactData['SwitchingBarrierSet']> = {},
): Fact =>
  said('SwitchingBarrierSet', ago, {
    partyId,
    kind: 'penalty',
    costType: 'financial',
    amountMinor,
    disclosedAt: isoDaysAgo(ago),
    ...parts,
  });
const answered = (partyId: string, ago: number, score: number): Fact =>
  said('SurveyAnswered', ago, {
    surveyId: `s-${partyId}-${ago}`,
    partyId,
    instrument: 'nps',
    score,
    scaleMin: 0,
    scaleMax: 10,
  });

const figuresOf = async (...facts: ReadonlyArray<Fact>) => (await givenCustomers(facts)).figures(programmeFigures);
const bondOf = async (bondType: string, ...facts: ReadonlyArray<Fact>) =>
  ((await figuresOf(...facts)) as { bonds: ReadonlyArray<{ bondType: string }> }).bonds.find(
    (row) => row.bondType === bondType,
  );

describe('bonds', () => {
  test('of rewards need two in 365 days: the older of the two on day 365 still counts', async () => {
    const reward = (ago: number) => rewarded('p1', ago);
    expect(await bondOf('reward', reward(365), reward(10))).toMatchObject({ customers: 1, automatic: 1 });
    expect(await bondOf('reward', reward(366), reward(10))).toMatchObject({ customers: 0 });
    expect(await bondOf('reward', reward(10))).toMatchObject({ customers: 0 });
  });

  // coverage: 110
  test('are counted by type, once a customer, automatic ones apart', async () => {
    const figures = await figuresOf(
      bonded('p1', 50),
      bonded('p1', 40, { subtype: 'process_exchange' }),
      bonded('p2', 50, { validTo: isoDaysAgo(1) }),
      bonded('p3', 50, { bondType: 'social', subtype: 'recognition' }),
      enrolled('p4', 30),
      ordered('p5', 20, 'o1', { appliedPreferenceIds: ['pref1'] }),
    );
    expect(figures).toMatchObject({
      bonds: [
        { bondType: 'reward', customers: 0, automatic: 0 },
        { bondType: 'social', customers: 2, automatic: 1 },
        { bondType: 'customization', customers: 1, automatic: 1 },
        { bondType: 'structural', customers: 1, automatic: 0 },
      ],
    });
  });

  // Nothing happens to the customer between the two instants: only the day of the end passes.
  test('end on their day without an evaluation of the customer', async () => {
    const { readModels } = await givenCustomers([bonded('p1', 50, { validTo: isoDaysAgo(-30) })]);
    const structural = async (day: number) =>
      (await readModels.tallySums(prefixOf(REPORT, 'bond', 'structural'), { to: day })).map(([, count]) => count);
    const endsOn = Math.floor(Date.parse(isoDaysAgo(-30)) / 86_400_000);
    expect(await structural(endsOn - 1)).toEqual([1]);
    expect(await structural(endsOn)).toEqual([]);
  });

  test('of a preference that an offer has applied ends with it, without an evaluation of the customer', async () => {
    const offer = said('OfferMade', 20, {
      offerId: 'offer-1',
      partyId: 'p1',
      kind: 'new',
      skus: [],
      netMinor: 100,
      listMinor: 100,
      validUntil: isoDaysAgo(10),
      channel: 'email',
      propositionId: 'v1',
      appliedPreferenceIds: ['pref1'],
    });
    const { readModels } = await givenCustomers([offer]);
    const bonded = async (ago: number) =>
      (
        await readModels.tallySums(prefixOf(REPORT, 'bond', 'customization'), {
          to: Math.floor(Date.parse(isoDaysAgo(ago)) / 86_400_000),
        })
      ).map(([, count]) => count);
    expect([await bonded(0), await bonded(-2_000)]).toEqual([[1], []]);
  });
});

describe('programmes', () => {
  test('know their members, and as active those with an order at most 180 days old', async () => {
    expect(
      await figuresOf(
        enrolled('p1', 200),
        ordered('p1', 180, 'o1'),
        enrolled('p2', 200),
        ordered('p2', 181, 'o2'),
        enrolled('p3', 400, { type: 'discrete' }),
        enrolled('p4', 200, { validTo: isoDaysAgo(1) }),
        ordered('p4', 10, 'o4'),
        ordered('p5', 10, 'o5'),
      ),
    ).toMatchObject({
      programmes: [{ programId: 'club', members: 3, active: 1, activeShare: 1 / 3, enrolled: 3 }],
      relationshipTypes: { membership: { continuous: 2, discrete: 1 }, none: 2 },
    });
  });

  // coverage: 149
  test('owe the points that were earned and not redeemed, whenever that was', async () => {
    expect(
      await figuresOf(
        enrolled('p1', 700),
        rewarded('p1', 600, { pointsDelta: 300 }),
        rewarded('p1', 100, { pointsDelta: 100 }),
        rewarded('p1', 50, { pointsDelta: -100 }),
        enrolled('p2', 700),
        rewarded('p2', 40, { pointsDelta: 50 }),
      ),
    ).toMatchObject({
      programmes: [{ points: { liability: 350, earned: 150, redeemed: 100, redemptionRate: 100 / 450 } }],
    });
  });

  // coverage: 98
  test('know the orders of those who are known, of all orders that stand', async () => {
    expect(
      await figuresOf(
        said('PartyRegistered', 90, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'test' }),
        ordered('p1', 80, 'o1'),
        ordered('p1', 70, 'o2'),
        ordered('anonymous', 60, 'o3'),
        ordered('p1', 50, 'o4', { netMinor: 10 }),
        said('OrderReversed', 49, { orderId: 'o4', kind: 'cancelled', amountMinor: 10, reason: 'no' }, 'p1'),
      ),
    ).toMatchObject({ identifiedOrders: { identified: 2, all: 3, share: 2 / 3 } });
  });

  // coverage: 35, 98, 151, 152
  test('know an anonymous customer from the merge on, with the orders and the welcome from before', async () => {
    const anonymous = [
      said('PartyRegistered', 90, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'test' }),
      ordered('anonymous', 20, 'o1'),
    ];
    const merged = [
      ...anonymous,
      said('PartiesMerged', 10, { survivorId: 'p1', absorbedId: 'anonymous', matchScore: 1, reason: 'same' }),
    ];
    expect(await figuresOf(...anonymous)).toMatchObject({ identifiedOrders: { identified: 0, all: 1, share: 0 } });
    expect(await figuresOf(...merged)).toMatchObject({ identifiedOrders: { identified: 1, all: 1, share: 1 } });
    const itemsOf = async (partyId: string, facts: ReadonlyArray<Fact>) =>
      (await givenCustomers(facts)).customer(partyId).standing.items.map(({ queue, state }) => [queue, state]);
    expect(await itemsOf('anonymous', anonymous)).toEqual([['Q5', 'open']]);
    expect(await itemsOf('p1', merged)).toEqual([['Q5', 'open']]);
  });

  test('compare members only with others who began in the same quarter', async () => {
    const began = (partyId: string, minor: number, ago: number) =>
      ordered(partyId, ago, `o-${partyId}`, { netMinor: minor, costMinor: 0 });
    expect(
      await figuresOf(
        enrolled('p1', 40),
        began('p1', 900, 60),
        began('p2', 300, 61),
        began('p3', 500, 62),
        // Nobody to compare with in its quarter.
        enrolled('p4', 40),
        began('p4', 9_999, 300),
        said('PortfolioReviewed', 30, {
          asOf: isoDaysAgo(30),
          baseSize: 20,
          rfmCuts: { r: null, f: null, m: null },
          tierCuts: { platinum: null, gold: null },
          heavyCut: null,
          medianIpiDays: null,
          segmentStats: [],
        }),
      ),
    ).toMatchObject({ uplift: { matchedMembers: 1, meanCm365Minor: 500 } });
  });
});

// The day on which a quarter begins east of Greenwich begins there while the one before still lasts in UTC.
test.each(['Asia/Tokyo', 'UTC', 'America/New_York'])(
  'the first day of a quarter belongs to it where the tenant is: %s',
  async (timeZone) => {
    const { tenant } = defaultConfiguration;
    const { dayNumber, at } = calendarOf(timeZone);
    // 2025-07-01 and 2025-07-10, at noon of the tenant.
    const [firstDay, tenth] = [0, 9].map(
      (later) => (NOW - at(dayNumber(Date.UTC(2025, 6, 1, 12)) + later, 12)) / DAY_MS,
    );
    const began = (partyId: string, minor: number, ago = 0) =>
      ordered(partyId, ago, `o-${partyId}`, { netMinor: minor, costMinor: 0 });
    expect(
      await figuresOf(
        said('ConfigurationActivated', 500, {
          version: 1,
          effectiveFrom: isoDaysAgo(500),
          config: { ...defaultConfiguration, version: 1, tenant: { ...tenant, timeZone } },
        }),
        enrolled('p1', 40),
        began('p1', 900, firstDay),
        began('p2', 300, tenth),
        reviewed(30),
      ),
    ).toMatchObject({ uplift: { matchedMembers: 1, meanCm365Minor: 600 } });
  },
);

describe('benefits', () => {
  const benefitOf = async (benefit: string, ...facts: ReadonlyArray<Fact>) =>
    ((await figuresOf(...facts)) as { benefits: ReadonlyArray<{ benefit: string }> }).benefits.find(
      (row) => row.benefit === benefit,
    );

  // coverage: 96
  test('are followed by the attitude of what was first said within 180 days', async () => {
    expect(
      await benefitOf(
        'closeness',
        // 10 is worth 1 and 5 is worth −0.5; what was said before, and later, does not count.
        answered('p1', 210, 0),
        rewarded('p1', 200, { benefit: 'closeness' }),
        answered('p1', 20, 10),
        answered('p1', 10, 0),
        bonded('p2', 200, { benefit: 'closeness' }),
        answered('p2', 30, 5),
        rewarded('p3', 200, { benefit: 'closeness' }),
        answered('p3', 19, 0),
        rewarded('p4', 200, { benefit: 'exclusivity' }),
      ),
    ).toEqual({ benefit: 'closeness', given: 3, byReward: 2, byBond: 1, answers: 2, attitude: 0.25 });
  });

  test('without an answer have no attitude, not a neutral one', async () => {
    expect(await benefitOf('security', rewarded('p1', 20, { benefit: 'security' }))).toMatchObject({
      given: 1,
      answers: 0,
      attitude: null,
    });
  });
});

describe('switching pressure', () => {
  const spent = (minor: number) => ordered('p1', 100, 'o1', { netMinor: minor });
  const pressureOf = async (...facts: ReadonlyArray<Fact>) => {
    const given = await givenCustomers(facts);
    const view = (await given.view(programmeView, 'p1')) as { pressure: { pressure: number; warning: boolean } };
    const { pressure } = (await given.figures(programmeFigures)) as { pressure: { warned: number } };
    return [view.pressure.pressure, view.pressure.warning, pressure.warned];
  };

  // coverage: 109
  test('is warned of above 0.20 of the spend of 365 days, not at 0.20', async () => {
    expect(await pressureOf(spent(1_000), barred('p1', 50, 200))).toEqual([0.2, false, 0]);
    expect(await pressureOf(spent(1_000), barred('p1', 50, 201))).toEqual([0.201, true, 1]);
    expect(await pressureOf(spent(1_000), barred('p1', 50, 101), barred('p1', 50, 100))).toEqual([0.201, true, 1]);
  });

  test('comes from penalties in force: no other barrier, and none that has ended', async () => {
    expect(await pressureOf(spent(1_000), barred('p1', 50, 900, { kind: 'barrier' }))).toEqual([0, false, 0]);
    expect(await pressureOf(spent(1_000), barred('p1', 50, 900, { validTo: isoDaysAgo(0) }))).toEqual([0, false, 0]);
    expect(await pressureOf(spent(1_000), barred('p1', 50, 900, { validTo: isoDaysAgo(-1) }))).toEqual([0.9, true, 1]);
  });

  // The command said that it changes nothing; told as a fact by a second system, the penalty weighed twice.
  test('counts a penalty once that is told again as it stands', async () => {
    const again = { disclosedAt: isoDaysAgo(50) };
    expect(await pressureOf(spent(1_000), barred('p1', 50, 150), barred('p1', 40, 150, again))).toEqual([
      0.15,
      false,
      0,
    ]);
    expect(await pressureOf(spent(1_000), barred('p1', 50, 150), barred('p1', 40, 150))).toEqual([0.3, true, 1]);
  });

  test('has no figure where nothing is spent, and is a warning then', async () => {
    expect(await pressureOf(barred('p1', 50, 1))).toEqual([null, true, 1]);
    expect(await pressureOf(ordered('p1', 366, 'o1', { netMinor: 1_000 }), barred('p1', 50, 1))).toEqual([
      null,
      true,
      1,
    ]);
  });

  test('is no warning where the customer stays for affection', async () => {
    const loyal = Array.from({ length: 6 }, (_, index) => ordered('p1', 160 - 30 * index, `o${index}`));
    const given = await givenCustomers([
      ...loyal,
      answered('p1', 15, 10),
      answered('p1', 5, 10),
      barred('p1', 50, 60_000),
    ]);
    expect(given.customer('p1').standing.loyalty.zone).toBe('affection');
    expect(await given.view(programmeView, 'p1')).toMatchObject({ pressure: { pressure: 1, warning: false } });
  });

  test('grows as orders become too old, without an evaluation on that day', async () => {
    const { readModels } = await givenCustomers([
      ordered('p1', 300, 'o1', { netMinor: 1_000 }),
      ordered('p1', 10, 'o2', { netMinor: 500 }),
      barred('p1', 5, 200),
    ]);
    const warned = async (daysAhead: number) => {
      const to = Math.floor(Date.parse(isoDaysAgo(-daysAhead)) / 86_400_000);
      return (await readModels.tallySums(keyOf(REPORT, 'warned'), { to })).map(([, count]) => count);
    };
    // 200 of 1 500 until the first order is more than 365 days old, then 200 of 500.
    expect(await warned(65)).toEqual([]);
    expect(await warned(66)).toEqual([1]);
  });
});

// coverage: 149
test('a party sees its memberships, the ledger of its points with balance, its bonds and barriers', async () => {
  const given = await givenCustomers([
    enrolled('p1', 300, { validTo: isoDaysAgo(-10) }),
    rewarded('p1', 200, { pointsDelta: 120 }),
    rewarded('p1', 100, { pointsDelta: -20 }),
    bonded('p1', 50, { counterpartyId: 'p9', benefit: 'confidence' }),
    barred('p1', 40, 500),
  ]);
  expect(await given.view(programmeView, 'p1')).toMatchObject({
    memberships: [{ membershipId: 'm-p1', programId: 'club', type: 'continuous', active: true }],
    points: {
      balance: 100,
      ledger: [
        { pointsDelta: 120, balance: 120, programId: 'club' },
        { pointsDelta: -20, balance: 100 },
      ],
    },
    bonds: {
      active: [{ bondType: 'reward' }, { bondType: 'social' }, { bondType: 'structural' }],
      recorded: [{ subtype: 'joint_investment', counterpartyId: 'p9', benefit: 'confidence' }],
    },
    barriers: [{ kind: 'penalty', disclosedAt: isoDaysAgo(40), active: true, penalty: true }],
  });
});

describe('points that orders earn by the rules of the configuration', () => {
  const withRules = (ago: number) =>
    said('ConfigurationActivated', ago, {
      version: 1,
      effectiveFrom: isoDaysAgo(ago),
      config: {
        ...defaultConfiguration,
        version: 1,
        pointsRules: [{ programId: 'club', pointsPerOrder: 10, minorPerPoint: 1_000 }],
      },
    });
  const facts: ReadonlyArray<Fact> = [
    withRules(250),
    enrolled('p1', 300),
    ordered('p1', 260, 'before-the-rule'),
    ordered('p1', 200, 'o1'),
    rewarded('p1', 150, { pointsDelta: -15 }),
    said('OrderReversed', 100, { orderId: 'o1', kind: 'returned', amountMinor: 10_000, reason: 'r' }, 'p1'),
    ordered('p1', 50, 'o2', { netMinor: 1_999 }),
    // No member.
    ordered('p2', 50, 'o3'),
  ];

  // coverage: 92
  test('are owed until they are redeemed; what was spent before a reversal is not taken back', async () => {
    expect(await figuresOf(...facts)).toMatchObject({
      programmes: [{ programId: 'club', points: { liability: 11, earned: 26, redeemed: 15 } }],
    });
  });

  test('stand in the ledger of the customer with their order', async () => {
    const { view } = await givenCustomers(facts);
    expect(await view(programmeView, 'p1')).toMatchObject({
      points: {
        balance: 11,
        ledger: [
          { kind: 'order', orderId: 'o1', pointsDelta: 20, balance: 20, programId: 'club' },
          { kind: 'points', orderId: null, pointsDelta: -15, balance: 5 },
          { kind: 'reversal', orderId: 'o1', pointsDelta: -5, balance: 0 },
          { kind: 'order', orderId: 'o2', pointsDelta: 11, balance: 11 },
        ],
      },
    });
  });
});
