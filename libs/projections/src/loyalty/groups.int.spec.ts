/**
 * Zones, tiers and phases of all customers were counted row by row at every question: 80 ms for 100 000
 * customers. They are sums now; these tests hold them to a count of the rows.
 */
import { givenCustomers, ordered, said } from '../tally/given-customers';
import { loyaltyFigures } from './figures';
import { groupsOf } from './groups';

const registered = (partyId: string) =>
  said('PartyRegistered', 300, { partyId, kind: 'person', displayName: partyId, source: 'test' });

const facts = [
  ...['a', 'b', 'c', 'd'].map(registered),
  ...[200, 150, 100, 50, 10].map((ago) => ordered('a', ago, `a${ago}`)),
  ordered('b', 280, 'b1'),
  ordered('c', 5, 'c1'),
];

describe('customers by where they stand (PR05, PR07)', () => {
  it.each(['phase', 'zone', 'quadrant', 'extreme', 'tier'] as const)(
    'by %s are as many as the rows',
    async (respect) => {
      const { readModels } = await givenCustomers(facts);
      const counted = await readModels.countCustomers([respect]);
      expect(await groupsOf(readModels, respect)).toEqual(
        counted.map(({ group, count }) => ({ group: group[respect], customers: count })),
      );
    },
  );

  it('have shares that add up to the whole, and each customer counts once', async () => {
    const given = await givenCustomers(facts);
    const { zones } = await given.figures(loyaltyFigures);
    const listed = Array.isArray(zones) ? zones : [];
    expect(listed.reduce((sum, zone) => sum + zone.customers, 0)).toBe(4);
    expect(listed.reduce((sum, zone) => sum + zone.share, 0)).toBeCloseTo(1, 12);
  });
});
