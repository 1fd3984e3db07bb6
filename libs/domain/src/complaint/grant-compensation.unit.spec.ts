import { absorbedBy, given, hours, live, NOW } from '../command/given-when-then';
import { received, resolved, verdict } from './complaint-facts';
import { grantCompensation } from './grant-compensation';

const refund = (amountMinor: number) =>
  ({ complaintId: 'c1', kind: 'refund', amountMinor, justice: 'distributive' }) as const;
const actor = (...roles: ReadonlyArray<string>) => ({ actor: { kind: 'agent', id: 'agent-1', roles } }) as const;

describe('GrantCompensation', () => {
  it('is approved by the actor unless another one is named', () => {
    given(received(-hours(1)))
      .when(grantCompensation, refund(100))
      .then(['CompensationGranted', { ...refund(100), approvedBy: 'agent-1' }, ['customer']]);
  });

  // coverage: 106
  it.each([
    ['front_office', 5_000],
    ['supervisor', 50_000],
    ['analyst', 0],
  ])('lets %s grant up to %i and no more', (role, limit) => {
    given(received(-hours(1)))
      .when(grantCompensation, refund(limit), actor(role))
      .thenAccepted();
    given(received(-hours(1)))
      .when(grantCompensation, refund(limit + 1), actor(role))
      .thenRefused('ApprovalRequired', { path: '/amountMinor', details: { limit } });
  });

  it('counts the highest role of the actor', () => {
    given(received(-hours(1)))
      .when(grantCompensation, refund(50_000), actor('supervisor', 'front_office'))
      .thenAccepted();
  });

  it('refuses a closed complaint', () => {
    given(received(-hours(4)), resolved(-hours(3)), verdict(5, -1))
      .when(grantCompensation, refund(100))
      .thenRefused('ComplaintClosed');
  });

  // It was accepted, and stood on the timeline before what it makes good.
  it('is granted for a complaint that has been received by then, in whatever round, and told whenever', () => {
    const facts = [received(-hours(4)), resolved(-hours(3))];
    const at = (occurredAt: number) => given(...facts).when(grantCompensation, refund(100), { occurredAt });
    at(NOW - hours(4) - 1).thenRefused('InvalidInterval', { path: '/occurredAt' });
    at(NOW - hours(4)).thenAccepted();
    at(NOW - hours(3.5)).thenAccepted();
    given(...facts, verdict(1, -hours(2)))
      .when(grantCompensation, refund(100), { occurredAt: NOW - hours(3.5) })
      .thenAccepted();
    given(received(hours(0.05)))
      .when(grantCompensation, refund(100))
      .thenAccepted();
  });

  it('refuses an unknown complaint', () => {
    given().when(grantCompensation, refund(100)).thenRefused('ComplaintNotFound');
  });

  it('goes to the account of the root when there is no complaint', () => {
    const { complaintId: _, ...rest } = refund(100);
    const parties = { parties: { customer: absorbedBy('root'), root: live('root') } };
    const outcome = given().when(grantCompensation, { ...rest, partyId: 'customer' }, parties);
    outcome.then(['CompensationGranted', { ...rest, partyId: 'root', approvedBy: 'agent-1' }, ['root']]);
    expect(outcome.streamId).toBe('account-root');
  });

  it('needs a complaint or a party, and not both', () => {
    const { complaintId: _, ...rest } = refund(100);
    given().when(grantCompensation, rest).thenRefused('ValidationFailed', { path: '/complaintId' });
    given()
      .when(grantCompensation, { ...refund(1), partyId: 'customer' })
      .thenRefused('ValidationFailed', { path: '/complaintId' });
  });
});
