import type { FactData } from '@afecto/domain';
import { profileOf } from '../profile/profile';
import { givenCustomers, isoDaysAgo, ordered, said } from '../tally/given-customers';
import { voiceFigures } from '../voice/figures';
import { networkView } from './view';

const assigned = (
  partyId: string,
  role: FactData['PartyRoleAssigned']['role'],
  counterpartyId: string,
  ago: number,
  toAgo?: number,
) =>
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

  test('keeps what is in force when an earlier time of the same is told later', async () => {
    const past = { validFrom: isoDaysAgo(900), validTo: isoDaysAgo(700) };
    const current = { validFrom: isoDaysAgo(200), validTo: isoDaysAgo(-200) };
    const role = { partyId: 'p1', role: 'agent', counterpartyId: 'p2' } as const;
    const bond = { partyId: 'p1', bondType: 'structural', subtype: 'joint_investment', counterpartyId: 'p2' } as const;
    const given = await givenCustomers([
      said('PartyRoleAssigned', 200, { ...role, ...current }),
      said('PartyRoleAssigned', 100, { ...role, ...past }),
      said('BondEstablished', 200, { ...bond, ...current }),
      said('BondEstablished', 150, { ...bond, ...current, counterpartyId: 'p3' }),
      said('BondEstablished', 100, { ...bond, ...past }),
    ]);
    const both = [
      { ...current, active: true },
      { ...past, active: false },
    ];
    expect(await given.view(networkView, 'p1')).toMatchObject({
      roles: both,
      bonds: [
        { partyId: 'p2', active: true },
        { partyId: 'p3', active: true },
        { partyId: 'p2', active: false },
      ],
    });
    expect(await given.view(networkView, 'p2')).toMatchObject({ rolesTowards: both });
    expect(profileOf(given.customer('p1'))).toMatchObject({
      roles: [{ role: 'agent', counterpartyId: 'p2', validTo: current.validTo }],
      bonds: [{ bondType: 'structural', automatic: false }],
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

  // coverage: 73, 171
  test('leads from a customer to the supplier behind it, step by step', async () => {
    const given = await givenCustomers([
      assigned('agency', 'agent', 'customer', 300),
      assigned('factory', 'supplier', 'agency', 300),
      assigned('mine', 'supplier', 'factory', 300),
    ]);
    const behind = async (partyId: string): Promise<ReadonlyArray<string>> => {
      const view = (await given.view(networkView, partyId)) as { rolesTowards: ReadonlyArray<{ partyId: string }> };
      const [next] = view.rolesTowards;
      return [partyId, ...(next === undefined ? [] : await behind(next.partyId))];
    };
    expect(await behind('customer')).toEqual(['customer', 'agency', 'factory', 'mine']);
  });

  // coverage: 142
  test('shows who belongs to a user group, which is a party that answers surveys like any other', async () => {
    const given = await givenCustomers([
      said('PartyRegistered', 300, { partyId: 'users', kind: 'organization', displayName: 'Users', source: 'test' }),
      assigned('p1', 'associate', 'users', 200),
      assigned('p2', 'associate', 'users', 100),
      said('SurveyAnswered', 10, {
        surveyId: 's1',
        partyId: 'users',
        instrument: 'nps',
        score: 9,
        scaleMin: 0,
        scaleMax: 10,
      }),
    ]);
    expect(await given.view(networkView, 'users')).toMatchObject({
      rolesTowards: [
        { partyId: 'p1', role: 'associate', active: true },
        { partyId: 'p2', role: 'associate', active: true },
      ],
    });
    expect(await given.figures(voiceFigures)).toMatchObject({ instruments: [{ answers: 1, promoters: 1 }] });
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
