import type { Fact } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { scorecardFigures } from './figures';

const employee = (from: number, to?: number): Fact =>
  said('PartyRoleAssigned', 500, {
    partyId: 'p1',
    role: 'employee',
    validFrom: isoDaysAgo(from),
    ...(to === undefined ? {} : { validTo: isoDaysAgo(to) }),
  });

/*
 * What somebody adds to the figures is what he added at his last evaluation. Where a role begins or ends there is one,
 * but only the queues said so, and who is erased or asked for restriction is in none: his money stayed out for ever, or
 * in, as it had been on that day.
 */
describe('who is staff is no customer, from the first to the last day of it', () => {
  test.each<[string, Fact]>([
    ['erased', said('PersonalDataErased', 50, { partyId: 'p1', keyIds: ['k'], basis: 'asked' })],
    [
      'restricted',
      said('DataSubjectRequestReceived', 50, {
        partyId: 'p1',
        dsrId: 'd1',
        kind: 'restriction',
        receivedAt: isoDaysAgo(50),
        dueAt: isoDaysAgo(20),
      }),
    ],
  ])('also who was %s meanwhile', async (_, meanwhile) => {
    const customersOf = async (role: Fact): Promise<unknown> => {
      const { figures } = await givenCustomers([ordered('p1', 100, 'o1'), role, meanwhile]);
      return (await figures(scorecardFigures))['customers'];
    };
    expect(await customersOf(employee(400))).toMatchObject({ customersEver: 0 });
    expect(await customersOf(employee(400, 20))).toMatchObject({ customersEver: 1 });
    expect(await customersOf(employee(20))).toMatchObject({ customersEver: 0 });
    expect(await customersOf(employee(-20))).toMatchObject({ customersEver: 1 });
  });
});
