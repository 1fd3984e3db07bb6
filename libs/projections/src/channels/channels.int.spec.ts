import { defaultConfiguration, type Fact, HOUR_MS } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { channelsFigures } from './figures';
import { channelsView } from './view';

const HOUR = HOUR_MS / 86_400_000;
let made = 0;

const rated = (partyId: string, ago: number, score: number, about?: Fact): Fact => {
  made += 1;
  return said('SurveyAnswered', ago, {
    surveyId: `s${made}`,
    partyId,
    instrument: 'csat_transactional',
    score,
    scaleMin: 1,
    scaleMax: 5,
    ...(about === undefined ? {} : { aboutEventId: about.eventId }),
  });
};
const request = (
  partyId: string,
  ago: number,
  solvedAgo: number | null,
  tier: 'front_office' | 'back_office',
): Fact[] => {
  made += 1;
  const requestId = `r${made}`;
  const opened = said('ServiceRequestOpened', ago, {
    requestId,
    partyId,
    channel: 'phone',
    category: 'billing',
    class: 'deferred',
    openedAt: isoDaysAgo(ago),
    avoidableInPerson: false,
  });
  if (solvedAgo === null) return [opened];
  const solved = said(
    'ServiceRequestResolved',
    solvedAgo,
    { requestId, resolutionCode: 'done', byTier: tier, resolvedAt: isoDaysAgo(solvedAgo) },
    partyId,
  );
  return [opened, solved];
};
const find = (list: unknown, key: string, value: string): unknown =>
  Array.isArray(list) ? list.find((entry: Record<string, unknown>) => entry[key] === value) : undefined;

describe('channels (PR13, domain.md §4.4)', () => {
  // coverage: 14, 30
  it('volume, share, and waits to the exact percentile over parties and months', async () => {
    const waits = [10, 20, 30, 40, 50, 60, 70, 80, 90, 1_000];
    const { figures } = await givenCustomers([
      ...waits.map((waitSeconds, index) => contacted(`p${index}`, 5 + index * 10, { waitSeconds })),
      ...Array.from({ length: 30 }, (_, index) =>
        contacted('p1', 6 + index, { channel: 'web', direction: 'outbound' }),
      ),
    ]);
    const told = await figures(channelsFigures);
    expect(told['volume']).toBe(40);
    expect(find(told['channels'], 'channel', 'phone')).toMatchObject({
      volume: 10,
      inbound: 10,
      share: 0.25,
      wait: {
        months: { from: '2025-01', to: '2026-01' },
        contacts: 10,
        meanSeconds: 145,
        p50Seconds: 50,
        p90Seconds: 90,
      },
      containmentShare: null,
      status: 'insufficient',
    });
    const short = await figures(channelsFigures, { from: 7, to: 0 });
    expect(short['volume']).toBe(3);
  });

  // coverage: 12
  it.each([
    ['exactly 72 h later', 72 * HOUR, {}, 0],
    ['a millisecond more', 72 * HOUR + 1 / 86_400_000, {}, 1],
    ['at once on another topic', HOUR, { topicCode: 'delivery' }, 1],
    ['at once, when we call and are answered', HOUR, { direction: 'outbound' }, 0],
    ['at once, when we call in vain', HOUR, { direction: 'outbound', outcome: 'no_answer' }, 1],
    ['at once, that is a message of ours', HOUR, { direction: 'outbound', channel: 'email', outcome: 'completed' }, 1],
    ['at once, but again without people', HOUR, { channel: 'mobile_app' }, 1],
  ] as const)('a self-service contact followed by one %s', async (_, later, given, share) => {
    const { figures } = await givenCustomers([
      contacted('p1', 10, { channel: 'web' }),
      contacted('p1', 10 - later, given),
    ]);
    const { channels } = await figures(channelsFigures);
    expect(find(channels, 'channel', 'web')).toMatchObject({ containmentShare: share });
  });

  // coverage: 48
  it('cost of a contact, where the document says what one costs on a channel', async () => {
    const { figures } = await givenCustomers([
      said('ConfigurationActivated', 900, {
        version: 1,
        effectiveFrom: isoDaysAgo(900),
        config: {
          ...defaultConfiguration,
          version: 1,
          contactCosts: [
            { channel: 'phone', costMinor: 450 },
            { channel: 'web', costMinor: 50 },
          ],
        },
      }),
      ...[1, 2, 3].map((ago) => contacted('p1', ago)),
      contacted('p1', 4, { channel: 'web' }),
      contacted('p1', 5, { channel: 'email' }),
    ]);
    const told = await figures(channelsFigures);
    expect(told).toMatchObject({ volume: 5, cost: { contacts: 4, costMinor: 1_400, perContactMinor: 350 } });
    expect(find(told['channels'], 'channel', 'phone')).toMatchObject({ costPerContactMinor: 450, costMinor: 1_350 });
    expect(find(told['channels'], 'channel', 'email')).toMatchObject({ costPerContactMinor: null, costMinor: null });
  });

  it('service levels met and first-contact resolution', async () => {
    const { figures } = await givenCustomers([
      ...request('p1', 10, 9.5, 'front_office'),
      ...request('p2', 10, 9, 'back_office'),
      ...request('p3', 10, 8.9, 'front_office'),
      ...request('p4', 10, null, 'front_office'),
      ...request('p5', 0.5, null, 'front_office'),
    ]);
    const { channels, moments } = await figures(channelsFigures);
    expect(find(channels, 'channel', 'phone')).toMatchObject({
      requests: { met: 2, missed: 2, solved: 3 },
      serviceLevelMetShare: 0.5,
      firstContactResolutionShare: 2 / 3,
    });
    expect(find(moments, 'code', 'MT08')).toMatchObject({ count: 4 });
  });

  // coverage: 55
  it('the share of contacts and orders that came online, by month', async () => {
    const { figures } = await givenCustomers([
      contacted('p1', 40, { channel: 'phone' }),
      contacted('p1', 10, { channel: 'chat' }),
      contacted('p2', 9, { channel: 'phone' }),
      contacted('p2', 8, { channel: 'email', direction: 'outbound' }),
      ordered('p1', 10, 'o1', { channel: 'web' }),
    ]);
    const { onlineTrend } = await figures(channelsFigures, { from: 60 });
    expect(onlineTrend).toEqual([
      { month: '2025-11', contactShare: 0, orderShare: null },
      { month: '2025-12', contactShare: 0.5, orderShare: 1 },
    ]);
  });

  it('answers about a contact count for its channel, and CX4 compares channels with 30 of them', async () => {
    const facts = Array.from({ length: 30 }, (_, index) => {
      const [phone, web] = [contacted(`p${index}`, 20), contacted(`p${index}`, 19, { channel: 'web', topicCode: 'x' })];
      return [phone, web, rated(`p${index}`, 18, 3, phone), rated(`p${index}`, 17, 5, web)];
    }).flat();
    const { figures } = await givenCustomers(facts);
    const { channels, consistency, tenant } = await figures(channelsFigures);
    expect(tenant).toMatchObject({ csat: { answers: 60, mean: 4, topTwoShare: 0.5 } });
    expect(find(channels, 'channel', 'phone')).toMatchObject({ csat: { answers: 30, mean: 3 }, status: 'warn' });
    expect(find(channels, 'channel', 'web')).toMatchObject({ csat: { answers: 30, mean: 5 }, status: 'ok' });
    expect(consistency).toMatchObject({ CX4: { best: 'web', worst: 'phone', gap: 2, hit: true } });
  });
});

describe('moments of truth (PR13, domain.md §4.3)', () => {
  // coverage: 8
  it('each is recognised by what it is derived from', async () => {
    const { partyId } = { partyId: 'p1' };
    const facts: Fact[] = [
      contacted(partyId, 100, { direction: 'outbound' }),
      said('EnquiryReceived', 99, { enquiryId: 'e1', partyId, channel: 'web', productLine: 'books' }),
      contacted(partyId, 98, { outcome: 'no_answer', direction: 'outbound' }),
      contacted(partyId, 97, { waitSeconds: 5 }),
      said('OfferMade', 96, {
        offerId: 'f1',
        partyId,
        kind: 'new',
        skus: [],
        netMinor: 1,
        listMinor: 1,
        validUntil: isoDaysAgo(90),
        channel: 'email',
        propositionId: 'p',
        appliedPreferenceIds: [],
      }),
      ordered(partyId, 95, 'o1'),
      said('OrderFulfilled', 94, { orderId: 'o1', deliveredAt: isoDaysAgo(94), complete: true }, partyId),
      contacted(partyId, 93, { purpose: 'welcome', direction: 'outbound', previousChannel: 'email' }),
      ...request(partyId, 92, 91.9, 'front_office'),
      said('PromiseMade', 91, { promiseId: 'm1', partyId, madeBy: 'a', dueAt: isoDaysAgo(80) }),
      said('PromiseSettled', 90, { promiseId: 'm1', outcome: 'kept' }, partyId),
      said('ServiceFailureDetected', 89, {
        failureId: 'x1',
        partyIds: [partyId],
        kind: 'outage',
        severity: 1,
        detectedBy: 'us',
      }),
      said('ComplaintReceived', 88, { complaintId: 'c1', partyId, channel: 'phone', category: 'billing', severity: 1 }),
      said(
        'ComplaintResolved',
        87.9,
        {
          complaintId: 'c1',
          decision: 'upheld',
          rootCause: 'price',
          immediate: false,
          resolvedAt: isoDaysAgo(87.9),
        },
        partyId,
      ),
      said('ComplaintFollowedUp', 85, { complaintId: 'c1', verdict: 5, attempt: 1 }, partyId),
      ordered(partyId, 70, 'o2'),
      ordered(partyId, 60, 'o3'),
      said('RewardGranted', 55, {
        partyId,
        kind: 'informal',
        benefit: 'closeness',
        valueMinor: 0,
        pointsDelta: 0,
        reason: 'thanks',
      }),
      said('DefectionNoticeReceived', 50, { partyId, effectiveAt: isoDaysAgo(45), reasonCodes: [], channel: 'phone' }),
      contacted(partyId, 30, { purpose: 'winback', direction: 'outbound' }),
      contacted(partyId, 20, { purpose: 'welcome', momentCode: 'MT99' }),
    ];
    const { figures, view } = await givenCustomers(facts);
    const { moments } = await figures(channelsFigures);
    const counts = Array.isArray(moments)
      ? moments.map(({ code, count }: Record<string, unknown>) => `${String(code)} ${String(count)}`)
      : [];
    expect(counts).toEqual([
      ...['MT01 1', 'MT02 1', 'MT03 1', 'MT04 1', 'MT05 1', 'MT06 1', 'MT07 1', 'MT08 1', 'MT09 1', 'MT10 1'],
      ...['MT11 1', 'MT12 1', 'MT13 1', 'MT14 2', 'MT15 1', 'MT16 1', 'MT17 1', 'MT18 1', 'MT99 1'],
    ]);
    const told = await view(channelsView, partyId);
    expect(find(told['moments'], 'code', 'MT14')).toMatchObject({ count: 2, lastAt: isoDaysAgo(60) });
    expect(find(told['channels'], 'channel', 'phone')).toMatchObject({ inbound: 2, outbound: 4, meanWaitSeconds: 5 });
  });

  // Only codes lived through in the window were listed, and a name was looked for among what every object has.
  it('one of the tenant’s own is shown by its answers of the window too, whatever it is called', async () => {
    const visit = contacted('p1', 40, { momentCode: 'constructor' });
    const { figures, view } = await givenCustomers([visit, rated('p1', 5, 5, visit)]);
    const { moments } = await figures(channelsFigures, { from: 10 });
    const expected = { code: 'constructor', moment: null };
    expect(find(moments, 'code', 'constructor')).toMatchObject({ ...expected, count: 0, csat: { answers: 1 } });
    expect((await view(channelsView, 'p1'))['moments']).toMatchObject([{ ...expected, count: 1 }]);
  });

  // Every order after the first counted: one that a shop split in two was a purchase and a repurchase in one minute.
  it('a repurchase is an order on another day, of which not all had been given back', async () => {
    const back = (orderId: string, ago: number): Fact =>
      said('OrderReversed', ago, { orderId, kind: 'returned', amountMinor: 10_000, reason: 'x' }, 'p1');
    const facts = [
      ordered('p1', 60.4, 'o1'),
      ordered('p1', 60.3, 'the same day'),
      back('o1', 50),
      back('the same day', 50),
      ordered('p1', 40.4, 'begins again'),
      ordered('p1', 30.4, 'o5'),
      ordered('p1', 30.3, 'o6'),
      back('o5', 20),
    ];
    const { moments } = await (await givenCustomers(facts)).figures(channelsFigures);
    expect(['MT04', 'MT14'].map((code) => find(moments, 'code', code))).toMatchObject([{ count: 1 }, { count: 2 }]);
  });

  it('each attempt to follow up is one, and so is each resolution, whatever comes after a reopening', async () => {
    const { complaintId, partyId } = { complaintId: 'c1', partyId: 'p1' };
    const resolvedAgain = (ago: number): Fact =>
      said(
        'ComplaintResolved',
        ago,
        { complaintId, decision: 'upheld', rootCause: 'x', immediate: false, resolvedAt: isoDaysAgo(ago) },
        partyId,
      );
    const verdict = (attempt: number, ago: number, result: { verdict?: number; unreachable?: boolean }): Fact =>
      said('ComplaintFollowedUp', ago, { complaintId, attempt, ...result }, partyId);
    const [opened, solved] = request(partyId, 100, 99.9, 'front_office');
    if (opened?.type !== 'ServiceRequestOpened' || solved?.type !== 'ServiceRequestResolved')
      throw new Error('a request');
    const { requestId } = opened.data;
    const early: ReadonlyArray<Fact> = [
      said('ComplaintReceived', 100, { complaintId, partyId, channel: 'web', category: 'billing', severity: 2 }),
      resolvedAgain(99),
      verdict(1, 95, { unreachable: true }),
      verdict(2, 94, { verdict: 1 }),
      opened,
      solved,
    ];
    const late: ReadonlyArray<Fact> = [
      resolvedAgain(50),
      verdict(3, 45, { verdict: 5 }),
      said('ServiceRequestReopened', 60, { requestId, reason: 'again' }, partyId),
      said('ServiceRequestResolved', 50, { ...solved.data, resolvedAt: isoDaysAgo(50) }, partyId),
    ];
    const momentsOf = async (facts: ReadonlyArray<Fact>, window: { from: number; to: number }): Promise<unknown> => {
      const { moments } = await (await givenCustomers(facts)).figures(channelsFigures, window);
      return ['MT08', 'MT12', 'MT13'].map((code) => find(moments, 'code', code));
    };
    const then = [{ count: 1 }, { count: 1 }, { count: 2 }];
    expect(await momentsOf(early, { from: 110, to: 80 })).toMatchObject(then);
    expect(await momentsOf([...early, ...late], { from: 110, to: 80 })).toMatchObject(then);
    expect(await momentsOf([...early, ...late], { from: 70, to: 0 })).toMatchObject([
      { count: 1 },
      { count: 1 },
      { count: 1 },
    ]);
  });

  // coverage: 8, 21
  it('one with 30 answers is told apart by its top box against that of all', async () => {
    const facts = Array.from({ length: 30 }, (_, index) => {
      const [first, welcome] = [
        ordered(`p${index}`, 30, `o${index}`),
        contacted(`p${index}`, 20, { purpose: 'welcome' }),
      ];
      return [first, welcome, rated(`p${index}`, 18, 3, first), rated(`p${index}`, 17, 5, welcome)];
    }).flat();
    const { figures } = await givenCustomers(facts);
    const { moments } = await figures(channelsFigures);
    expect(find(moments, 'code', 'MT04')).toMatchObject({ csat: { topBoxShare: 0 }, status: 'pain_point' });
    expect(find(moments, 'code', 'MT06')).toMatchObject({ csat: { topBoxShare: 1 }, status: 'differentiator' });
    expect(find(moments, 'code', 'MT07')).toMatchObject({ csat: { answers: 0, mean: null }, status: 'insufficient' });
  });
});

describe('contradictions (PR13, CX1 to CX3)', () => {
  it('are counted by rule and channel, as a rate of answers and contacts, and shown with their facts', async () => {
    const { figures, view } = await givenCustomers([
      said('PartyRegistered', 60, { partyId: 'p1', kind: 'person', displayName: 'Ana', source: 'test' }),
      contacted('p1', 50, { answerCode: 'yes' }),
      contacted('p1', 40, { answerCode: 'no', channel: 'chat', reAskedFields: ['name'] }),
    ]);
    const { consistency } = await figures(channelsFigures);
    expect(consistency).toMatchObject({
      CX1: { hits: 0 },
      CX2: { hits: 1, wrongAnswerRate: 0.5 },
      CX3: { hits: 1, rate: 0.5 },
      CX4: null,
      byChannel: [
        { rule: 'CX2', channel: 'chat', earlierChannel: 'phone', count: 1 },
        { rule: 'CX3', channel: 'chat', earlierChannel: null, count: 1 },
      ],
    });
    const told = await view(channelsView, 'p1');
    expect(told['inconsistencies']).toMatchObject([{ rule: 'CX3', about: ['name'] }, { rule: 'CX2' }]);
    expect(JSON.stringify(told)).not.toContain('Ana');
  });
});
