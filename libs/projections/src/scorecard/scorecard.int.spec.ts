import type { Fact } from '@afecto/domain';
import { contacted, isoDaysAgo, givenCustomers, ordered, said } from '../tally/given-customers';
import { cohortFigures, peopleFigures, scorecardFigures } from './figures';

const employee = (partyId: string) =>
  said('PartyRoleAssigned', 400, {
    partyId,
    role: 'employee',
    validFrom: isoDaysAgo(400),
  });

describe('the scorecard (PR18, domain.md §13.4)', () => {
  // The last whole month before 2026-01-01 is December 2025: 31 days.
  it('given customers who stay, leave and come, when a month ends, then CRR = (E − N)/S and churn is the rest', async () => {
    const { figures } = await givenCustomers([
      // Active at the end of November and of December.
      ordered('stays', 100, 'o1'),
      // Active at the end of November (175 days), no more at the end of December.
      ordered('leaves', 206, 'o2'),
      // New in December.
      ordered('comes', 10, 'o3'),
      ordered('gone', 500, 'o4'),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({
      customers: {
        lastMonth: {
          from: '2025-12-01',
          to: '2025-12-31',
          activeAtStart: 2,
          activeAtEnd: 2,
          newAtEnd: 1,
          retentionRate: 0.5,
          churnRate: 0.5,
        },
        customersEver: 4,
        repeatRate: 0,
      },
    });
  });

  // coverage: 39, 49, 53, 54
  it('given orders, enquiries, referrals and costs, then money, repeat, cross-selling, cycle and conversion follow', async () => {
    const { figures } = await givenCustomers([
      said('EnquiryReceived', 40, { enquiryId: 'e1', partyId: 'p1', channel: 'web', productLine: 'books' }),
      ordered('p1', 30, 'o1', { netMinor: 10_000, costMinor: 6_000 }),
      said('EnquiryClosed', 30, { enquiryId: 'e1', outcome: 'converted', orderId: 'o1' }, 'p1'),
      ordered('p1', 20, 'o2', {
        netMinor: 5_000,
        lines: [{ sku: 's', productLine: 'music', qty: 1, listMinor: 5_000, netMinor: 5_000, costMinor: 1_000 }],
        totalNetMinor: 5_000,
      }),
      said('OrderReversed', 10, { orderId: 'o2', kind: 'refunded', amountMinor: 1_000, reason: 'late' }, 'p1'),
      said('CostToServeRecorded', 5, {
        partyId: 'p1',
        amountMinor: 300,
        activity: 'call',
        periodFrom: isoDaysAgo(5),
        periodTo: isoDaysAgo(5),
      }),
      said('ReferralMade', 15, { referralId: 'r1', referrerId: 'p1', referredId: 'p2', channel: 'web' }),
      ordered('p2', 12, 'o3'),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({
      corporate: { revenueMinor: 24_000, orders: 3, costsMinor: { cost_to_serve: 300 } },
      customers: {
        customersEver: 2,
        repeatRate: 0.5,
        crossSellRate: 1,
        referralRate: 0.5,
        referrals: 1,
        referralsConverted: 1,
        enquiryConversion: 1,
        salesCycleDaysMedian: 10,
      },
    });
  });

  // coverage: 75
  describe('the relational marketing share is that of customers active on the last day who do more than buy', () => {
    const enrolled = (partyId: string, ago: number, until: number) =>
      said('MembershipEnrolled', ago, {
        membershipId: `m-${partyId}`,
        partyId,
        programId: 'club',
        type: 'continuous',
        validTo: isoDaysAgo(until),
      });
    const dialogue = (partyId: string, ...agos: ReadonlyArray<number>) =>
      agos.map((ago, index) => contacted(partyId, ago, { direction: index % 2 === 0 ? 'inbound' : 'outbound' }));
    const facts = [
      ordered('buys', 100, 'o1'),
      ordered('reached', 100, 'o2'),
      said('PartyIdentified', 90, {
        partyId: 'reached',
        identifiers: [{ scheme: 'email', value: 'a@example.org', verified: true, preferred: true, valid: true }],
      }),
      // For 50 days a member.
      ordered('member', 100, 'o3'),
      enrolled('member', 70, 20),
      // Two and two contacts within a year, from the fourth until the first of them is too old.
      ordered('talks', 400, 'o4'),
      ordered('talks', 100, 'o5'),
      ...dialogue('talks', 395, 380, 60, 50),
      // Active for 180 days and no longer, member or not.
      ordered('gone', 250, 'o6'),
      enrolled('gone', 240, 0.5),
    ];

    it.each([
      { to: 300, share: 0, who: '"talks" alone, twice' },
      { to: 230, share: 1 / 2, who: 'the member "gone", of two' },
      { to: 71, share: 2 / 5, who: 'who can be reached, and "gone"' },
      { to: 70, share: 3 / 5, who: 'the new member too, and "gone" on the last of its days' },
      { to: 69, share: 2 / 4, who: 'who can be reached, and the member' },
      { to: 50, share: 3 / 4, who: 'who has spoken twice, and twice been spoken to, too' },
      { to: 31, share: 3 / 4, who: 'the same, a year after the first contact' },
      { to: 30, share: 2 / 4, who: 'who can be reached, and the member' },
      { to: 20, share: 1 / 4, who: 'who can be reached; the membership has ended' },
      { to: 0, share: 1 / 4, who: 'who can be reached' },
    ])('$to days before the end $share: $who', async ({ to, share }) => {
      const { figures } = await givenCustomers(facts);
      expect(await figures(scorecardFigures, { from: to + 10, to })).toMatchObject({
        customers: { relationalShare: share },
      });
    });
  });

  // coverage: 17
  it('a product line that was returned whole is no line that the customer buys', async () => {
    const line = (productLine: string, netMinor: number) => ({
      sku: productLine,
      productLine,
      qty: 1,
      listMinor: netMinor,
      netMinor,
    });
    const bought = [
      ordered('p1', 50, 'o1', { netMinor: 100 }),
      ordered('p1', 30, 'o2', { netMinor: 300, lines: [line('books', 100), line('music', 200)] }),
    ];
    const returned = (netMinor: number) =>
      said(
        'OrderReversed',
        25,
        { orderId: 'o2', kind: 'returned', amountMinor: netMinor, lines: [line('music', netMinor)], reason: 'size' },
        'p1',
      );
    const customersOf = async (...facts: ReadonlyArray<Fact>) =>
      (await (await givenCustomers(facts)).figures(scorecardFigures))['customers'];
    const both = { severalLinesRate: 1, crossSellRate: 1 };
    expect(await customersOf(...bought)).toMatchObject(both);
    expect(await customersOf(...bought, returned(199))).toMatchObject(both);
    expect(await customersOf(...bought, returned(200))).toMatchObject({ severalLinesRate: 0, crossSellRate: 0 });
  });

  // coverage: 70
  it('staff add nothing', async () => {
    const { figures } = await givenCustomers([employee('p1'), ordered('p1', 30, 'o1'), ordered('p2', 30, 'o2')]);
    expect(await figures(scorecardFigures)).toMatchObject({ corporate: { orders: 1 }, knowledge: { parties: 1 } });
  });

  it('what was merged was a duplicate, of all parties that were ever told apart', async () => {
    const party = (partyId: string) =>
      said('PartyRegistered', 50, { partyId, kind: 'person', displayName: partyId, source: 'test' });
    const { figures } = await givenCustomers([
      ...['p1', 'p2', 'p3', 'p4'].map(party),
      said('PartiesMerged', 40, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' }),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({ knowledge: { parties: 3, duplicateRate: 0.25 } });
  });

  // coverage: 147
  it('a need is met by a later order of that line, or a later confirmed resolution of that category', async () => {
    const need = (partyId: string, ago: number) =>
      said('PreferenceRecorded', ago, {
        partyId,
        preferenceId: `need-${partyId}`,
        kind: 'need',
        key: 'wants',
        value: 'Books',
        origin: 'stated',
        horizon: 'current',
      });
    const served = (partyId: string, ago: number, confirmedByCustomer: boolean) => [
      said('ServiceRequestOpened', ago, {
        requestId: `request-${partyId}`,
        partyId,
        channel: 'phone',
        category: 'books',
        class: 'deferred',
        openedAt: isoDaysAgo(ago),
      }),
      said(
        'ServiceRequestResolved',
        ago - 1,
        {
          requestId: `request-${partyId}`,
          resolutionCode: 'done',
          byTier: 'front_office',
          resolvedAt: isoDaysAgo(ago - 1),
          confirmedByCustomer,
        },
        partyId,
      ),
    ];
    const { figures } = await givenCustomers([
      need('before', 50),
      ordered('before', 30, 'o1'),
      ordered('after', 30, 'o2'),
      need('after', 10),
      need('confirmed', 50),
      ...served('confirmed', 40, true),
      need('refused', 50),
      ...served('refused', 40, false),
      ...served('earlier', 45, true),
      need('earlier', 40),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({ knowledge: { needs: { current: 5 }, needsMetShare: 0.4 } });
  });

  // coverage: 29, 141
  it('agents are listed with their contacts, and inbound contacts by hour and channel', async () => {
    const call = (ago: number, agentId?: string) => contacted('p1', ago, agentId === undefined ? {} : { agentId });
    const { figures } = await givenCustomers([call(3, 'ada'), call(2, 'ada'), call(1.5)]);
    expect(await figures(peopleFigures)).toEqual({
      agents: [
        {
          agentId: 'ada',
          contacts: 2,
          completed: 0,
          outcomes: {},
          requestsSolved: 0,
          firstContactResolution: null,
        },
      ],
      load: [
        { channel: 'phone', hour: 0, contacts: 2 },
        { channel: 'phone', hour: 12, contacts: 1 },
      ],
    });
  });

  it('inbound contacts by hour are those of the days asked about, not of their months', async () => {
    const { figures } = await givenCustomers([contacted('p1', 20), contacted('p1', 5), contacted('p1', 2)]);
    const { load } = await figures(peopleFigures, { from: 5, to: 3 });
    expect(load).toEqual([{ channel: 'phone', hour: 0, contacts: 1 }]);
  });

  // 2, 4 and 10 days, and then 12 too.
  it('the median sales cycle of an even number of customers lies between the two in the middle', async () => {
    const cycle = (partyId: string, days: number) => [
      said('EnquiryReceived', 20 + days, { enquiryId: `e-${partyId}`, partyId, channel: 'web', productLine: 'books' }),
      ordered(partyId, 20, `o-${partyId}`),
    ];
    const medianOf = async (...facts: ReadonlyArray<Fact>) =>
      (await (await givenCustomers(facts)).figures(scorecardFigures))['customers'];
    const odd = [...cycle('p1', 10), ...cycle('p2', 2), ...cycle('p3', 4)];
    expect(await medianOf(...odd)).toMatchObject({ salesCycleDaysMedian: 4 });
    expect(await medianOf(...odd, ...cycle('p4', 12))).toMatchObject({ salesCycleDaysMedian: 7 });
  });

  /** `domain.md §12.2` asks for first-contact resolution per agent: it was told by class, channel and tier only. */
  it('agents have the share of the requests that they opened which they solved at first contact', async () => {
    const opened = (requestId: string, ago: number, agent: string) => ({
      ...said('ServiceRequestOpened', ago, {
        requestId,
        partyId: 'p1',
        channel: 'phone',
        category: 'billing',
        class: 'deferred',
        openedAt: isoDaysAgo(ago),
        avoidableInPerson: false,
      }),
      actor: { kind: 'agent' as const, id: agent },
    });
    const solved = (requestId: string, ago: number, byTier: 'front_office' | 'back_office') =>
      said(
        'ServiceRequestResolved',
        ago,
        { requestId, resolutionCode: 'done', byTier, resolvedAt: isoDaysAgo(ago) },
        'p1',
      );
    const { figures } = await givenCustomers([
      contacted('p1', 30, { agentId: 'ada' }),
      contacted('p1', 29, { agentId: 'bob' }),
      opened('r1', 20, 'ada'),
      solved('r1', 19.9, 'front_office'),
      opened('r2', 18, 'ada'),
      solved('r2', 17.9, 'back_office'),
      opened('r3', 16, 'ada'),
      opened('r4', 15, 'bob'),
    ]);
    expect(await figures(peopleFigures)).toMatchObject({
      agents: [
        { agentId: 'ada', requestsSolved: 2, firstContactResolution: 0.5 },
        { agentId: 'bob', requestsSolved: 0, firstContactResolution: null },
      ],
    });
  });

  /** Compared by their days, an enquiry in the afternoon had led to the order of that morning, in 0 days. */
  it('an enquiry after the first order begins no cycle, on the same day neither', async () => {
    const enquiry = (ago: number) =>
      said('EnquiryReceived', ago, { enquiryId: `e${ago}`, partyId: 'p1', channel: 'web', productLine: 'books' });
    const medianOf = async (...ago: ReadonlyArray<number>) =>
      (await (await givenCustomers([ordered('p1', 10.4, 'o1'), ...ago.map(enquiry)])).figures(scorecardFigures))[
        'customers'
      ];
    expect(await medianOf(10.3)).toMatchObject({ salesCycleDaysMedian: null });
    expect(await medianOf(10.4, 10.3)).toMatchObject({ salesCycleDaysMedian: 0 });
    expect(await medianOf(14.4, 10.3)).toMatchObject({ salesCycleDaysMedian: 4 });
  });

  it('cohorts show how many ordered again, month by month', async () => {
    const { figures } = await givenCustomers([
      ordered('p1', 80, 'o1'),
      ordered('p1', 20, 'o2'),
      ordered('p2', 75, 'o3'),
    ]);
    expect(await figures(cohortFigures)).toEqual({
      cohorts: [
        {
          cohort: '2025-10',
          customers: 2,
          later: [
            { month: '2025-10', after: 0, customers: 2, share: 1 },
            { month: '2025-12', after: 2, customers: 1, share: 0.5 },
          ],
        },
      ],
    });
  });
});
