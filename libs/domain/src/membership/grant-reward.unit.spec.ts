import { absorbedBy, given, hours, live, NOW, past } from '../command/given-when-then';
import { grantReward } from './grant-reward';

const enrolled = past(
  'MembershipEnrolled',
  { membershipId: 'm1', partyId: 'customer', programId: 'club', type: 'continuous' },
  -hours(99),
);
const reward = { kind: 'points', benefit: 'value', reason: 'order' } as const;
const earned = (pointsDelta: number, offsetMs: number) =>
  past('RewardGranted', { ...reward, membershipId: 'm1', valueMinor: 0, pointsDelta }, offsetMs);
const ofMember = (pointsDelta: number) => ({ ...reward, membershipId: 'm1', pointsDelta });

describe('GrantReward', () => {
  it('rewards a member, with neither points nor cost unless they are said', () => {
    const thanks = { kind: 'informal', benefit: 'closeness', reason: 'birthday', membershipId: 'm1' } as const;
    const outcome = given(enrolled).when(grantReward, thanks);
    outcome.then(['RewardGranted', { ...thanks, valueMinor: 0, pointsDelta: 0 }, ['customer']]);
    expect(outcome.streamId).toBe('membership-m1');
  });

  it('goes to the account of the root when there is no membership', () => {
    const coupon = { ...reward, kind: 'economic', valueMinor: 300, pointsDelta: 5 } as const;
    const parties = {
      customer: absorbedBy('root'),
      root: live('root', { members: ['root', 'customer'] }),
    };
    const outcome = given().when(grantReward, { ...coupon, partyId: 'customer' }, { parties });
    outcome.then(['RewardGranted', { ...coupon, partyId: 'root' }, ['root']]);
    expect([outcome.streamId, outcome.alsoReads]).toEqual(['account-root', ['account-customer']]);
  });

  it('redeems up to the whole balance and no more', () => {
    const facts = [enrolled, earned(100, -hours(3)), earned(-40, -hours(2))];
    given(...facts)
      .when(grantReward, ofMember(-60))
      .then(['RewardGranted', { ...reward, membershipId: 'm1', valueMinor: 0, pointsDelta: -60 }]);
    given(...facts)
      .when(grantReward, ofMember(-61))
      .thenRefused('InsufficientPoints', { path: '/pointsDelta', details: { redeemable: 60 } });
    given(enrolled)
      .when(grantReward, ofMember(-1))
      .thenRefused('InsufficientPoints', { details: { redeemable: 0 } });
  });

  it('redeems in the past only what was there then and is not spent since', () => {
    const then = { occurredAt: NOW - hours(4) };
    given(enrolled, earned(100, -hours(3)))
      .when(grantReward, ofMember(-1), then)
      .thenRefused('InsufficientPoints', { details: { redeemable: 0 } });
    const spent = [enrolled, earned(100, -hours(5)), earned(-70, -hours(3)), earned(50, -hours(2))];
    given(...spent)
      .when(grantReward, ofMember(-30), then)
      .thenAccepted();
    given(...spent)
      .when(grantReward, ofMember(-31), then)
      .thenRefused('InsufficientPoints', { details: { redeemable: 30 } });
  });

  it('lets points be earned where facts from elsewhere left a debt', () => {
    given(enrolled, earned(-50, -hours(1)))
      .when(grantReward, ofMember(10))
      .thenAccepted();
    given(enrolled, earned(-50, -hours(1)))
      .when(grantReward, ofMember(-1))
      .thenRefused('InsufficientPoints');
  });

  it('keeps the points of the account and of what was merged into it together', () => {
    const onAccount = past('RewardGranted', { ...reward, partyId: 'old', valueMinor: 0, pointsDelta: 10 }, -hours(1));
    given(onAccount)
      .when(grantReward, { ...reward, partyId: 'customer', pointsDelta: -10 })
      .thenAccepted();
    given(onAccount)
      .when(grantReward, { ...reward, partyId: 'customer', pointsDelta: -11 })
      .thenRefused('InsufficientPoints');
  });

  it('refuses an unknown membership, and the member who is erased', () => {
    given().when(grantReward, ofMember(1)).thenRefused('MembershipNotFound', { path: '/membershipId' });
    given(enrolled)
      .when(grantReward, ofMember(1), { parties: { customer: { status: 'erased' } } })
      .thenRefused('PartyErased');
  });

  it('needs a membership or a party, and not both', () => {
    given().when(grantReward, reward).thenRefused('ValidationFailed', { path: '/membershipId' });
    given(enrolled)
      .when(grantReward, { ...ofMember(1), partyId: 'customer' })
      .thenRefused('ValidationFailed', { path: '/membershipId' });
  });

  // coverage: 91
  it.each(['economic', 'non_economic', 'informal', 'intangible', 'points'])('may be %s', (kind) => {
    given(enrolled)
      .when(grantReward, { ...ofMember(1), kind })
      .thenAccepted();
  });

  // coverage: 96
  it.each(['confidence', 'security', 'value', 'social', 'closeness', 'special_treatment', 'exclusivity'])(
    'may give %s',
    (benefit) => {
      given(enrolled)
        .when(grantReward, { ...ofMember(1), benefit })
        .thenAccepted();
    },
  );
});
