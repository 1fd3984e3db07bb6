import type { FactData } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { scorecardFigures } from './figures';

const preference = (
  ago: number,
  kind: FactData['PreferenceRecorded']['kind'],
  key: string,
  horizon: 'current' | 'future' = 'current',
) =>
  said('PreferenceRecorded', ago, {
    partyId: 'p1',
    preferenceId: key,
    kind,
    key,
    value: 'x',
    origin: 'stated',
    horizon,
  });
const contact = (ago: number) =>
  said('InteractionRecorded', ago, {
    interactionId: `i${ago}`,
    partyId: 'p1',
    direction: 'inbound',
    channel: 'phone',
    purpose: 'service',
    topicCode: 't',
    startedAt: isoDaysAgo(ago),
    outcome: 'answered',
    reAskedFields: [],
    links: {},
  });

describe('indicators of the scorecard (PR18, domain.md §12.2)', () => {
  // coverage: 48
  it('a contact costs what serving cost, divided by the contacts', async () => {
    const { figures } = await givenCustomers([
      ...[3, 4, 5, 6].map(contact),
      said('CostToServeRecorded', 2, {
        partyId: 'p1',
        amountMinor: 1_000,
        activity: 'calls',
        periodFrom: isoDaysAgo(6),
        periodTo: isoDaysAgo(2),
      }),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({ corporate: { costPerContactMinor: 250 } });
  });

  // coverage: 59
  it('orders to which a preference was applied are a share of all', async () => {
    const { figures } = await givenCustomers([
      ordered('p1', 30, 'o1', { appliedPreferenceIds: ['evening'] }),
      ordered('p1', 20, 'o2'),
      ordered('p2', 20, 'o3'),
      ordered('p2', 10, 'o4'),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({ customers: { personalisedOrderShare: 0.25 } });
  });

  // coverage: 137
  it('work that we began is a share of all work', async () => {
    const { figures } = await givenCustomers([
      // A welcome (Q5), an enquiry (Q4) and a complaint (Q1).
      ordered('p1', 5, 'o1'),
      said('EnquiryReceived', 4, { enquiryId: 'e1', partyId: 'p2', channel: 'web', productLine: 'books' }),
      said('ComplaintReceived', 3, {
        complaintId: 'c1',
        partyId: 'p3',
        channel: 'phone',
        category: 'billing',
        severity: 2,
      }),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({
      processes: { itemsEntered: 3, proactiveShare: 1 / 3 },
    });
  });

  // coverage: 46, 74
  it('a new customer costs so many times what keeping one does, as counted', async () => {
    const facts = [
      said('CampaignLaunched', 61, {
        campaignId: 'c1',
        name: 'Spring',
        objective: 'growth',
        segmentId: 'all',
        propositionId: 'v1',
        channels: ['email'],
        startsAt: isoDaysAgo(60),
        endsAt: isoDaysAgo(50),
        budgetMinor: 10_000,
        holdoutPct: 0,
        warningAcknowledged: false,
      }),
      ordered('kept', 400, 'o1'),
      ordered('kept', 30, 'o2'),
      ordered('new-1', 40, 'o3'),
      ordered('new-2', 40, 'o4'),
    ];
    const measure = said('RetentionMeasureTaken', 35, {
      partyId: 'kept',
      kind: 'proactive',
      measure: 'call',
      triggerEventId: 'e1',
      costMinor: 1_250,
    });
    const economicsOf = async (...of: Parameters<typeof givenCustomers>) =>
      (await (await givenCustomers(...of)).figures(scorecardFigures))['economics'];
    expect(await economicsOf([...facts, measure])).toEqual({
      campaignMinor: 10_000,
      newCustomers: 2,
      retentionMinor: 1_250,
      retainedCustomers: 1,
      costOfNewMinor: 5_000,
      costOfKeptMinor: 1_250,
      acquisitionCostRatio: 4,
      whatIf: {
        marginMinor: expect.any(Number),
        retentionRate: 1,
        annualDiscount: 0.1,
        lifetimeValueMinor: expect.any(Number),
        points: 0,
        raisedLifetimeValueMinor: expect.any(Number),
        lift: 0,
      },
    });
    expect(await economicsOf(facts)).toMatchObject({ costOfKeptMinor: 0, acquisitionCostRatio: null });
  });

  // coverage: 47, 74
  it('five points more of retention are worth what the margin of the last year says', async () => {
    const loyal = ['a', 'b', 'c', 'd'].flatMap((id) => [ordered(id, 400, `o1-${id}`), ordered(id, 30, `o2-${id}`)]);
    const { figures } = await givenCustomers([...loyal, ordered('e', 400, 'o1-e')]);
    const { economics } = await figures(scorecardFigures);
    const marginMinor = 3_000;
    expect(economics).toMatchObject({ whatIf: { marginMinor, retentionRate: 0.8, points: 0.05 } });
    expect(economics).toMatchObject({
      whatIf: { lifetimeValueMinor: expect.closeTo((marginMinor * 8) / 3, 6), lift: expect.closeTo(0.275, 6) },
    });
  });

  /**
   * Customers who come back count as kept (`domain.md §13.4`), so the rate may be above 1. The formula of the value
   * then divided by less than nothing: −5,172 for each customer, and −825 % for "more" retention by −3 points.
   */
  it('no lifetime value follows from more customers kept than there were', async () => {
    const back = ['a', 'b', 'c'].flatMap((id) => [ordered(id, 700, `o1-${id}`), ordered(id, 20, `o2-${id}`)]);
    const active = [400, 200, 30].map((ago) => ordered('d', ago, `d${ago}`));
    expect(await (await givenCustomers([...back, ...active])).figures(scorecardFigures)).toMatchObject({
      economics: { whatIf: { retentionRate: 4, lifetimeValueMinor: null, points: 0, lift: null } },
    });
  });

  it('nobody is worth anything while nobody was a customer a year ago', async () => {
    const { figures } = await givenCustomers([ordered('new', 30, 'o1')]);
    expect(await figures(scorecardFigures)).toMatchObject({
      economics: { whatIf: { retentionRate: null, lift: null } },
    });
  });

  // Both values are below 0 then, so their quotient said that keeping such customers was worth over a quarter more.
  it('whoever costs more than he brings is worth less the longer he stays: there is no lift', async () => {
    const { figures } = await givenCustomers([
      ...['p1', 'p2', 'p3', 'p4', 'p5'].map((partyId) => ordered(partyId, 400, `first-${partyId}`)),
      ...['p1', 'p2', 'p3', 'p4'].map((partyId) =>
        ordered(partyId, 30, `again-${partyId}`, { netMinor: 1_000, costMinor: 3_000 }),
      ),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({
      economics: {
        whatIf: {
          marginMinor: -2_000,
          retentionRate: 0.8,
          lifetimeValueMinor: expect.closeTo((-2_000 * 8) / 3, 6),
          raisedLifetimeValueMinor: expect.closeTo(-2_000 * 3.4, 6),
          lift: null,
        },
      },
    });
  });

  // coverage: 26, 131
  it('needs of today and of tomorrow are counted apart, preferences are no needs', async () => {
    const { figures } = await givenCustomers([
      preference(20, 'need', 'roof'),
      preference(20, 'need', 'garden', 'future'),
      preference(20, 'need', 'pool', 'future'),
      preference(20, 'interest', 'sailing', 'future'),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({ knowledge: { needs: { current: 1, future: 2 } } });
  });
});
