import { given, hours, iso, past } from '../command/given-when-then';
import { enrolMembership } from './enrol-membership';

const membership = { membershipId: 'm1', partyId: 'customer', programId: 'club', type: 'continuous' } as const;

describe('EnrolMembership', () => {
  it('enrols', () => {
    given()
      .when(enrolMembership, membership)
      .then(['MembershipEnrolled', membership, ['customer']]);
  });

  it('is one active membership in each programme', () => {
    const activeMemberships = [{ membershipId: 'm0', programId: 'club' }];
    given()
      .when(enrolMembership, membership, { knowledge: { activeMemberships } })
      .thenRefused('AlreadyMember', { path: '/programId', details: { membershipId: 'm0' } });
    given()
      .when(enrolMembership, { ...membership, programId: 'other' }, { knowledge: { activeMemberships } })
      .thenAccepted();
  });

  it('says nothing new when it comes again', () => {
    given(past('MembershipEnrolled', membership, -hours(1)))
      .when(enrolMembership, membership)
      .thenNothing();
    given(past('MembershipEnrolled', membership, -hours(1)))
      .when(enrolMembership, { ...membership, programId: 'other' })
      .thenRefused('AlreadyMember');
  });

  it('ends after it starts', () => {
    given()
      .when(enrolMembership, { ...membership, validTo: iso(1) })
      .thenAccepted();
    given()
      .when(enrolMembership, { ...membership, validTo: iso() })
      .thenRefused('InvalidInterval', { path: '/validTo' });
  });
});
