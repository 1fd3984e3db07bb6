import { givenCustomers, ordered, reviewed } from '../tally/given-customers';
import { valueOf } from '../value/value';

/* The list of customers said of whoever no review had measured that he was no heavy user; his profile, that nobody knew. */
describe('heavy users in lists', () => {
  test.each([
    ['before a review has measured it: unknown', [], null],
    ['after it: what it found', [reviewed(10)], false],
  ])('%s', async (_, reviews, heavyUser) => {
    const { readModels, customer } = await givenCustomers([ordered('p1', 30, 'o1'), ...reviews]);
    expect(await readModels.customer('p1')).toMatchObject({ heavyUser });
    expect(valueOf(customer('p1'))).toMatchObject({ heavyUser });
  });
});
