import { type Fact, HOUR_MS, itemIdOf, type QueueId } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { fairnessFigures } from './fairness';

const HOUR = HOUR_MS / 86_400_000;

/** A complaint so many days ago whose item was claimed so many hours later, and released and claimed again after that. */
const waited = (partyId: string, ago: number, hours: number): ReadonlyArray<Fact> => {
  const complaintId = `c-${partyId}-${ago}`;
  const queue: QueueId = 'Q1';
  const itemId = itemIdOf(queue, partyId, complaintId);
  const claimed = (at: number): Fact =>
    said('WorkItemClaimed', at, {
      itemId,
      queue,
      partyId,
      agentId: 'agent-1',
      leaseUntil: isoDaysAgo(at - HOUR / 2),
      slot: 'priority',
    });
  const first = ago - hours * HOUR;
  return [
    said('ComplaintReceived', ago, { complaintId, partyId, channel: 'phone', category: 'delivery', severity: 2 }),
    claimed(first),
    said('WorkItemReleased', first - HOUR / 4, { itemId, agentId: 'agent-1', reason: 'lunch' }, partyId),
    claimed(first - 10 * HOUR),
  ];
};

const request = (partyId: string, ago: number, hours: number): ReadonlyArray<Fact> => {
  const requestId = `r-${partyId}-${ago}`;
  return [
    said('ServiceRequestOpened', ago, {
      requestId,
      partyId,
      channel: 'email',
      category: 'billing',
      class: 'deferred',
      openedAt: isoDaysAgo(ago),
    }),
    said(
      'ServiceRequestResolved',
      ago - hours * HOUR,
      { requestId, resolutionCode: 'done', byTier: 'back_office', resolvedAt: isoDaysAgo(ago - hours * HOUR) },
      partyId,
    ),
  ];
};

/** Best: platinum. Least: iron. */
const customers: ReadonlyArray<Fact> = [
  ordered('best', 300, 'o1', { netMinor: 900_000, costMinor: 0 }),
  ordered('best', 20, 'o2', { netMinor: 900_000, costMinor: 0 }),
  ordered('least', 20, 'o3', { netMinor: 100, costMinor: 0 }),
  said('PortfolioReviewed', 15, {
    asOf: isoDaysAgo(15),
    baseSize: 20,
    rfmCuts: { r: null, f: null, m: null },
    tierCuts: {
      platinum: { cm365Minor: 1_000_000, longevityDays: 0, partyId: 'best' },
      gold: { cm365Minor: 500_000, longevityDays: 0, partyId: 'a' },
    },
    heavyCut: null,
    medianIpiDays: null,
    segmentStats: [],
  }),
];

describe('fairness between tiers (domain.md §11.6)', () => {
  const read = async (least: ReadonlyArray<number>, requestHours: number) =>
    (
      await givenCustomers([
        ...customers,
        ...waited('best', 10, 1),
        ...least.flatMap((hours, index) => waited('least', 11 - index, hours)),
        ...request('least', 5, requestHours),
      ])
    ).figures(fairnessFigures, { from: 30 });

  it('waits are until the first action, by tier; up to three times those of platinum are fair', async () => {
    expect(await read([2, 3], 24)).toMatchObject({
      byTier: [
        { tier: 'platinum', waits: 1, medianMs: HOUR_MS, p90Ms: HOUR_MS },
        { tier: 'gold', waits: 0, medianMs: null },
        { tier: 'iron', waits: 2, medianMs: 2 * HOUR_MS, p90Ms: 3 * HOUR_MS, met: 1, missed: 0 },
        { tier: 'lead' },
        { tier: 'unranked' },
        { tier: 'none' },
      ],
      alert: false,
      alerts: { slowTiers: [], classesPastCeiling: [] },
    });
  });

  it('a longer wait of a lower tier is an alert, and so is a class with a request past its time', async () => {
    expect(await read([2, 3.001], 24)).toMatchObject({ alert: true, alerts: { slowTiers: ['iron'] } });
    expect(await read([2, 3], 24.001)).toMatchObject({
      byClass: [
        { class: 'immediate', met: 0, missed: 0, missedShare: null },
        { class: 'deferred', met: 0, missed: 1, missedShare: 1 },
      ],
      alert: true,
      alerts: { slowTiers: [], classesPastCeiling: ['deferred'] },
    });
  });
});
