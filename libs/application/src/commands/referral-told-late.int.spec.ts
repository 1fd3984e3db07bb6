import { cloudEvent, givenAfecto, onDay, OPERATOR, order } from '../testing/given-afecto';

/**
 * Whether somebody is a customer already was asked of today: who was referred, ordered, and was told of afterwards by
 * command was refused, while the same referral told as a fact counts.
 */
it('who was no customer yet when he was referred can be told of later', async () => {
  const given = givenAfecto(200);
  const afecto = await given.open();
  try {
    const person = (partyId: string) =>
      cloudEvent('PartyRegistered', 1, partyId, { partyId, kind: 'person', displayName: partyId, source: 'crm' });
    await given.accept(afecto, [person('ana'), person('ben'), order('o1', 100, 'ben')]);
    const referral = (day: number) =>
      afecto.commands.execute({
        name: 'RecordReferral',
        body: { referrerId: 'ana', referredId: 'ben', channel: 'web' },
        commandId: `referral-${day}`,
        actor: OPERATOR,
        occurredAt: onDay(day),
      });
    expect(await referral(100)).toMatchObject({ left: { code: 'NotAReferral' } });
    expect(await referral(99)).toMatchObject({ right: { events: [{ type: 'ReferralMade' }] } });
  } finally {
    await afecto.close();
    given.remove();
  }
});
