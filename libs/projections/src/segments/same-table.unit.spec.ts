import { composeReview, defaultConfiguration, type Fact, policyAt, regimeOf, reviewRowOf } from '@afecto/domain';
import { NOW } from '../engine/testing/given-log';
import { givenCustomers, isoDaysAgo, ordered, reviewed, said } from '../tally/given-customers';
import { segmentFigures } from './figures';

const configured = said('ConfigurationActivated', 900, {
  version: 1,
  effectiveFrom: isoDaysAgo(900),
  config: { ...defaultConfiguration, version: 1, segments: [{ segmentId: 'all', name: 'All' }] },
});
const registered = (partyId: string): Fact =>
  said('PartyRegistered', 800, { partyId, kind: 'person', displayName: partyId, source: 'test' });
const served = (partyId: string, ago: number, amountMinor: number): Fact =>
  said('CostToServeRecorded', ago, {
    partyId,
    amountMinor,
    activity: 'visit',
    periodFrom: isoDaysAgo(ago),
    periodTo: isoDaysAgo(ago),
  });

/*
 * The review measures everybody for its table of segments, also prospects on whom something was spent. The table of the
 * figures took 0 for whoever had no order: the mean of a segment of costly prospects was 0 there and below 0 in the
 * review, by which a campaign is warned, so the two disagreed on which segment is the poorest.
 */
describe('the table of segments', () => {
  const facts = [
    configured,
    ...['buyer', 'prospect', 'staff', 'late'].map(registered),
    ordered('buyer', 100, 'o1', { netMinor: 1_000, costMinor: 0 }),
    served('prospect', 60, 4_000),
    served('staff', 60, 8_000),
    said('PartyRoleAssigned', 500, {
      partyId: 'staff',
      role: 'employee',
      validFrom: isoDaysAgo(500),
      validTo: isoDaysAgo(20),
    }),
    reviewed(50),
    // After the review.
    served('late', 10, 9_000),
    served('prospect', 10, 9_000),
  ];

  test('has the contribution that the review counted, also of whoever had only cost something', async () => {
    const given = await givenCustomers(facts);
    const segments = [{ segmentId: 'all', size: 4, totalCm365Minor: -3_000, meanCm365Minor: -750 }];
    expect(await given.figures(segmentFigures)).toMatchObject({ segments });
  });

  test('is the one that a review of now composes', async () => {
    const now = facts.filter(({ type }) => type !== 'PortfolioReviewed');
    const policy = policyAt(regimeOf(now.filter(({ type }) => type === 'ConfigurationActivated')), NOW);
    const before = await givenCustomers(now);
    const rows = ['buyer', 'prospect', 'staff', 'late'].map((partyId) => {
      const { evidence, standing } = before.customer(partyId);
      const { phase } = standing.lifecycle;
      const segment = { phase, tier: standing.value.tier, zone: standing.loyalty.zone, reachable: false };
      return reviewRowOf(evidence, policy, NOW, segment);
    });
    const review = composeReview(rows, NOW, policy.configuration);
    const after = await givenCustomers([...now, said('PortfolioReviewed', 0, review)]);
    expect(review.segmentStats).toMatchObject([{ segmentId: 'all', size: 4, meanCm365Minor: -7_250 }]);
    expect(await after.figures(segmentFigures)).toMatchObject({
      segments: [{ size: 4, meanCm365Minor: -7_250 }],
    });
  });
});
