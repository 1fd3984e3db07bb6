import type { FactOf } from '@afecto/domain';
import { givenCustomers, isoDaysAgo, ordered, reviewed, said } from '../tally/given-customers';
import { valueOf } from './value';

/** The published models of CDNOW; money in minor units. */
const withModels: FactOf<'PortfolioReviewed'> = (() => {
  const review = reviewed(20);
  const bgnbd = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, n: 2_357, LL: -9_582.4 };
  const gammaGamma = { p: 6.25, q: 3.74, v: 1_544, n: 946, LL: -4_055.9 };
  return { ...review, data: { ...review.data, bgnbd, gammaGamma } };
})();

const registered = (partyId: string) =>
  said('PartyRegistered', 400, { partyId, kind: 'person', displayName: partyId, source: 'test' });

/**
 * §16 promises expected orders and CLV of every customer (PR08): only `afecto analyse` told them, of those whom it
 * listed. The figures of CDNOW's customer 1 are here to the day: x = 2, t_x = 30.43, T = 38.86 weeks.
 */
describe('what is expected of a customer (PR08, domain.md §13)', () => {
  const weeks = 7;
  const firstDay = Math.round(38.86 * weeks);
  const lastDay = firstDay - Math.round(30.43 * weeks);
  const orders = (partyId: string) => [
    registered(partyId),
    ordered(partyId, firstDay, `${partyId}-1`, { netMinor: 9_999 }),
    ordered(partyId, firstDay - 60, `${partyId}-2`, { netMinor: 2_235 }),
    ordered(partyId, lastDay, `${partyId}-3`, { netMinor: 2_235 }),
  ];
  const valueIn = async (...facts: Parameters<typeof givenCustomers>[0]) =>
    valueOf((await givenCustomers(facts)).customer('p1'));

  it('is what the models of the last review say, at the margin of the configuration', async () => {
    const { expectedOrders, lifetimeValueMinor, pAlive } = await valueIn(...orders('p1'), withModels);
    // Golden with the margin of 1: P(alive) 0.7266, E[Y(52)] 1.5587, CLV 36.0079.
    expect(pAlive).toBeCloseTo(0.7266, 2);
    expect(expectedOrders).toBeCloseTo(1.5587, 1);
    expect(Number(lifetimeValueMinor) / 30).toBeCloseTo(36.0079, -0.5);
  });

  it('is unknown without a model, of staff, and of who objects to profiling', async () => {
    const unknown = { expectedOrders: null, lifetimeValueMinor: null };
    expect(await valueIn(...orders('p1'), reviewed(20))).toMatchObject(unknown);
    const role = said('PartyRoleAssigned', 300, { partyId: 'p1', role: 'employee', validFrom: isoDaysAgo(300) });
    expect(await valueIn(...orders('p1'), withModels, role)).toMatchObject(unknown);
    const objection = said('DataSubjectRequestReceived', 30, {
      partyId: 'p1',
      dsrId: 'd1',
      kind: 'objection',
      receivedAt: isoDaysAgo(30),
      dueAt: isoDaysAgo(0),
    });
    expect(await valueIn(...orders('p1'), withModels, objection)).toMatchObject({ ...unknown, pAlive: null });
    expect(await valueIn(registered('p1'), withModels)).toMatchObject({ ...unknown, nextOrderDueAt: null });
  });

  it('tells when the next order is due by the own cadence, and how regular that is', async () => {
    const facts = [70, 60, 50].map((ago) => ordered('p1', ago, `o${ago}`));
    expect(await valueIn(...facts)).toMatchObject({ ipiDays: 10, regularity: 0, nextOrderDueAt: isoDaysAgo(40) });
  });
});
