import { absorbedBy, given, hours, live, past } from '../command/given-when-then';
import { recordReferral } from './record-referral';

const referral = { referralId: 'f1', referrerId: 'customer', referredId: 'friend', channel: 'social' } as const;

describe('RecordReferral', () => {
  it('is about both parties', () => {
    given()
      .when(recordReferral, referral)
      .then(['ReferralMade', referral, ['customer', 'friend']]);
  });

  it('may know no more than a contact', () => {
    const { referredId: _, ...unknown } = referral;
    given()
      .when(recordReferral, { ...unknown, contact: 'a friend, +34 600' })
      .then(['ReferralMade', { ...unknown, contact: 'a friend, +34 600' }, ['customer']]);
  });

  it('refuses a customer who refers himself, directly or through a merge', () => {
    given()
      .when(recordReferral, { ...referral, referredId: 'customer' })
      .thenRefused('SelfReferral');
    given()
      .when(recordReferral, referral, { parties: { friend: absorbedBy('customer'), customer: live('customer') } })
      .thenRefused('SelfReferral', { path: '/referredId' });
  });

  it('refuses somebody who is a customer already', () => {
    given()
      .when(recordReferral, referral, { knowledge: { customers: new Set(['friend']) } })
      .thenRefused('NotAReferral', { path: '/referredId' });
  });

  it('says nothing new when it is made again, though the friend has become a customer', () => {
    given(past('ReferralMade', referral, -hours(1)))
      .when(recordReferral, referral, { knowledge: { customers: new Set(['friend']) } })
      .thenNothing();
    given(past('ReferralMade', referral, -hours(1)))
      .when(recordReferral, { ...referral, channel: 'phone' })
      .thenRefused('InvalidState', { path: '/referralId' });
  });
});
