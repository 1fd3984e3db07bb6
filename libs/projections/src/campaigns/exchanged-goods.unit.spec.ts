/**
 * Who exchanges the first goods orders the right ones before sending the wrong ones back. The first order that stands
 * is the second then, and the worth of the first 180 days began there: it took off the return of an order whose price
 * it had never counted, and a campaign that brought such customers seemed to bring nothing.
 */
import { givenCustomers, ordered, said } from '../tally/given-customers';
import { campaignFigures } from './figures';

const returned = (ago: number, orderId: string, amountMinor = 10_000) =>
  said('OrderReversed', ago, { orderId, kind: 'returned', amountMinor, reason: 'size' }, 'p1');
const first = ordered('p1', 300, 'wrong', { costMinor: 4_000, campaignId: 'c1' });
const second = ordered('p1', 298, 'right', { costMinor: 4_000, campaignId: 'c1' });

const figuresOf = async (...facts: Parameters<typeof givenCustomers>[0]) =>
  (await givenCustomers(facts)).figures(campaignFigures);
const worth = (meanContributionMinor: number) => ({
  campaigns: [{ campaignId: 'c1', acquisition: { customers: 1, meanContributionMinor } }],
});

describe('what a campaign that acquired a customer is worth (domain.md §6.6)', () => {
  it.each([
    ['after the exchange', [first, second, returned(295, 'wrong')]],
    ['before it', [first, returned(299, 'wrong'), second]],
  ])('is that of the goods kept, when the wrong ones were given back %s', async (_, facts) => {
    expect(await figuresOf(...facts)).toMatchObject(worth(6_000));
  });

  it('is less by what was given back of goods that it counted', async () => {
    expect(await figuresOf(first, second, returned(295, 'right'))).toMatchObject(worth(6_000));
    expect(await figuresOf(second, returned(295, 'right', 5_000))).toMatchObject(worth(3_000));
  });
});
