import type { Fact } from '@afecto/domain';
import { contacted, givenCustomers, isoDaysAgo, said } from '../tally/given-customers';
import { scorecardFigures } from './figures';

const served = (partyId: string, ago: number, amountMinor: number): Fact =>
  said('CostToServeRecorded', ago, {
    partyId,
    amountMinor,
    activity: 'call',
    periodFrom: isoDaysAgo(ago),
    periodTo: isoDaysAgo(ago),
  });
const role = (partyId: string, as: 'employee' | 'competitor'): Fact =>
  said('PartyRoleAssigned', 500, { partyId, role: as, validFrom: isoDaysAgo(500) });

/*
 * The costs of the scorecard are those of customers, without staff and competitors, and were divided by the contacts of
 * everybody: the more the staff called its own desk, the cheaper a contact with a customer looked.
 */
describe('the cost of a contact', () => {
  it('is the cost of serving customers over the contacts with customers', async () => {
    const { figures } = await givenCustomers([
      ...[10, 20].map((ago) => contacted('p1', ago)),
      served('p1', 5, 900),
      role('p2', 'employee'),
      ...[1, 2, 3].map((ago) => contacted('p2', ago)),
      served('p2', 5, 6_000),
      role('p3', 'competitor'),
      contacted('p3', 4),
    ]);
    expect(await figures(scorecardFigures)).toMatchObject({ corporate: { costPerContactMinor: 450 } });
    expect(await figures(scorecardFigures, { from: 4, to: 0 })).toMatchObject({
      corporate: { costPerContactMinor: null },
    });
  });
});
