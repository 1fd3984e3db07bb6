import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { networkView } from './view';

const assigned = (partyId: string, role: 'agent' | 'guarantor', counterpartyId: string, ago: number, toAgo?: number) =>
  said('PartyRoleAssigned', ago, {
    partyId,
    role,
    counterpartyId,
    validFrom: isoDaysAgo(300),
    ...(toAgo === undefined ? {} : { validTo: isoDaysAgo(toAgo) }),
  });

describe('the network of a party', () => {
  test('shows roles in both directions, with those that have ended', async () => {
    const given = await givenCustomers([
      assigned('p1', 'agent', 'p2', 300),
      assigned('p3', 'guarantor', 'p1', 300),
      assigned('p4', 'agent', 'p1', 300),
      assigned('p4', 'agent', 'p1', 100, 90),
    ]);
    expect(await given.view(networkView, 'p1')).toMatchObject({
      roles: [{ role: 'agent', counterpartyId: 'p2', active: true }],
      rolesTowards: [
        { partyId: 'p3', role: 'guarantor', active: true, validTo: null },
        { partyId: 'p4', role: 'agent', active: false, validTo: isoDaysAgo(90) },
      ],
    });
    expect(await given.view(networkView, 'p2')).toMatchObject({
      roles: [],
      rolesTowards: [{ partyId: 'p1', role: 'agent' }],
    });
  });

  test('shows whom it referred and what came of it, and who referred it', async () => {
    const referred = (referrerId: string, referredId: string, ago: number) =>
      said('ReferralMade', ago, {
        referralId: `${referrerId}-${referredId}`,
        referrerId,
        referredId,
        channel: 'email',
      });
    const given = await givenCustomers([
      referred('p0', 'p1', 200),
      referred('p1', 'p2', 100),
      referred('p1', 'p3', 100),
      ordered('p2', 90, 'o1'),
    ]);
    expect(await given.view(networkView, 'p1')).toMatchObject({
      referredBy: ['p0'],
      referrals: [
        { referredId: 'p2', convertedAt: isoDaysAgo(90) },
        { referredId: 'p3', convertedAt: null },
      ],
    });
  });

  test('is that of all parties merged into it', async () => {
    const given = await givenCustomers([
      assigned('p2', 'agent', 'p3', 300),
      assigned('p1', 'agent', 'p4', 300),
      said('PartiesMerged', 10, { survivorId: 'p1', absorbedId: 'p2', matchScore: 1, reason: 'same' }),
    ]);
    expect(await given.view(networkView, 'p1')).toMatchObject({
      members: ['p1', 'p2'],
      roles: [{ counterpartyId: 'p3' }, { counterpartyId: 'p4' }],
    });
  });

  test('names the counterparties of bonds', async () => {
    const given = await givenCustomers([
      said('BondEstablished', 50, {
        partyId: 'p1',
        bondType: 'structural',
        subtype: 'joint_investment',
        counterpartyId: 'p9',
        validFrom: isoDaysAgo(50),
      }),
    ]);
    expect(await given.view(networkView, 'p1')).toMatchObject({ bonds: [{ partyId: 'p9', active: true }] });
  });
});
